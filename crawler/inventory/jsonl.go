package inventory

import (
	"encoding/json"
	"github.com/beianwatch/beianwatch/crawler/message"
	"io"
	"sort"
	"strings"
)

// readJSONL reads one JSON object a line. Its keys are the headings of a
// table; a key may hold a list where a cell would part things by semicolons.
func (s *sink) readJSONL(in *lines) error {
	unknown := map[string]bool{}
	for {
		l, err := in.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		text := strings.TrimSpace(l.text)
		if text == "" || text[0] == '#' {
			continue
		}
		if l.long {
			if err := s.bad("", l.number, text, message.Format("这一行超过 %d 个字节", "the line is longer than %d bytes", maxLine)); err != nil {
				return err
			}
			continue
		}
		if err := s.object(l.number, text, unknown); err != nil {
			return err
		}
	}
}

// object makes a target of one line.
func (s *sink) object(number int, text string, unknown map[string]bool) error {
	var fields map[string]any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber() // a mobile number is not a float
	if err := dec.Decode(&fields); err != nil || fields == nil {
		why := "it is no object"
		if err != nil {
			why = err.Error()
		}
		return s.bad("", number, text, message.Format("这不是写在一行里的 JSON 对象（%s）：请写成 {\"domain\": \"example.cn\", …}", "this is not a JSON object on one line (%s): write {\"domain\": \"example.cn\", …}", why))
	}
	r := &row{sink: s, line: number}
	r.t.Line = number
	for _, key := range ordered(fields) {
		c := columnOf(key)
		if c == nil && !unknown[key] && len(unknown) < maxColumns {
			unknown[key] = true
			s.unknown(key)
		} else if c != nil {
			s.column(key, c)
		}
		value := strings.TrimSpace(jsonText(fields[key], 0))
		switch {
		case value == "" && c != nil && c.name == "approvals" && isEmptyList(fields[key]):
			r.t.Filing.ApprovalsKnown = true // [] says that there are none, as "none" does
		case value == "":
		case c == nil:
			r.note(key, value)
		default:
			r.set(c, jsonCell(fields[key], value))
		}
	}
	return r.finish(text)
}

// jsonCell is a value as a cell: a number is exact, a text may hide what a
// spreadsheet made of one.
func jsonCell(v any, text string) cell {
	if _, ok := v.(json.Number); ok {
		return numberCell(text)
	}
	return textCell(text)
}

func isEmptyList(v any) bool {
	l, ok := v.([]any)
	return ok && len(l) == 0
}

// ordered lists the keys so that the same line always reads the same: exact
// names first, then by letter.
func ordered(fields map[string]any) []string {
	keys := make([]string, 0, len(fields))
	for k := range fields {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := byName[keys[i]] != nil, byName[keys[j]] != nil
		if a != b {
			return a
		}
		return keys[i] < keys[j]
	})
	return keys
}

// jsonText writes a JSON value as the cell of a table would have it: a list is
// parted by semicolons, an object's entries read key:value, and an object
// with category and number (or kind and path) is such an entry itself.
func jsonText(v any, depth int) string {
	if depth > 3 {
		return ""
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return map[bool]string{true: "true", false: "false"}[v]
	case json.Number:
		return v.String()
	case []any:
		var parts []string
		for _, item := range v {
			if p := jsonText(item, depth+1); p != "" && len(parts) < maxList {
				parts = append(parts, p)
			}
		}
		return strings.Join(parts, ";")
	case map[string]any:
		for _, pair := range [][2]string{{"category", "number"}, {"kind", "path"}} {
			if a, ok := v[pair[0]]; ok {
				return jsonText(a, depth+1) + ":" + jsonText(v[pair[1]], depth+1)
			}
		}
		var parts []string
		for _, k := range ordered(v) {
			if len(parts) < maxList {
				parts = append(parts, k+":"+jsonText(v[k], depth+1))
			}
		}
		return strings.Join(parts, ";")
	}
	return ""
}
