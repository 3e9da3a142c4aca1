package rules

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// documentsUnclear: 证件不合格，即证件图片不清晰…….
var documentsUnclear = &detect.Rule{
	ID:       "documents-unclear",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "备案材料的图片不合格", EN: "pictures of documents would not pass"},
	Kept:     detect.Text{ZH: "备案材料的图片合格", EN: "the pictures of documents would pass"},
	Rationale: detect.Text{
		ZH: "证件图片不清晰、不完整，或文件打不开、过大，是备案被驳回的常见原因。",
		EN: "A picture of a document that is not clear or not whole, or a file that is too large or cannot be opened, is a common reason for rejecting a filing.",
	},
	Remedy: detect.Text{
		ZH: "请重新提交，并且证件图片完整、清晰：彩色原件扫描或平放拍摄，四角完整，不隔屏翻拍，JPEG 或 PNG 格式，不超过 4 MB。",
		EN: "Submit it again, whole and clear: scan the original in colour or photograph it lying flat, with all four corners and not off a screen, as JPEG or PNG of 4 MB at most.",
	},
	Source:  reviewers("证件不合格 / documents that do not pass"),
	Needs:   detect.NeedsDocuments,
	Private: true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "打不开、格式不对、过大、太小、模糊、太暗、字迹太淡、被裁切、已过期：待核实；扩展名与内容不符、图片损坏、即将过期：提示；已备案：提示", EN: "unreadable, no picture, too large, too small, blurred, dark, pale, cropped or expired: warning; wrong suffix, damaged, soon to expire: notice; filed: notice"},
		Liveness: detect.Text{ZH: "不区分", EN: "any"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "只检查文件；备案已注销", EN: "only a file is checked; the filing is cancelled"},
		Unknown:  detect.Text{ZH: "没有读取材料（--documents），或有文件无法查看（PDF 等）；测得的值在两可之间", EN: "the documents were not read (--documents), or one cannot be looked at (PDF and others); a measurement lies in between"},
	},
	Dated: true,
	Check: checkDocumentsUnclear,
}

func checkDocumentsUnclear(c *detect.Case) detect.Outcome {
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(detect.ReasonNotFiled)
	}
	severity, why := detect.Severity(""), detect.Reason("")
	var findings []detect.Finding
	for i := range c.Target.Holder.Documents {
		f := crawler.DocumentFacts{Document: c.Target.Holder.Documents[i], Fault: crawler.DocumentOurs}
		if i < len(c.Obs.Documents) {
			f = c.Obs.Documents[i]
		}
		d := judgeDocument(&f, c.Policy.Documents, c.At)
		if why == "" {
			why = d.unknown
		}
		if len(d.faults) > 0 {
			findings = append(findings, d.finding(&f))
			severity = graver(severity, d.severity)
		}
	}
	switch {
	case len(findings) > 0:
		return found(whereFiled(c, severity), findings...)
	case c.Obs.Documents == nil:
		return unknown(detect.ReasonDocumentsNotRead)
	case why != "":
		return unknown(why)
	}
	return pass()
}

// A documentJudged is what is wrong with one document, and why something could
// not be told.
type documentJudged struct {
	faults   []detect.Text
	severity detect.Severity
	unknown  detect.Reason
}

func (d *documentJudged) wrong(s detect.Severity, t detect.Text) {
	d.faults = append(d.faults, t)
	d.severity = graver(d.severity, s)
}

// judgeDocument compares what was measured of one document with the limits.
func judgeDocument(f *crawler.DocumentFacts, limits *lists.Documents, at time.Time) documentJudged {
	var d documentJudged
	d.expiry(f, limits, at)
	if limits.MaxBytes > 0 && f.Size > limits.MaxBytes {
		d.wrong(detect.Warning, detect.Text{
			ZH: fmt.Sprintf("文件有 %.1f MB，超过 %.1f MB", megabytes(f.Size), megabytes(limits.MaxBytes)),
			EN: fmt.Sprintf("the file has %.1f MB, more than %.1f MB", megabytes(f.Size), megabytes(limits.MaxBytes)),
		})
	}
	if f.Fault != "" {
		d.fault(f)
		return d
	}
	if want := suffixFormat(f.Path); want != "" && want != f.Format {
		d.wrong(detect.Notice, detect.Text{
			ZH: "扩展名是 " + path.Ext(f.Path) + "，内容却是 " + strings.ToUpper(f.Format),
			EN: "the suffix is " + path.Ext(f.Path) + ", the content " + strings.ToUpper(f.Format),
		})
	}
	d.measured(f, limits)
	return d
}

// fault says what follows from a file that was not measured.
func (d *documentJudged) fault(f *crawler.DocumentFacts) {
	switch f.Fault {
	case crawler.DocumentEmpty:
		d.wrong(detect.Warning, detect.Text{ZH: "文件是空的（0 字节）", EN: "the file is empty (0 bytes)"})
	case crawler.DocumentTruncated:
		d.wrong(detect.Warning, detect.Text{ZH: "文件不完整，图片在中途结束", EN: "the file is not whole: the picture ends before its end"})
	case crawler.DocumentNoImage:
		d.wrong(detect.Warning, detect.Text{ZH: "文件不是图片", EN: "the file is no picture"})
	case crawler.DocumentDamaged:
		d.wrong(detect.Notice, detect.Text{ZH: "图片数据有损坏，本程序无法打开", EN: "the data of the picture is damaged, this program cannot open it"})
	case crawler.DocumentTooBig:
		// Its size has been told.
	case crawler.DocumentAbsent:
		d.unknown = detect.ReasonDocumentAbsent
	case crawler.DocumentOurs, crawler.DocumentOutside:
		d.unknown = detect.ReasonDocumentsNotRead
	default:
		d.unknown = detect.ReasonDocumentUnread
	}
}

// minMarks is the share of a picture that must show something before it can
// be called blurred: on a nearly empty sheet the edge of a shadow would decide.
const minMarks = 0.02

// measured says what follows from the measurements of a picture.
func (d *documentJudged) measured(f *crawler.DocumentFacts, l *lists.Documents) {
	long := max(f.Width, f.Height)
	size := fmt.Sprintf("%d × %d", f.Width, f.Height)
	d.below(float64(long), l.Pixels, detect.Text{ZH: "图片太小（" + size + " 像素）", EN: "the picture is too small (" + size + " pixels)"})
	dark := fmt.Sprintf("%.0f", f.Light)
	d.below(f.Light, l.Dark, detect.Text{ZH: "图片太暗（最亮处的灰度只有 " + dark + "/255）", EN: "the picture is too dark (its lightest parts have a grey of " + dark + " of 255)"})
	pale := fmt.Sprintf("%.0f", f.Dark)
	d.below(255-f.Dark, lists.Span{Low: 255 - l.Pale.High, High: 255 - l.Pale.Low}, detect.Text{ZH: "字迹太淡或图片发白（最深处的灰度为 " + pale + "/255）", EN: "the print is too pale (its darkest parts have a grey of " + pale + " of 255)"})
	switch {
	case f.Marks < minMarks:
		if d.unknown == "" {
			d.unknown = detect.ReasonDocumentBorderline
		}
	default:
		sharp := fmt.Sprintf("%.2f", f.Sharpness)
		d.below(f.Sharpness, l.Sharpness, detect.Text{ZH: "图片模糊（清晰度 " + sharp + "，应在 " + fmt.Sprint(l.Sharpness.High) + " 以上）", EN: "the picture is blurred (sharpness " + sharp + ", should be above " + fmt.Sprint(l.Sharpness.High) + ")"})
	}
	if f.Edges == crawler.EdgesCut {
		d.wrong(detect.Warning, detect.Text{ZH: "证件没有拍全，文字被图片边缘截断", EN: "the document is not whole: its print is cut by the edge of the picture"})
	}
}

// below finds a fault where a value is below the span, and nothing where it is
// above.
func (d *documentJudged) below(value float64, s lists.Span, t detect.Text) {
	switch {
	case value < s.Low:
		d.wrong(detect.Warning, t)
	case value < s.High && d.unknown == "":
		d.unknown = detect.ReasonDocumentBorderline
	}
}

// expiry judges the date that the inventory gives. The last day counts whole.
func (d *documentJudged) expiry(f *crawler.DocumentFacts, l *lists.Documents, at time.Time) {
	if f.Expires.IsZero() {
		return
	}
	day := f.Expires.Format(time.DateOnly)
	left := f.Expires.AddDate(0, 0, 1).Sub(at)
	days, limited := l.ValidDays[lists.DocumentKind(f.Kind)]
	switch {
	case left <= 0:
		d.wrong(detect.Warning, detect.Text{ZH: "已于 " + day + " 过期", EN: "it expired on " + day})
	case limited && left < time.Duration(days)*24*time.Hour:
		d.wrong(detect.Notice, detect.Text{
			ZH: fmt.Sprintf("有效期到 %s，不足 %d 天", day, days),
			EN: fmt.Sprintf("it is valid until %s, fewer than %d days", day, days),
		})
	}
}

// finding tells of one document with all its faults.
func (d *documentJudged) finding(f *crawler.DocumentFacts) detect.Finding {
	name := documentName(f.Kind)
	var zh, en []string
	for _, t := range d.faults {
		zh, en = append(zh, t.ZH), append(en, t.EN)
	}
	return detect.Finding{
		Where: detect.Text{ZH: "材料“" + name.ZH + "”（" + detect.Clip(f.Path) + "）", EN: "document \"" + name.EN + "\" (" + detect.Clip(f.Path) + ")"},
		Saw:   detect.Text{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")},
		Fix: detect.Text{
			ZH: "请重新提交“" + name.ZH + "”，图片须完整、清晰：彩色原件扫描或平放拍摄，四角完整，不隔屏翻拍，JPEG 或 PNG 格式，不超过 4 MB；证件须在有效期内。",
			EN: "Submit \"" + name.EN + "\" again, whole and clear: the original in colour, scanned or photographed lying flat with all four corners and not off a screen, JPEG or PNG of 4 MB at most, and still valid.",
		},
	}
}

// suffixFormat is the format that a file's suffix promises, "" for a suffix
// that promises none.
func suffixFormat(name string) string {
	switch strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/"))) {
	case ".jpg", ".jpeg", ".jpe", ".jfif":
		return "jpeg"
	case ".png":
		return "png"
	case ".pdf", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic":
		return "other"
	}
	return ""
}

func megabytes(n int64) float64 { return float64(n) / (1 << 20) }
