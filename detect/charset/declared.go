package charset

import (
	"bytes"
	"strings"
)

// prescan is how far a declaration is looked for. The standard says 1,024
// bytes; real heads put scripts and long meta texts before it.
const prescan = 16 << 10

// fromMeta returns the label that a meta element (or an XML declaration)
// names, lower case, "" if there is none.
func fromMeta(body []byte) string {
	head := body[:min(len(body), prescan)]
	if xml := bytes.TrimLeft(head, " \t\r\n"); hasPrefix(xml, "<?xml") {
		if end := bytes.IndexByte(xml, '>'); end > 0 {
			if label := value(string(xml[:end]), "encoding"); label != "" {
				return label
			}
		}
	}
	for {
		i := bytes.IndexByte(head, '<')
		if i < 0 {
			return ""
		}
		head = head[i:]
		switch {
		case hasPrefix(head, "<!--"):
			end := bytes.Index(head, []byte("-->"))
			if end < 0 {
				return ""
			}
			head = head[end:]
		case hasPrefix(head, "<meta"):
			end := bytes.IndexByte(head, '>')
			if end < 0 {
				return ""
			}
			if label := value(string(head[:end]), "charset"); label != "" {
				return label
			}
			head = head[end:]
		default:
			head = head[1:]
		}
	}
}

// hasPrefix compares the beginning of b with a lower-case word in any case.
func hasPrefix(b []byte, word string) bool {
	if len(b) < len(word) {
		return false
	}
	for i := range len(word) {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// value finds name=label in a tag or a header; the label is returned in lower
// case, without quotes and spaces.
func value(s, name string) string {
	for s = strings.ToLower(s); ; {
		i := strings.Index(s, name)
		if i < 0 {
			return ""
		}
		s = strings.TrimLeft(s[i+len(name):], " \t\r\n")
		if s == "" || s[0] != '=' {
			continue
		}
		s = strings.TrimLeft(s[1:], " \t\r\n\"'\\")
		end := strings.IndexAny(s, " \t\r\n\"'\\;,/>?")
		if end < 0 {
			end = len(s)
		}
		if end > 0 && end <= 40 {
			return s[:end]
		}
	}
}

// fromHeader returns the label in a Content-Type, lower case.
func fromHeader(contentType string) string { return value(contentType, "charset") }
