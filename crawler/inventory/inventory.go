// Package inventory reads the team's list of domains: CSV (UTF-8, UTF-16,
// GBK), XLSX or JSON Lines, with Chinese or English headings, as a stream.
//
// It checks each line by itself and says what it could not use; a line whose
// cell holds several domains gives a target for each. Whether a domain stands
// there twice is for the one who stores the targets (Disagreement compares
// two), or for Summarize, which reads a list before a run and sums it up.
package inventory

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Rejection is an entry that could not be used.
type Rejection struct {
	Line   int     // line (or row) number in the file or sheet, from 1
	Sheet  string  // the sheet, where several were read; else ""
	Seq    int     // number of the entry in the inventory, targets and rejections counted together, from 1
	Text   string  // the domain, or the start of the line, as written; at most 200 bytes
	Reason Message // what is wrong and what to do about it
}

// Counts says what was read.
type Counts struct {
	Format   string                       // "csv", "xlsx" or "jsonl"
	Lines    int                          // entries: Targets + Rejected. A line with three domains counts three times
	Targets  int                          // entries handed to each
	Rejected int                          // entries handed to reject
	Split    int                          // lines with more than one domain in their cell
	Statuses map[crawler.FilingStatus]int // targets by what the inventory says of their filing
	Columns  []Column                     // headings that were understood, in order; none for a file without
	Unknown  []string                     // headings that are not understood; their cells are kept in Notes
	Sheets   []Sheet                      // all sheets of a workbook, in order; none for other files
	Warnings []Message                    // what looks wrong but stops nothing, each said once, at most 50
	More     int                          // warnings beyond those
}

// A Column is a heading and what it was understood as.
type Column struct {
	Heading string // as written; two levels are joined by " / "
	Name    string // the contract's word (domain, filing_number, …)
}

// Means is what the heading was understood as, for people: in Chinese the column's usual
// heading.
func (c Column) Means() Message {
	m := Message{ZH: c.Name, EN: c.Name}
	if col := byName[c.Name]; col != nil {
		m.ZH = col.zh()
	}
	return m
}

// A Sheet is one sheet of a workbook.
type Sheet struct {
	Name     string
	Lines    int     // entries read from it
	Rejected int     // of them, those that were rejected
	Left     Message // why it was left out; empty if it was read
}

// maxWarnings bounds Counts.Warnings: a file that is wrong in one column is
// wrong in every line, and a person reads the first few.
const maxWarnings = 50

// maxText bounds the text of a line that is quoted in a Rejection.
const maxText = 200

// Read streams the inventory at path. Every usable domain goes to each, every
// other entry to reject, in the order of the file; blank lines and comment
// lines (#) count for nothing. An error of each or reject stops the reading and
// is returned as it is; other errors are an *Error that says what is wrong with
// the file and what to do. The same bytes always give the same entries with the
// same Seq.
func Read(path string, each func(crawler.Target) error, reject func(Rejection) error) (Counts, error) {
	s := &sink{each: each, reject: reject, said: map[Message]bool{}}
	s.counts.Statuses = map[crawler.FilingStatus]int{}
	err := s.open(path)
	var stop *stopped
	var known *Error
	switch {
	case err == nil && s.counts.Lines == 0:
		return s.counts, &Error{path, noDomainFault, nil}
	case err == nil:
		if len(s.counts.Unknown) > 0 {
			s.warn(unknownColumns(s.counts.Unknown))
		}
		return s.counts, nil
	case errors.As(err, &stop):
		return s.counts, stop.err
	case errors.As(err, &known):
		known.Path = path
		return s.counts, known
	}
	return s.counts, &Error{path, Message{ZH: "无法读取：" + err.Error(), EN: err.Error()}, err}
}

var noDomainFault = message.Format("里面没有域名：请每行写一个域名，或在标题行中写一列“域名”", "no domain in it: put one domain a line, or a heading line with a column named domain (域名)")

// open opens the file and reads it.
func (s *sink) open(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fault(message.Format("文件不存在：请给出 CSV、XLSX 或 JSON Lines 文件的路径", "it does not exist: give the path of a CSV, XLSX or JSON Lines file"), err)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return fault(message.Format("这是一个文件夹：请给出 CSV、XLSX 或 JSON Lines 文件的路径", "it is a folder: give the path of a CSV, XLSX or JSON Lines file"), nil)
	}
	return s.read(f)
}

// read finds the format by the first bytes and reads on.
func (s *sink) read(f *os.File) error {
	buffered := bufio.NewReaderSize(f, sniffed)
	head, err := buffered.Peek(sniffed)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	format, err := formatOf(head)
	if err != nil {
		return err
	}
	s.counts.Format = string(format)
	switch format {
	case formatXLSX:
		return s.readXLSX(f)
	case formatJSONL:
		return s.readJSONL(newLines(buffered, head))
	}
	return s.readCSV(newLines(buffered, head))
}

// A sink takes what the readers of the three formats find.
type sink struct {
	each   func(crawler.Target) error
	reject func(Rejection) error
	counts Counts
	said   map[Message]bool // warnings given so far
}

// stopped carries an error of the caller's functions out of the reading.
type stopped struct{ err error }

func (s *stopped) Error() string { return s.err.Error() }

// warn keeps a warning, once.
func (s *sink) warn(m Message) {
	switch {
	case s.said[m]:
	case len(s.counts.Warnings) >= maxWarnings:
		s.counts.More++
	default:
		s.said[m] = true
		s.counts.Warnings = append(s.counts.Warnings, m)
	}
}

// bad rejects an entry.
func (s *sink) bad(sheet string, line int, text string, reason Message) error {
	s.counts.Lines++
	s.counts.Rejected++
	r := Rejection{Line: line, Sheet: sheet, Seq: s.counts.Lines, Text: crawler.Detail(cut(text, maxText)), Reason: reason}
	if err := s.reject(r); err != nil {
		return &stopped{err}
	}
	return nil
}

// take hands a good entry on.
func (s *sink) take(t crawler.Target) error {
	s.counts.Lines++
	s.counts.Targets++
	s.counts.Statuses[t.Filing.Status]++
	t.Seq = s.counts.Lines
	if err := s.each(t); err != nil {
		return &stopped{err}
	}
	return nil
}

// Place says where a line stands: its number, after its sheet where several
// were read.
func Place(sheet string, line int) Message {
	if sheet == "" {
		return message.Format("第 %d 行", "line %d", line)
	}
	return message.Format("工作表“%s”第 %d 行", "sheet %q, line %d", sheet, line)
}

// atLine puts the place before a message.
func atLine(sheet string, line int, m Message) Message {
	at := Place(sheet, line)
	return Message{ZH: at.ZH + "：" + m.ZH, EN: at.EN + ": " + m.EN}
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
