package html

import (
	"bufio"
	"cmp"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/whole"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
)

// A Folder writes the reports of one run below Out:
//
//	OUT/RUN/index.html           the overview
//	OUT/RUN/domains/NAME.html    one report a domain
//	OUT/RUN/domains/NAME.json    the same for programs
//	OUT/RUN/results.jsonl        every record, a line each
//	OUT/RUN/results.csv          every finding, for spreadsheets
//	OUT/RUN/results.xlsx         a workbook, for runs that a spreadsheet can hold
//	OUT/RUN/summary.json         the counts, from which later runs draw a trend
//
// Each file appears whole or not at all: it is written beside and renamed.
// Writing a run again replaces its files and nothing else.
type Folder struct {
	Out     string
	Run     *reports.Run
	Rules   []*detect.Rule      // usually rules.All
	Lang    string              // shown first in HTML, the only one in CSV and JSON
	Pages   Pages               // which domains have a report of their own
	Past    []reports.Point     // earlier runs, for the trend; see [PastPoints]
	Changes *reports.Changes    // against the run before; nil if there is none
	Rejects []reports.Reject    // lines that could not be used
	Life    *reports.LifeCounts // what has become of the findings; nil if it is not known
	Lapsed  []reports.Waiver    // waivers that have expired

	// Evidence returns what was kept of the visit to a domain, and Events what is
	// known of its past. Both are called from several goroutines; either may be nil.
	Evidence func(domain string) Evidence
	Events   func(domain string) []Event

	where   layout
	temp    *whole.Folder
	counter atomic.Int64
}

// Pages says which domains of a run have a report of their own.
type Pages string

// The choices. A notice alone has no page: most sites have one, and it asks for
// nothing at once; every notice stands in the overview, in CSV and in JSON Lines.
const (
	PagesAsUsual  Pages = ""         // all up to manyDomains, else findings
	PagesFindings Pages = "findings" // domains with a violation or a warning
	PagesAll      Pages = "all"
)

// manyDomains is the size of a run from which reports of domains without a
// violation or warning are worth asking for.
const manyDomains = 1_000

// worth reports whether a domain of a tone has a report of its own.
func (f *Folder) worth(tone string) bool {
	return f.Pages == PagesAll || reports.Rank(detect.Severity(tone)) >= reports.Rank(detect.Warning)
}

// Dir is the folder of the run.
func (f *Folder) Dir() string { return runDir(f.Out, f.Run.ID) }

// runDir is where a run lies below out. Ids are made by this program, yet one
// from a database is not trusted to be a path.
func runDir(out, id string) string {
	if id == "" || strings.ContainsFunc(id, func(r rune) bool {
		return r != '-' && r != '_' && (r > 'z' || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) {
		id = reports.FileName(id)
	}
	return filepath.Join(out, id)
}

// Write writes everything from one reading of the records. It returns the summary, so
// that the terminal can show it too.
func (f *Folder) Write(records iter.Seq2[*reports.Record, error]) (*reports.Summary, error) {
	size := max(f.Run.Lines, f.Run.Verdicts)
	f.where = layoutFor(size)
	if f.Pages == PagesAsUsual && size <= manyDomains {
		f.Pages = PagesAll
	}
	if err := f.prepare(); err != nil {
		return nil, message.Errorf("建立报告文件夹：%w；请用 --out 指定可写的文件夹", "making the folder for reports: %w; name a folder that can be written with --out", err)
	}
	defer f.temp.Close() //nolint:errcheck // who writes here next sweeps what is left
	s := reports.NewSummary(f.Run, f.Rules)
	s.Past, s.Changes, s.Page = f.Past, f.Changes, f.link
	s.Life, s.Lapsed = f.Life, f.Lapsed
	for _, r := range f.Rejects {
		s.Reject(r.Line, r.Text, r.Reason)
	}
	h := New(f.Rules, f.Lang)
	list, err := newListing(f.temp.Path, h.Rules)
	if err == nil {
		defer list.close()
		err = f.results(records, s, list)
	}
	if err != nil {
		return nil, message.Errorf("写入报告：%w", "writing reports: %w", err)
	}
	err = f.file("summary.json", func(w io.Writer) error { return writePoint(w, s, f.where) })
	if err == nil {
		err = f.file("index.html", func(w io.Writer) error { return h.summary(w, s, list) })
	}
	if err != nil {
		return nil, message.Errorf("写入报告：%w", "writing reports: %w", err)
	}
	return s, nil
}

// results writes the pages and the files of all records, and fills the summary and
// the list.
func (f *Folder) results(records iter.Seq2[*reports.Record, error], s *reports.Summary, list *listing) error {
	var book *export.XLSX
	if max(f.Run.Lines, f.Run.Verdicts) <= maxWorkbook {
		var err error
		if book, err = export.NewXLSX(f.Lang); err != nil {
			return err
		}
		defer book.Close()
	}
	p := f.startPages()
	err := f.file("results.csv", func(table io.Writer) error {
		return f.file("results.jsonl", func(lines io.Writer) error {
			rows, err := export.NewCSV(table, f.Lang)
			if err != nil {
				return err
			}
			for r, err := range records {
				if err == nil {
					err = f.record(r, s, list, p)
				}
				if err == nil {
					err = rows.Add(r)
				}
				if err == nil {
					err = export.WriteLine(lines, r, f.Lang)
				}
				if err != nil {
					return err
				}
				if book != nil {
					book.Add(r)
				}
			}
			return rows.Close()
		})
	})
	if late := p.wait(); err == nil {
		err = late
	}
	if err != nil {
		return err
	}
	s.Close()
	list.beside = []string{"results.csv", "results.jsonl"}
	if book == nil {
		return nil
	}
	list.beside = append([]string{"results.xlsx"}, list.beside...)
	return f.file("results.xlsx", func(w io.Writer) error { return book.Write(w, s, f.rejects) })
}

// record gives a record to the summary, the list and the pages.
func (f *Folder) record(r *reports.Record, s *reports.Summary, list *listing, p *pages) error {
	s.Add(r)
	if err := list.add(r, f.link(cmp.Or(r.Domain, r.File), r.Tone())); err != nil {
		return err
	}
	return p.put(r)
}

// maxWorkbook is the size of a run up to which a workbook lies beside the overview;
// larger ones have CSV, and "report --format xlsx" where one is wanted.
const maxWorkbook = 200_000

func (f *Folder) rejects(add func(reports.Reject) error) error {
	for _, r := range f.Rejects {
		if err := add(r); err != nil {
			return err
		}
	}
	return nil
}

// link is the address of a domain's report in the summary; "" if it is not
// written.
func (f *Folder) link(domain, tone string) string {
	if !f.worth(tone) {
		return ""
	}
	return f.where.page(domain, ".html")
}

// prepare makes the folders and one for unfinished files, on the same file
// system as what they become.
func (f *Folder) prepare() (err error) {
	if err = os.MkdirAll(filepath.Join(f.Dir(), "domains"), 0o700); err == nil {
		f.temp, err = whole.NewFolder(f.Dir(), whole.Unfinished)
	}
	return err
}

// file writes one file below the run's folder, whole or not at all. It does
// not wait for the disk: after a power cut the run is written again.
func (f *Folder) file(name string, write func(io.Writer) error) error {
	temp := filepath.Join(f.temp.Path, strconv.FormatInt(f.counter.Add(1), 10))
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 32<<10)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = f.place(temp, filepath.Join(f.Dir(), filepath.FromSlash(name)))
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}

// place moves a finished file to where it belongs; the folder is made when the
// first file needs it.
func (f *Folder) place(temp, to string) error {
	err := os.Rename(temp, to)
	if os.IsNotExist(err) {
		if err = os.MkdirAll(filepath.Dir(to), 0o700); err == nil {
			err = os.Rename(temp, to)
		}
	}
	return err
}
