package notice

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"time"
)

// The parts of a DOCX that are the same in every letter (ECMA-376). Fonts are
// named for Latin and Chinese, so that no reader falls back on one without
// Chinese characters.
const (
	docxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	docxRels  = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	docxParts = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	docxSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	docxStyle = xml.Header + `<w:styles ` + docxSpace + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei"/><w:sz w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="288" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="240"/><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:eastAsia="SimSun"/><w:b/><w:sz w:val="36"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="320" w:after="60"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="22"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Small"><w:name w:val="Small"/><w:basedOn w:val="Normal"/><w:rPr><w:color w:val="5A6570"/><w:sz w:val="18"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Code"><w:name w:val="Code"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/><w:sz w:val="18"/></w:rPr></w:style></w:styles>`
	docxEnd = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1021" w:bottom="1134" w:left="1021" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>`
)

// writeDocx writes the letter as a Word document.
func writeDocx(w io.Writer, v *noticeView, at time.Time) error {
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

func (d *docx) letter(v *noticeView) {
	d.paragraph("Title", v.Title)
	d.table(v.Head.Rows)
	d.paragraph("", "")
	d.paragraph("", v.Intro)
	if v.Due != "" {
		d.bold(v.Due)
	}
	for _, s := range v.Sites {
		d.paragraph("Heading1", s.Domain)
		if s.About != "" {
			d.paragraph("Small", s.About)
		}
		for _, item := range s.Items {
			d.item(&item, &v.Labels)
		}
	}
	if v.More != "" {
		d.paragraph("", v.More)
	}
	d.paragraph("", "")
	d.paragraph("Small", v.Note)
	d.paragraph("Small", v.Foot)
}

func (d *docx) item(i *noticeItem, l *noticeLabels) {
	d.paragraph("Heading2", "【"+i.Severity+"】"+i.Title)
	var rows [][2]string
	row := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	for _, s := range i.Spots {
		row(l.Where, s.Where)
		row(l.Saw, s.Saw)
		row(l.Quotes, strings.Join(s.Quotes, "\n"))
		row(l.Fix, s.Fix)
		row(l.Snippet, s.Snippet)
	}
	row(l.Reason, i.Reason)
	row(l.Advice, i.Advice)
	row(l.Law, i.Law)
	row(l.Since, i.Since)
	row(l.Due, i.Due)
	d.table(rows)
}

// paragraph adds one paragraph; a style of "" is the normal one.
func (d *docx) paragraph(style, text string) {
	d.WriteString(`<w:p>`)
	if style != "" {
		d.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	d.run("", text)
	d.WriteString(`</w:p>`)
}

func (d *docx) bold(text string) {
	d.WriteString(`<w:p>`)
	d.run(`<w:b/><w:color w:val="8C1D18"/>`, text)
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

// table adds rows of a name and a value.
func (d *docx) table(rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	d.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="9864" w:type="dxa"/><w:tblBorders>`)
	for _, side := range []string{"top", "bottom", "insideH"} {
		d.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="C9CED3"/>`)
	}
	d.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="1900"/><w:gridCol w:w="7964"/></w:tblGrid>`)
	for _, r := range rows {
		d.WriteString(`<w:tr>`)
		for i, width := range []string{"1900", "7964"} {
			d.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + width + `" w:type="dxa"/></w:tcPr><w:p>`)
			properties := ""
			if i == 0 {
				properties = `<w:color w:val="5A6570"/>`
			}
			d.run(properties, r[i])
			d.WriteString(`</w:p></w:tc>`)
		}
		d.WriteString(`</w:tr>`)
	}
	d.WriteString(`</w:tbl>`)
}
