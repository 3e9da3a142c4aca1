package lists

import (
	_ "embed"
	"io"
	"strings"
	"sync"

	"golang.org/x/net/idna"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/region"
)

//go:embed suffixes.txt
var suffixesText string

// Suffixes says which suffixes (顶级域) can be filed.
type Suffixes struct {
	approved map[string]bool                     // by A-label
	refused  map[string]bool                     // everywhere
	units    map[region.Province]map[string]bool // province → suffixes that it refuses
	persons  map[region.Province]map[string]bool // province → suffixes that it refuses to persons
	asOf     string
}

// AsOf is the date of the list, "" for a user's that has none.
func (s *Suffixes) AsOf() string { return s.asOf }

var DefaultSuffixes = sync.OnceValue(func() *Suffixes {
	s, err := ReadSuffixes(strings.NewReader(suffixesText))
	if err != nil {
		panic(err) // the embedded list is held to its form by a test of its own
	}
	return s
})

// ReadSuffixes reads lines of "approved SUFFIX …", "refused SUFFIX …",
// "refused-in PROVINCE SUFFIX …" and "refused-persons-in PROVINCE SUFFIX …".
// Empty lines and what follows a # are passed over. An error names the line.
func ReadSuffixes(r io.Reader) (*Suffixes, error) {
	s := &Suffixes{approved: map[string]bool{}, refused: map[string]bool{}, units: map[region.Province]map[string]bool{}, persons: map[region.Province]map[string]bool{}}
	var err error
	if s.asOf, err = eachDatedLine(r, func(text string) error { return s.take(strings.Fields(text)) }); err != nil {
		return nil, message.Errorf("域名后缀列表%w", "reading suffixes, %w", err)
	}
	return s, nil
}

// take takes one line, whose first word says what the others are.
func (s *Suffixes) take(f []string) error {
	into := map[string]map[string]bool{"approved": s.approved, "refused": s.refused}[f[0]]
	names := f[1:]
	if by := map[string]map[region.Province]map[string]bool{"refused-in": s.units, "refused-persons-in": s.persons}[f[0]]; by != nil {
		if len(f) < 3 || region.ByWord(f[1]) == region.None {
			return message.Errorf("请在 %s 后面写省份和后缀，例如“%s 京 org”", "write a province and suffixes behind %s, like \"%s 京 org\"", f[0], f[0])
		}
		province := region.ByWord(f[1])
		if by[province] == nil {
			by[province] = map[string]bool{}
		}
		into, names = by[province], f[2:]
	}
	if into == nil || len(names) == 0 {
		return message.Errorf("%q：行首应为 approved、refused、refused-in 或 refused-persons-in，后面写后缀", "%q: begin with approved, refused, refused-in or refused-persons-in, and write suffixes behind it", f[0])
	}
	for _, name := range names {
		label, err := idna.Lookup.ToASCII(strings.Trim(name, "."))
		if err != nil || label == "" || strings.Contains(label, ".") {
			return message.Errorf("%q 不是后缀：请写最后一个点后面的部分", "%q is no suffix: write the part behind the last dot", name)
		}
		into[label] = true
	}
	return nil
}

// Of tells what the list says of a suffix (an A-label). province is None if it
// is not known; what depends on it is unknown then.
func (s *Suffixes) Of(suffix string, province region.Province, person bool) Approval {
	if s.refused[suffix] {
		return ApprovalRefused
	}
	for p, set := range s.units {
		if set[suffix] && p == province {
			return ApprovalRefused
		}
		if set[suffix] && province == region.None {
			return ApprovalUnknown
		}
	}
	for p, set := range s.persons {
		if person && set[suffix] && p == province {
			return ApprovalRefused
		}
	}
	if s.approved[suffix] {
		return ApprovalGiven
	}
	return ApprovalUnknown
}

// Refused reports whether a suffix (an A-label) can be filed in no province.
func (s *Suffixes) Refused(suffix string) bool { return s.refused[suffix] }
