package charset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// alike is how many characters in a row of two texts must agree: two Chinese
// characters in UTF-8 are three in GBK, and no text has those of another's
// misreading by chance.
const alike = 3

// Misread reports whether garbled is what a reader makes of the UTF-8 text who
// takes it for GBK, Big5 or Windows-1252, which is what pages in UTF-8 call
// themselves by mistake. Only what stands between the characters that a
// misreading loses is compared, since readers go on differently there. A text in ASCII says nothing.
func Misread(text, garbled string) bool {
	if text == garbled {
		return false
	}
	for _, taken := range []encoding.Encoding{simplifiedchinese.GB18030, traditionalchinese.Big5, charmap.Windows1252} {
		read, err := taken.NewDecoder().String(text)
		if err != nil {
			continue
		}
		for piece := range strings.SplitSeq(read, "\uFFFD") {
			if wide(piece) >= alike && strings.Contains(garbled, piece) {
				return true
			}
		}
	}
	return false
}

// wide counts the characters that are not ASCII.
func wide(s string) (n int) {
	for _, r := range s {
		if r >= utf8.RuneSelf {
			n++
		}
	}
	return n
}
