package notice

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// writeDocx writes the letter as a Word document.
func writeDocx(w io.Writer, v *view, at time.Time) error {
	d := &docx{}
	d.letter(v)
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRels}, {"word/_rels/document.xml.rels", docxParts}, {"word/styles.xml", docxStyle},
		{"word/document.xml", xml.Header + `<w:document ` + docxSpace + `><w:body>` + d.String() + docxEnd},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

// A docx is the body of a document in the making. All text goes through run,
// which escapes it.
type docx struct{ bytes.Buffer }

// A cell is what stands in one cell of a table: paragraphs, each with a style and
// run properties.
type cell []line

type line struct{ style, properties, text string }

// plain is a cell of one plain paragraph.
func plain(text string) cell { return cell{{text: text}} }

const (
	grey = `<w:color w:val="5A6570"/>`
	bold = `<w:b/>`
)

// inks are the colours of the severities.
var inks = map[string]string{"violation": "A8201A", "warning": "85560A", "notice": "23598F"}

func ink(tone string) string { return `<w:b/><w:color w:val="` + inks[tone] + `"/>` }

// The widths of columns, in twentieths of a point; each table is 9864 wide.
var (
	factColumns  = []int{1900, 7964}
	siteColumns  = []int{560, 2750, 3954, 1000, 1600}
	spotColumns  = []int{2500, 5764, 1600}
	replyColumns = []int{3000, 3464, 1400, 2000}
	fieldColumns = []int{2466, 2466, 2466, 2466}
)

func (d *docx) letter(v *view) {
	if v.Logo != "" {
		d.paragraph("Small", "", v.Logo)
	}
	d.paragraph("Title", "", v.Title)
	if v.Number != "" {
		d.paragraph("Right", grey, v.Number)
	}
	var head [][]cell
	for _, row := range v.Head {
		head = append(head, []cell{{{properties: grey, text: row[0]}}, plain(row[1])})
	}
	d.table(factColumns, nil, head)
	d.paragraph("", "", "")
	d.paragraph("", "", v.Intro)
	if v.Due != "" {
		d.paragraph("", ink("violation"), v.Due)
	}
	d.sites(v)
	if v.More != "" {
		d.paragraph("", "", v.More)
	}
	for i := range v.Problems {
		d.problem(v, &v.Problems[i])
	}
	d.paragraph("", "", "")
	d.paragraph("Small", "", v.Note)
	for _, s := range v.Sign {
		d.paragraph("Right", "", s)
	}
	d.reply(&v.Reply)
	d.paragraph("", "", "")
	d.paragraph("Small", "", v.Foot)
}

// sites is the table of the first page.
func (d *docx) sites(v *view) {
	l := &v.Labels
	var rows [][]cell
	for _, s := range v.Sites {
		name := plain(s.Domain)
		if s.Label != "" {
			name = append(name, line{style: "Small", text: s.Label})
		}
		var problems cell
		for _, p := range s.Problems {
			problems = append(problems, line{text: p})
		}
		rows = append(rows, []cell{plain(s.N), name, problems, {{properties: ink(s.Tone), text: s.Severity}}, plain(orDash(s.Due))})
	}
	d.table(siteColumns, []string{"", l.Site, l.Problems, l.Severity, l.Due}, rows)
}

// problem is one section: what is told once, then its sites.
func (d *docx) problem(v *view, p *problem) {
	l := &v.Labels
	number := p.Number + "、"
	if v.Lang == "en" {
		number = p.Number + ". "
	}
	d.paragraph("Heading1", "", number+p.Title+"  ["+p.Severity+"]")
	for _, row := range [][2]string{{l.Why, p.Why}, {l.Remedy, p.Remedy}, {l.Law, p.Law}} {
		if row[1] != "" {
			d.named(row[0], row[1], v.Lang)
		}
	}
	var rows [][]cell
	for i := range p.Sites {
		s := &p.Sites[i]
		rows = append(rows, []cell{plain(s.Domain), spotCell(s, l, colon(v.Lang)), plain(orDash(s.Due))})
	}
	d.table(spotColumns, []string{l.Site, l.Saw, l.Due}, rows)
}

// spotCell is what was seen on one site, and what is to be done there.
func spotCell(s *siteSpot, l *labels, colon string) cell {
	var c cell
	for _, at := range s.Spots {
		saw := at.Saw
		if at.Where != "" {
			saw = at.Where + colon + saw
		}
		c = append(c, line{text: saw})
		for _, q := range at.Quotes {
			c = append(c, line{style: "Small", text: "“" + q + "”"})
		}
		if at.Fix != "" {
			c = append(c, line{properties: bold, text: l.Fix + colon + at.Fix})
		}
	}
	if s.Snippet != "" {
		c = append(c, line{style: "Small", text: l.Snippet + colon}, line{style: "Code", text: s.Snippet})
	}
	if s.See != "" {
		c = append(c, line{style: "Small", text: l.Snippet + colon + s.See})
	}
	return c
}

func (d *docx) reply(r *replyForm) {
	d.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
	d.paragraph("Heading1", "", r.Title)
	d.paragraph("", "", r.Until)
	var rows [][]cell
	for _, name := range r.Domains {
		rows = append(rows, []cell{plain(name), plain(""), plain(""), plain("")})
	}
	d.table(replyColumns, r.Head, rows)
	d.paragraph("", "", "")
	var fields []cell
	for _, f := range r.Fields {
		fields = append(fields, cell{{properties: grey, text: f}, {}, {}})
	}
	d.table(fieldColumns, nil, [][]cell{fields})
}

func colon(lang string) string {
	if lang == "en" {
		return ": "
	}
	return "："
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// paragraph adds one paragraph; a style of "" is the normal one.
func (d *docx) paragraph(style, properties, text string) {
	d.WriteString(`<w:p>`)
	if style != "" {
		d.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	d.run(properties, text)
	d.WriteString(`</w:p>`)
}

// named adds a paragraph that begins with a name.
func (d *docx) named(name, text, lang string) {
	d.WriteString(`<w:p>`)
	d.run(grey, name+colon(lang))
	d.run("", text)
	d.WriteString(`</w:p>`)
}

// run adds text with its properties; lines are broken where it has them.
func (d *docx) run(properties, text string) {
	for i, line := range strings.Split(text, "\n") {
		d.WriteString(`<w:r>`)
		if properties != "" {
			d.WriteString(`<w:rPr>` + properties + `</w:rPr>`)
		}
		if i > 0 {
			d.WriteString(`<w:br/>`)
		}
		d.WriteString(`<w:t xml:space="preserve">`)
		// EscapeText also replaces what XML cannot hold.
		xml.EscapeText(d, []byte(line)) //nolint:errcheck // a buffer does not fail
		d.WriteString(`</w:t></w:r>`)
	}
}

// table adds a table of the given widths; its head, if it has one, is repeated on
// each page, and no row is parted by one.
func (d *docx) table(widths []int, head []string, rows [][]cell) {
	if len(rows) == 0 {
		return
	}
	d.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="9864" w:type="dxa"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		d.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="C9CED3"/>`)
	}
	d.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		d.WriteString(`<w:gridCol w:w="` + strconv.Itoa(width) + `"/>`)
	}
	d.WriteString(`</w:tblGrid>`)
	if head != nil {
		var cells []cell
		for _, h := range head {
			cells = append(cells, cell{{properties: bold, text: h}})
		}
		d.row(widths, cells, `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`, `<w:shd w:val="clear" w:color="auto" w:fill="F3F5F6"/>`)
	}
	for _, cells := range rows {
		d.row(widths, cells, `<w:trPr><w:cantSplit/></w:trPr>`, "")
	}
	d.WriteString(`</w:tbl>`)
}

func (d *docx) row(widths []int, cells []cell, properties, shade string) {
	d.WriteString(`<w:tr>` + properties)
	for i, c := range cells {
		d.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + strconv.Itoa(widths[i]) + `" w:type="dxa"/>` + shade + `</w:tcPr>`)
		if len(c) == 0 {
			c = plain("")
		}
		for _, l := range c {
			d.paragraph(cmp.Or(l.style, "Cell"), l.properties, l.text)
		}
		d.WriteString(`</w:tc>`)
	}
	d.WriteString(`</w:tr>`)
}
