package inventory

import (
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// Bounds of one line's content: what is longer is cut, with a warning.
const (
	maxCell    = 4 << 10
	maxNotes   = 4 << 10
	maxList    = 200 // approvals, numbers or documents in one cell
	maxServers = 16  // addresses of servers
)

// A row is the targets of one line in the making.
type row struct {
	sink    *sink
	sheet   string
	line    int
	epoch   bool // the workbook counts days from 1904
	ordinal int  // number of the row among those of its table, from 1
	t       crawler.Target
	asked   bool    // a domain cell was given
	names   []named // the domains of the cell
	more    []named // those of other columns of the line
	column  given   // what the column of statuses says
	word    given   // what a word in the column of numbers says
	why     Message // why the domain cell cannot be used at all
	notes   strings.Builder
	// warnings are about this line.
	warnings []Message
	// unknownApproval is set when an approval is of a category that we have no
	// word for.
	unknownApproval bool
}

// set hands a cell to its column.
func (r *row) set(c *column, cell cell) {
	text := cell.text
	switch {
	case cell.flaw == failed && c.name == "domain":
		r.asked, r.why = true, errorFault
		return
	case cell.flaw == failed:
		r.warn(message.Format("%[1]s是公式错误（如 #N/A），按空白处理", "%[2]s is a formula's error (such as #N/A) and counts as empty", c.zh(), c.name))
		return
	case cell.flaw == unsaved && c.name == "domain":
		r.asked, r.why = true, formulaFault
		return
	case cell.flaw == unsaved:
		r.warn(message.Format("%[1]s是公式，文件里没有保存它的结果，按空白处理：请用 Excel 或 WPS 打开并重新保存", "%[2]s is a formula whose result is not saved and counts as empty: open the file in Excel or WPS and save it again", c.zh(), c.name))
		return
	case cell.flaw == cutShort && c.digits:
		r.warn(message.Format("%[1]s“%[3]s”被 Excel 截断，后面的数字已经丢失，按空白处理：请把该列设为“文本”格式后重新填写", "%[2]s %[3]q was cut short by Excel, digits are lost, and counts as empty: format the column as text and fill it in again", c.zh(), c.name, cut(text, 40)))
		r.note(c.name, text)
		return
	}
	if len(text) > maxCell {
		r.warn(message.Format("%[1]s超过 %[3]d 个字节，多出的部分已截去", "%[2]s has more than %[3]d bytes and is cut there", c.zh(), c.name, maxCell))
		text = cut(text, maxCell)
	}
	c.set(r, text)
}

// warn keeps a warning about this line; it is told if the line is used.
func (r *row) warn(m Message) { r.warnings = append(r.warnings, atLine(r.sheet, r.line, m)) }

// note keeps a text that no column holds, with its heading if it has one.
func (r *row) note(heading, text string) {
	if r.notes.Len() > maxNotes {
		return
	}
	if r.notes.Len() > 0 {
		r.notes.WriteString("; ")
	}
	if heading = strings.TrimSpace(heading); heading != "" {
		r.notes.WriteString(cut(heading, 100) + ": ")
	}
	r.notes.WriteString(cut(text, maxNotes))
}

// finish hands the targets on, or rejects the line. text is the whole line for
// a rejection without a domain cell.
func (r *row) finish(text string) error {
	switch {
	case r.why.EN != "":
		return r.sink.bad(r.sheet, r.line, text, r.why)
	case !r.asked:
		return r.sink.bad(r.sheet, r.line, text, missingFault)
	}
	r.names = append(r.names, r.more...)
	r.decide()
	r.t.Notes = r.notes.String()
	usable := 0
	for _, n := range r.names {
		if n.name != "" {
			usable++
		}
	}
	if usable > 0 {
		for _, m := range r.warnings {
			r.sink.warn(m)
		}
	}
	if usable > 1 {
		r.sink.counts.Split++
	}
	for _, n := range r.names {
		if n.name == "" {
			if err := r.sink.bad(r.sheet, r.line, n.text, n.why); err != nil {
				return err
			}
			continue
		}
		t := r.t
		t.Domain, t.Given = n.name, n.text
		if err := r.sink.take(t); err != nil {
			return err
		}
	}
	return nil
}

// numbering takes 3.example.cn in the third row for example.cn behind its
// number. Elsewhere such a name is a host, and the person is told.
func (r *row) numbering(n *named) {
	label, rest, _ := strings.Cut(n.name, ".")
	if !digits(label) || isAddress(n.name) || !strings.Contains(rest, ".") || !known(rest) {
		return
	}
	if label == strconv.Itoa(r.ordinal) {
		n.name = rest
		return
	}
	if apex, err := publicsuffix.EffectiveTLDPlusOne(rest); err == nil && apex != rest {
		return
	}
	r.warn(message.Format("“%[1]s”按主机名读取；如果“%[2]s.”是序号，请删除序号", "%[1]q is read as a host; if %[2]q is a numbering, remove it", n.name, label))
}

// alsoDomains keeps the domains of another column: each is a target of its own.
func (r *row) alsoDomains(s string) {
	if nothing(s) {
		return
	}
	names, rest := splitNames(s)
	if rest != "" {
		r.note("", rest)
	}
	r.asked = r.asked || len(r.names) == 0 && len(names) > 0 && names[0].name != ""
	if r.more = append(r.more, names...); len(r.more) > maxNames {
		r.more = r.more[:maxNames]
	}
}

func (r *row) domain(s string) {
	if len(r.names) > 0 {
		return
	}
	r.asked = true
	names, rest := splitNames(s)
	if len(names) == 1 {
		names[0].text = s
		r.numbering(&names[0])
	}
	r.names = names
	if rest == "" {
		return
	}
	if n := readNumbers(rest); len(n.filing) > 0 {
		r.filingNumber(rest)
		return
	}
	r.note("", rest)
}
