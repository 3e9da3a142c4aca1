package inventory

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory/date"
	"github.com/beianwatch/beianwatch/crawler/message"
)

func (r *row) documents(s string) {
	for _, item := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(";；\n", c) }) {
		d, ok := Document(item)
		if !ok {
			r.warn(message.Format("材料“%s”未采用：请写成 类型:路径;类型:路径", "documents %q is left out: write kind:path;kind:path", cut(item, 60)))
			continue
		}
		if len(r.t.Holder.Documents) < maxList {
			r.t.Holder.Documents = append(r.t.Holder.Documents, d)
		}
	}
}

// Document reads kind:path or kind:path@2027-05-01, where the date is the last
// day on which the document is valid; false if kind or path is missing. An @
// before anything but a date belongs to the path.
func Document(item string) (crawler.Document, bool) {
	kind, path, _ := strings.Cut(strings.ReplaceAll(item, "：", ":"), ":")
	kind, path = strings.TrimSpace(kind), strings.TrimSpace(path)
	d := crawler.Document{Kind: kind, Path: path}
	if i := strings.LastIndexAny(path, "@＠"); i > 0 {
		if at, ok := date.Read(strings.TrimLeft(path[i:], "@＠"), false); ok {
			d.Path, d.Expires = strings.TrimSpace(path[:i]), at
		}
	}
	return d, d.Kind != "" && d.Path != ""
}
