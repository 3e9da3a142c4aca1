package inventory

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"math"
	"os"
	"strings"
)

// Bounds of the table of shared strings: beyond inMemory it is kept in a
// temporary file, so memory grows by four bytes a string only.
const (
	inMemory   = 16 << 20
	maxStrings = 20 << 20
)

// sharedStrings are the texts of a workbook, which cells name by their number.
type sharedStrings struct {
	ends  []uint32 // where each text ends
	text  []byte   // the texts one after the other; nil once they are in the file
	file  *os.File // the texts, if they are too many for memory; else nil
	write *bufio.Writer
}

// readSharedStrings reads the table; there may be none.
func readSharedStrings(part *zip.File) (*sharedStrings, error) {
	s := &sharedStrings{}
	if part == nil {
		return s, nil
	}
	x, err := openXML(part)
	if err != nil {
		return nil, err
	}
	defer x.close()
	for {
		token, err := x.token()
		if err == io.EOF {
			if s.write != nil {
				err = s.write.Flush()
			} else {
				err = nil
			}
			return s, err
		}
		if err == nil {
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
				var text string
				if text, err = x.richText("si"); err == nil {
					err = s.add(text)
				}
			}
		}
		if err != nil {
			s.close()
			return nil, err
		}
	}
}

// richText reads the text of an element up to its end: all t below it, without
// the phonetic guide of Japanese and Chinese cells.
func (x *xmlPart) richText(end string) (string, error) {
	var b strings.Builder
	inText, phonetic := false, 0
	for {
		token, err := x.token()
		if err == io.EOF {
			return "", fault(earlyEnd, io.ErrUnexpectedEOF)
		}
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				inText = true
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			switch e.Name.Local {
			case end:
				return b.String(), nil
			case "t":
				inText = false
			case "rPh":
				phonetic--
			}
		case xml.CharData:
			if inText && phonetic <= 0 && b.Len() < maxToken {
				b.Write(e)
			}
		}
	}
}

// add appends a text.
func (s *sharedStrings) add(text string) error {
	at := uint32(0)
	if n := len(s.ends); n > 0 {
		at = s.ends[n-1]
	}
	if len(s.ends) >= maxStrings || uint64(at)+uint64(len(text)) > math.MaxUint32 {
		return fault(bombFault, nil)
	}
	s.ends = append(s.ends, at+uint32(len(text)))
	if s.file == nil && len(s.text)+len(text) > inMemory {
		f, err := os.CreateTemp("", "beianwatch-strings-*")
		if err != nil {
			return err
		}
		s.file, s.write = f, bufio.NewWriterSize(f, 1<<16)
		s.write.Write(s.text) //nolint:errcheck // Flush tells
		s.text = nil
	}
	if s.file != nil {
		_, err := s.write.WriteString(text)
		return err
	}
	s.text = append(s.text, text...)
	return nil
}

// get returns the text with a number, of a long one no more than shows that it is too
// long for a cell; ok is false if there is none.
func (s *sharedStrings) get(i int) (text string, ok bool, err error) {
	if i < 0 || i >= len(s.ends) {
		return "", false, nil
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	to := min(s.ends[i], from+maxCell+1)
	if s.file == nil {
		return string(s.text[from:to]), true, nil
	}
	buf := make([]byte, to-from)
	_, err = s.file.ReadAt(buf, int64(from))
	return string(buf), true, err
}

// close removes the temporary file.
func (s *sharedStrings) close() {
	if s.file != nil {
		s.file.Close()           //nolint:errcheck // it is removed
		os.Remove(s.file.Name()) //nolint:errcheck // the system clears its temporary folder
		s.file = nil
	}
}
