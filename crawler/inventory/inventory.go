// Package inventory reads the team's list of domains: CSV (UTF-8, UTF-16,
// GBK), XLSX or JSON Lines, with Chinese or English headings, as a stream.
//
// It checks each line by itself and says what it could not use. It does not
// know about other lines: whether a domain stands there twice is for the one
// who stores them.
package inventory

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// A Rejection is an input line that could not be used.
type Rejection struct {
	Line   int    // line (or row) number in the file, from 1
	Text   string // the domain cell, or the start of the line, as written; at most 200 bytes
	Reason string // what is wrong and what to do about it
}

// Counts says what was read.
type Counts struct {
	Format   string   // "csv", "xlsx" or "jsonl"
	Lines    int      // lines that name a domain or should: Targets + Rejected
	Targets  int      // lines handed to each
	Rejected int      // lines handed to reject
	Unknown  []string // headings that are not understood; their cells are kept in Notes
	Warnings []string // what looks wrong but stops nothing, each said once, at most 50
}

// maxWarnings bounds Counts.Warnings: a file that is wrong in one column is
// wrong in every line, and a person reads the first few.
const maxWarnings = 50

// maxText bounds the text of a line that is quoted in a Rejection.
const maxText = 200

// Read streams the inventory at path. Every line with a usable domain goes to
// each, every other one to reject, in the order of the file; blank lines and
// comment lines (#) count for nothing. An error of each or reject stops the
// reading and is returned as it is; other errors say what is wrong with the
// file and what to do.
func Read(path string, each func(crawler.Target) error, reject func(Rejection) error) (Counts, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Counts{}, fmt.Errorf("inventory %s does not exist: give the path of a CSV, XLSX or JSON Lines file", path)
	}
	if err != nil {
		return Counts{}, fmt.Errorf("opening inventory: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return Counts{}, fmt.Errorf("inventory %s is a folder: give the path of a CSV, XLSX or JSON Lines file", path)
	}
	s := &sink{each: each, reject: reject, said: map[string]bool{}}
	if err := s.read(f, path); err != nil {
		var stop *stopped
		if errors.As(err, &stop) {
			return s.counts, stop.err
		}
		return s.counts, fmt.Errorf("reading inventory %s: %w", path, err)
	}
	if s.counts.Lines == 0 {
		return s.counts, fmt.Errorf("reading inventory %s: no domain in it: put one domain a line, or a heading line with a column named domain (域名)", path)
	}
	return s.counts, nil
}

// read finds the format by the first bytes and reads on.
func (s *sink) read(f *os.File, path string) error {
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
		return s.readXLSX(path)
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
	said   map[string]bool // warnings given so far
}

// stopped carries an error of the caller's functions out of the reading.
type stopped struct{ err error }

func (s *stopped) Error() string { return s.err.Error() }

// warn keeps a warning, once.
func (s *sink) warn(format string, args ...any) {
	if len(s.counts.Warnings) >= maxWarnings {
		return
	}
	text := fmt.Sprintf(format, args...)
	if !s.said[text] {
		s.said[text] = true
		s.counts.Warnings = append(s.counts.Warnings, text)
	}
}

// bad rejects a line.
func (s *sink) bad(line int, text, reason string) error {
	s.counts.Lines++
	s.counts.Rejected++
	if err := s.reject(Rejection{Line: line, Text: crawler.Detail(cut(text, maxText)), Reason: reason}); err != nil {
		return &stopped{err}
	}
	return nil
}

// take hands a good line on.
func (s *sink) take(t crawler.Target) error {
	s.counts.Lines++
	s.counts.Targets++
	if err := s.each(t); err != nil {
		return &stopped{err}
	}
	return nil
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
