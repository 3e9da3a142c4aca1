package lists

import (
	_ "embed"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/fold"
)

//go:embed registrars.txt
var registrarsText string

// Registrars are the registrars that are known to be approved, or not to be.
type Registrars struct {
	list []registrar
	// whole: the list claims to hold every approved registrar, so one that it
	// does not hold is none. The embedded list does not.
	whole bool
	asOf  string
}

// AsOf is the date of the list, "" for a user's that has none.
func (r *Registrars) AsOf() string { return r.asOf }

// A registrar is one line of the list.
type registrar struct {
	names   []string // as compared
	ids     []string // IANA ids
	refused bool
}

var DefaultRegistrars = sync.OnceValue(func() *Registrars {
	r, err := ReadRegistrars(strings.NewReader(registrarsText))
	if err != nil {
		panic(err) // the embedded list is held to its form by a test of its own
	}
	r.whole = false
	return r
})

// ReadRegistrars reads a list that holds every approved registrar, one a line:
// names and IANA ids separated by |, and a ! before those that are known not to
// be approved. Empty lines and what follows a # are passed over. An error names
// the line.
func ReadRegistrars(r io.Reader) (*Registrars, error) {
	list := &Registrars{whole: true}
	var err error
	list.asOf, err = eachDatedLine(r, func(text string) error {
		one, err := readRegistrar(text)
		list.list = append(list.list, one)
		return err
	})
	if err != nil {
		return nil, message.Errorf("注册商列表%w", "reading registrars, %w", err)
	}
	if len(list.list) == 0 {
		return nil, message.Errorf("注册商列表是空的，那样所有注册商都会被判为未获批复：请至少写一个", "reading registrars: the list is empty, and by it every registrar would be found: write at least one")
	}
	return list, nil
}

// readRegistrar reads one line.
func readRegistrar(text string) (one registrar, err error) {
	text, one.refused = strings.CutPrefix(text, "!")
	for part := range strings.SplitSeq(text, "|") {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case strings.Trim(part, "0123456789") == "":
			one.ids = append(one.ids, part)
		case utf8.RuneCountInString(fold.Name(part)) < 2:
			return one, message.Errorf("%q 太短，无法识别注册商：请写名称", "%q is too short to tell a registrar by: write its name", part)
		default:
			one.names = append(one.names, fold.Name(part))
		}
	}
	if one.names == nil && one.ids == nil {
		return one, message.Errorf("请写名称和 IANA 编号，用 | 分隔，例如“某某网络有限公司 | Example Registrar | 9999”", "write names and IANA ids separated by |, like \"某某网络有限公司 | Example Registrar | 9999\"")
	}
	return one, nil
}

// Whole reports whether the list claims to hold every approved registrar.
func (l *Registrars) Whole() bool { return l.whole }

// Approval is what a list says of a registrar.
type Approval int

const (
	ApprovalUnknown Approval = iota
	ApprovalGiven
	ApprovalRefused  // listed as not approved
	approvalUnlisted // not in a list that claims to be whole
)

// Of tells what the list says of a registrar by its name or IANA id.
func (l *Registrars) Of(name, id string) Approval {
	name = fold.Name(name)
	for i := range l.list {
		if r := &l.list[i]; r.is(name, id) {
			if r.refused {
				return ApprovalRefused
			}
			return ApprovalGiven
		}
	}
	if l.whole && l.comparable(name, id) {
		return approvalUnlisted
	}
	return ApprovalUnknown
}

func (r *registrar) is(name, id string) bool {
	for _, known := range r.ids {
		if known == id {
			return true
		}
	}
	for _, known := range r.names {
		if name != "" && strings.Contains(name, known) {
			return true
		}
	}
	return false
}

// comparable reports whether absence from the list means anything: a name in
// Latin letters may be that of a registrar listed in Chinese, unless every
// approved one is listed in Latin letters or by id too.
func (l *Registrars) comparable(name, id string) bool {
	han := fold.HasHan(name)
	for i := range l.list {
		r := &l.list[i]
		if r.refused || id != "" && len(r.ids) > 0 {
			continue
		}
		same := false
		for _, known := range r.names {
			same = same || fold.HasHan(known) == han
		}
		if !same {
			return false
		}
	}
	return name != "" || id != ""
}
