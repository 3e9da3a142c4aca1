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
	head := bytes.ToLower(body[:min(len(body), prescan)])
	if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<?xml")) {
		if end := bytes.IndexByte(head, '>'); end > 0 {
			if label := value(head[:end], "encoding"); label != "" {
				return label
			}
		}
	}
	for {
		i := bytes.Index(head, []byte("<meta"))
		comment := bytes.Index(head, []byte("<!--"))
		if comment >= 0 && (i < 0 || comment < i) {
			end := bytes.Index(head[comment:], []byte("-->"))
			if end < 0 {
				return ""
			}
			head = head[comment+end+3:]
			continue
		}
		if i < 0 {
			return ""
		}
		head = head[i+5:]
		end := bytes.IndexByte(head, '>')
		if end < 0 {
			return ""
		}
		if label := value(head[:end], "charset"); label != "" {
			return label
		}
		head = head[end:]
	}
}

// value finds name=label in a tag or a header; quotes and spaces around the
// label are dropped.
func value(s []byte, name string) string {
	for {
		i := bytes.Index(s, []byte(name))
		if i < 0 {
			return ""
		}
		s = bytes.TrimLeft(s[i+len(name):], " \t\r\n")
		if len(s) == 0 || s[0] != '=' {
			continue
		}
		s = bytes.TrimLeft(s[1:], " \t\r\n\"'\\")
		end := bytes.IndexAny(s, " \t\r\n\"'\\;,/>?")
		if end < 0 {
			end = len(s)
		}
		if end > 0 && end <= 40 {
			return string(s[:end])
		}
	}
}

// fromHeader returns the label in a Content-Type, lower case.
func fromHeader(contentType string) string {
	return value([]byte(strings.ToLower(contentType)), "charset")
}
