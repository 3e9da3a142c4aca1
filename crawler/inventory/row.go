package inventory

import (
	"net/netip"
	"strings"
	"time"
	"unicode"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
)

// Bounds of one line's content: what is longer is cut, with a warning.
const (
	maxCell  = 4 << 10
	maxNotes = 4 << 10
	maxList  = 200 // approvals, numbers or documents in one cell
)

// A row is a target in the making.
type row struct {
	sink  *sink
	t     crawler.Target
	given string // the domain cell
	notes strings.Builder
	why   string // the first reason why the line cannot be used
	said  bool   // filing_status was given
	// unknownApproval is set when an approval is of a category that we have no
	// word for.
	unknownApproval bool
}

func newRow(s *sink, line int) *row {
	r := &row{sink: s}
	r.t.Line = line
	return r
}

// set hands a cell to its column.
func (r *row) set(c *column, text string) {
	if len(text) > maxCell {
		r.sink.warn("line %d: the cell %s has %d bytes and is cut at %d", r.t.Line, c.name, len(text), maxCell)
		text = cut(text, maxCell)
	}
	c.set(r, text)
}

// note keeps a text that no column holds, with its heading if it has one.
func (r *row) note(heading, text string) {
	if r.notes.Len() > maxNotes {
		return
	}
	if r.notes.Len() > 0 {
		r.notes.WriteString("; ")
	}
	if heading = strings.TrimSpace(heading); heading != "" {
		r.notes.WriteString(cut(heading, 100) + ": ")
	}
	r.notes.WriteString(cut(text, maxNotes))
}

// finish hands the target on, or rejects the line. text is the whole line for
// a rejection without a domain cell.
func (r *row) finish(text string) error {
	if r.given == "" {
		return r.sink.bad(r.t.Line, text, "the domain is missing: fill it in, or delete the line")
	}
	if r.why != "" {
		return r.sink.bad(r.t.Line, r.given, r.why)
	}
	r.t.Notes = r.notes.String()
	f := &r.t.Filing
	f.Source = "inventory"
	if !r.said {
		// Without a status a number says "filed"; an empty cell says nothing.
		f.Status = crawler.FilingUnknown
		if f.Number != "" {
			f.Status = crawler.FilingFiled
		} else {
			f.Reason = "the inventory says nothing of a filing"
		}
	}
	return r.sink.take(r.t)
}

func (r *row) domain(s string) {
	if r.given != "" {
		return
	}
	r.given = s
	name, err := dns.Name(s)
	if err != nil {
		if many(s) {
			r.why = "several domains in one cell: give each a line of its own"
			return
		}
		r.why = err.Error()
		return
	}
	r.t.Domain, r.t.Given = name, s
}

// many tells whether a cell holds more than one domain.
func many(s string) bool {
	n := 0
	for _, part := range strings.FieldsFunc(s, listed) {
		if _, err := dns.Name(part); err == nil {
			n++
		}
	}
	return n > 1
}

// listed tells the characters that part the items of a list in a cell.
func listed(r rune) bool {
	return strings.ContainsRune(";；,，、|", r) || unicode.IsSpace(r)
}

func (r *row) filingNumber(s string) {
	switch status, empty := numberWord(s); {
	case empty:
	case status != "":
		if !r.said {
			r.t.Filing.Status, r.said = status, true
		}
	case r.t.Filing.Number != "" && r.t.Filing.Number != s:
		// Exports list the subject's number and the site's side by side.
		r.alsoNumbers(s)
	default:
		r.t.Filing.Number = s
	}
}

// looseStatus reads a column whose heading does not say whose status it is:
// 正常 there is a word about the site, not about a filing.
func (r *row) looseStatus(s string) {
	plain := plainHeading(s)
	switch statusOf(s) {
	case crawler.FilingFiled, crawler.FilingUnfiled, crawler.FilingInReview, crawler.FilingCancelled:
		if strings.Contains(plain, "备案") || strings.Contains(plain, "filed") || plain == "审核中" {
			r.filingStatus(s)
			return
		}
	}
	r.note("status", s)
}

func (r *row) filingStatus(s string) {
	status := statusOf(s)
	if status == "" {
		// The export of a console may have a heading "status" that means
		// something else, so an unknown word is never taken for "unfiled".
		r.sink.warn("filing_status %q is not understood and counts as unknown: say filed, unfiled, in-review or cancelled (已备案, 未备案, 审核中, 已注销)", cut(s, 40))
		r.note("filing_status", s)
		if !r.said {
			r.t.Filing.Reason = "the inventory's status is not understood: " + crawler.Detail(cut(s, 40))
			r.t.Filing.Status, r.said = crawler.FilingUnknown, true
		}
		return
	}
	if !r.said || r.t.Filing.Status == crawler.FilingUnknown {
		r.t.Filing.Status, r.t.Filing.Reason, r.said = status, "", true
		if status == crawler.FilingUnknown {
			r.t.Filing.Reason = "the inventory says unknown"
		}
	}
}

func (r *row) alsoNumbers(s string) {
	for _, n := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(";；,，、|\n\r\t", c) }) {
		if n = strings.TrimSpace(n); n != "" && len(r.t.Filing.AlsoNumbers) < maxList {
			if _, empty := numberWord(n); !empty {
				r.t.Filing.AlsoNumbers = append(r.t.Filing.AlsoNumbers, n)
			}
		}
	}
}

func (r *row) police(s string) {
	switch _, empty := numberWord(s); {
	case dueWords[plainHeading(s)]:
		r.t.Filing.PoliceDue = true
	case !empty:
		fill(&r.t.Filing.PoliceNumber, s)
	}
}

func (r *row) policeDue(s string) {
	if yes(s) || dueWords[plainHeading(s)] {
		r.t.Filing.PoliceDue = true
	}
}

func (r *row) expect(s string) {
	e, ok := expectWords[plainHeading(s)]
	if !ok {
		r.sink.warn("expect %q is not understood and is left out: say serving, redirect or closed (正常, 跳转, 关闭)", cut(s, 40))
		r.note("expect", s)
		return
	}
	r.t.Expect = e
}

func (r *row) aliasOf(s string) {
	name, err := dns.Name(s)
	if err != nil {
		r.sink.warn("line %d: alias_of %q is left out: %v", r.t.Line, cut(s, 60), err)
		r.note("alias_of", s)
		return
	}
	fill(&r.t.AliasOf, name)
}

func (r *row) address(s string) {
	for _, part := range strings.FieldsFunc(s, listed) {
		if a, err := netip.ParseAddr(strings.Trim(part, "[]")); err == nil && a.Zone() == "" {
			if !r.t.Address.IsValid() {
				r.t.Address = a.Unmap()
			}
			return
		}
	}
	r.sink.warn("line %d: address %q is no IP address and is left out", r.t.Line, cut(s, 60))
	r.note("address", s)
}

func (r *row) documents(s string) {
	for _, item := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(";；\n", c) }) {
		d, ok := Document(item)
		if !ok {
			r.sink.warn("line %d: documents %q is left out: write kind:path;kind:path", r.t.Line, cut(item, 60))
			continue
		}
		if len(r.t.Holder.Documents) < maxList {
			r.t.Holder.Documents = append(r.t.Holder.Documents, d)
		}
	}
}

// Document reads kind:path or kind:path@2027-05-01, where the date is the last
// day on which the document is valid; false if kind or path is missing. An @
// before anything but a date belongs to the path.
func Document(item string) (crawler.Document, bool) {
	kind, path, _ := strings.Cut(strings.ReplaceAll(item, "：", ":"), ":")
	kind, path = strings.TrimSpace(kind), strings.TrimSpace(path)
	d := crawler.Document{Kind: kind, Path: path}
	if i := strings.LastIndexAny(path, "@＠"); i > 0 {
		if at, ok := dateOf(strings.TrimLeft(path[i:], "@＠")); ok {
			d.Path, d.Expires = strings.TrimSpace(path[:i]), at
		}
	}
	return d, d.Kind != "" && d.Path != ""
}

func (r *row) date(field *time.Time, name, s string) {
	if _, empty := numberWord(s); empty {
		return
	}
	at, ok := dateOf(s)
	if !ok {
		r.sink.warn("line %d: %s %q is no date that is understood and is left out: write 2026-01-31", r.t.Line, name, cut(s, 40))
		r.note(name, s)
		return
	}
	if field.IsZero() {
		*field = at
	}
}
