package export

import (
	"bytes"

	"github.com/beianwatch/beianwatch/reports"
)

// Lines is one record as a line of JSON in each language, without line feeds: for a
// reader whose language is not known when it is made. The zero value is no record.
type Lines struct {
	ZH, EN []byte
}

// LinesOf returns the lines of a record.
func LinesOf(r *reports.Record) (Lines, error) {
	zh, err := Line(r, "zh")
	if err != nil {
		return Lines{}, err
	}
	en, err := Line(r, "en")
	return Lines{bytes.TrimSpace(zh), bytes.TrimSpace(en)}, err
}

// In returns the line in a language, Chinese for all but "en".
func (l Lines) In(lang string) []byte {
	if lang == "en" {
		return l.EN
	}
	return l.ZH
}

// Pack returns both lines as they are stored; [UnpackLines] reads them.
func (l Lines) Pack() []byte {
	if l.ZH == nil {
		return []byte{}
	}
	return bytes.Join([][]byte{l.ZH, l.EN}, []byte("\n"))
}

// UnpackLines reads what [Lines.Pack] returned. A single line, of a version that stored
// one, stands for both.
func UnpackLines(packed []byte) Lines {
	if len(packed) == 0 {
		return Lines{}
	}
	zh, en, two := bytes.Cut(packed, []byte("\n"))
	if !two {
		en = zh
	}
	return Lines{zh, en}
}
