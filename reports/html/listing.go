package html

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/region"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// maxRowsListed is how many domains the overview can search. More would be slow
// to open; the gravest are kept, and results.csv has all.
const maxRowsListed = 100_000

// tones are the places of a domain's tone in a row, the gravest first.
var tones = []string{"violation", "warning", "notice", "unknown", reports.Waived, "pass"}

// A listing is the list of all domains that the overview searches with its own
// script. It is kept on disk until the overview is written, a file for each tone,
// so that memory does not grow with the run; only the dictionaries do, by what is
// different among owners and rules.
//
// A row is a JSON array, short because there may be very many:
//
//	[domain, tone, owner, province, why, rules, page, name, text]
//
// tone is a place in tones, owner, province and why are places in the
// dictionaries (why: the reason of an inconclusive domain, 0 for none), rules are
// place×4+rank of each rule that found something, page is the report's address
// below "domains/" without ".html" ("" if there is none; only its folder, which ends
// in a slash, where the file is named as the domain), name the IDN in
// characters, text the filing number. What is empty at the end is left out.
type listing struct {
	beside []string // files beside the overview
	files  [6]*os.File
	out    [6]*bufio.Writer
	rows   [6]int
	book   wording.Book
	owners dictionary[reports.OwnerKey]
	places dictionary[string]
	whys   dictionary[detect.Reason]
	rules  dictionary[string]
}

// A dictionary numbers words in the order in which they are met.
type dictionary[T comparable] struct {
	at   map[T]int
	list []T
}

func (d *dictionary[T]) place(w T) int {
	if i, ok := d.at[w]; ok {
		return i
	}
	if d.at == nil {
		d.at = map[T]int{}
	}
	d.at[w] = len(d.list)
	d.list = append(d.list, w)
	return len(d.list) - 1
}

// newListing makes a list that is kept below dir, a folder for temporary files.
func newListing(dir string, book wording.Book) (*listing, error) {
	l := &listing{book: book}
	l.whys.place("")
	for i := range l.files {
		f, err := os.OpenFile(filepath.Join(dir, "rows-"+tones[i]), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			l.close()
			return nil, err
		}
		l.files[i], l.out[i] = f, bufio.NewWriterSize(f, 64<<10)
	}
	return l, nil
}

func (l *listing) close() {
	for _, f := range l.files {
		if f != nil {
			f.Close()
		}
	}
}

// add puts a domain on the list; page is the address of its report.
func (l *listing) add(r *reports.Record, page string) error {
	tone := r.Tone()
	at := max(0, slices.Index(tones, tone))
	if l.rows[at]++; l.rows[at] > maxRowsListed {
		return nil
	}
	why := 0
	if tone == string(detect.Unknown) {
		why = l.whys.place(detect.Reason(strings.Clone(string(reports.WhyUndecided(r)))))
	}
	found := []int{}
	for i := range r.Outcomes {
		if o := &r.Outcomes[i]; o.Verdict == detect.Found && !r.Waived(o.Rule) {
			found = append(found, l.rules.place(strings.Clone(o.Rule))*4+reports.Rank(detect.Severity(reports.ToneOf(o))))
		}
	}
	page = strings.TrimSuffix(strings.TrimPrefix(page, "domains/"), ".html")
	if folder, ok := strings.CutSuffix(page, r.Domain); ok && page != "" {
		page = cmp.Or(folder, "./")
	}
	row := []any{wording.Clean(cmp.Or(r.Domain, r.File), 260), at, l.owners.place(reports.OwnerOf(r)), l.places.place(province(r)), why, found,
		page, wording.DisplayName(r), wording.Clean(r.Filing.Number, 60)}
	for len(row) > 7 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	line, err := json.Marshal(row)
	if err == nil {
		_, err = l.out[at].Write(append(line, '\n'))
	}
	return err
}

// province returns the province in which a domain is filed, as a short name or a
// character of filing numbers: that of the filing, else of its number or of the first
// that the page shows; "" if there is none.
func province(r *reports.Record) string {
	if r.Detail.Province != "" {
		return region.ByWord(r.Detail.Province).Char()
	}
	shown := ""
	if len(r.Shown.ICP) > 0 {
		shown = r.Shown.ICP[0].Number
	}
	n, ok := number.Parse(cmp.Or(r.Filing.Number, shown))
	if !ok || n.Province == "" {
		return ""
	}
	return n.Province
}

// total is how many domains were put on the list, and listed how many of them the
// overview has.
func (l *listing) total() (total, listed int) {
	for _, n := range l.rows {
		total += n
	}
	return total, min(total, maxRowsListed)
}

// write writes the list as one JSON object for a script element of a type that no
// browser runs. encoding/json escapes <, > and &, so nothing ends the element.
func (l *listing) write(w io.Writer) error {
	names := map[string]detect.Text{}
	for _, s := range wording.Segments(reports.Point{Waived: 1}) {
		names[s.Class] = wording.Capital(s.Name)
	}
	heads := map[string]any{"marks": tones, "tones": texts(len(tones), func(i int) detect.Text { return names[tones[i]] })}
	heads["owners"] = texts(len(l.owners.list), func(i int) detect.Text { return wording.Owner(l.owners.list[i]) })
	heads["places"] = texts(len(l.places.list), func(i int) detect.Text { return placeName(l.places.list[i]) })
	heads["whys"] = texts(len(l.whys.list), func(i int) detect.Text { return wording.Capital(l.whys.list[i].Text()) })
	heads["rules"] = texts(len(l.rules.list), func(i int) detect.Text { return wording.Capital(l.book.Title(l.rules.list[i])) })
	ids := make([]string, len(l.rules.list))
	for i, id := range l.rules.list {
		ids[i] = wording.Clean(id, 80)
	}
	heads["ids"] = ids
	reasons := make([]string, len(l.whys.list))
	for i, r := range l.whys.list {
		reasons[i] = wording.Clean(string(r), 80)
	}
	heads["reasons"] = reasons
	head, err := json.Marshal(heads)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "%s,\"rows\":[\n", bytes.TrimSuffix(head, []byte("}")))
	left, first := maxRowsListed, true
	for i, f := range l.files {
		if err := l.out[i].Flush(); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		lines := bufio.NewReaderSize(f, 64<<10)
		for range min(left, l.rows[i]) {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return fmt.Errorf("reading the list of domains back: %w", err)
			}
			if !first {
				out.WriteByte(',') //nolint:errcheck // Flush tells
			}
			out.Write(line) //nolint:errcheck // Flush tells
			first = false
			left--
		}
	}
	out.WriteString("]}") //nolint:errcheck // Flush tells
	return out.Flush()
}

// texts are n texts as pairs, Chinese first; a text that reads the same in both
// languages is one string.
func texts(n int, text func(int) detect.Text) []any {
	list := make([]any, n)
	for i := range list {
		t := text(i)
		zh, en := wording.Clean(t.ZH, 300), wording.Clean(t.EN, 300)
		if zh == en {
			list[i] = zh
		} else {
			list[i] = []string{zh, en}
		}
	}
	return list
}

func placeName(char string) detect.Text {
	if char == "" {
		return wording.Say("未知", "not known")
	}
	if p := region.ByWord(char); p.Name() != "" {
		return wording.Say(p.Name(), p.English())
	}
	return wording.Same(wording.Clean(char, 20))
}
