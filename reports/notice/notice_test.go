package notice

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/whole"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// noticeRecord is one site with two findings of the program's own rules.
func noticeRecord(owner, domain, saw string) *reports.Record {
	since := time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)
	return &reports.Record{
		Domain: domain, Owner: owner, At: reporttest.At, Ruleset: "2026-11-abc",
		Filing: reports.Filing{Status: "filed", Number: "鲁ICP备19034567号-2"},
		Detail: reports.Detail{Team: "信息部", Contact: "site-owner@example.cn", Subject: "青禾灌溉设备有限公司"},
		Outcomes: []detect.Outcome{
			{Rule: "footer-link-missing", Verdict: detect.Found, Severity: detect.Violation, Since: since, Due: workday.Default().Add(since, 10),
				Findings: []detect.Finding{{Where: wording.Say("页脚", "footer"), Saw: wording.Same(saw), Fix: wording.Say("请加上链接。", "Add the link."),
					Snippet: "<a href=\"https://beian.miit.gov.cn/\" target=\"_blank\">\n  鲁ICP备19034567号-2\n</a>", Quotes: []string{"版权所有 © 2026"}}}},
			{Rule: "documents-unclear", Verdict: detect.Found, Severity: detect.Warning, Since: reporttest.At, Due: workday.Default().Add(reporttest.At, 20),
				Findings: []detect.Finding{{Where: wording.Say("材料“营业执照”", "document \"营业执照\""), Saw: wording.Say("图片模糊", "blurred"), Fix: wording.Say("请重新提交。", "Submit it again.")}}},
			{Rule: "site-name-mismatch", Verdict: detect.Pass},
		},
	}
}

func writeNotices(t *testing.T, lang string, records ...*reports.Record) (dir string, files []string) {
	t.Helper()
	dir = t.TempDir()
	n := &Writer{Out: dir, Run: &reports.Run{ID: "20261123-020000", StartedAt: reporttest.At}, Rules: rules.All, Lang: lang, Today: reporttest.At, Calendar: workday.Default()}
	files, err := n.Write(func(yield func(*reports.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, files
}

// docxText reads a document back strictly and gives its text.
func docxText(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var text strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(r)
		d.Strict = true
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if c, ok := token.(xml.CharData); ok && f.Name == "word/document.xml" {
				text.Write(c)
				text.WriteByte('\n')
			}
		}
		r.Close()
	}
	return text.String()
}

func TestNotice(t *testing.T) {
	for lang, want := range map[string][]string{
		"zh": {"网站备案整改通知", "信息部", "整改期限", "2026-11-16", "整改方法", "核查要求", "整改回执", "一、", "二、", "beian.miit.gov.cn", "版权所有 © 2026", "没有链接", "违规"},
		"en": {"Notice of Rectification", "Due", "2026-11-16", "Remedy", "Requirement", "Add the link.", "Reply form", "violation"},
	} {
		dir, files := writeNotices(t, lang, noticeRecord("张三", "a.example", "没有链接"), noticeRecord("张三", "b.example", "没有链接"),
			&reports.Record{Domain: "c.example", Owner: "张三", Outcomes: []detect.Outcome{{Rule: "footer-link-missing", Verdict: detect.Pass}}},
			noticeRecord("李四", "d.example", "没有链接"), noticeRecord("", "e.example", "没有链接"))
		reporttest.Private(t, dir)
		if len(files) != 6 {
			t.Fatalf("%d files for three owners: %v", len(files), files)
		}
		html, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		docx := docxText(t, files[1])
		for _, w := range want {
			if !strings.Contains(string(html), w) {
				t.Errorf("%s: the HTML lacks %q", lang, w)
			}
			if !strings.Contains(docx, w) {
				t.Errorf("%s: the DOCX lacks %q", lang, w)
			}
		}
		for _, text := range []string{string(html), docx} {
			if !strings.Contains(text, "a.example") || !strings.Contains(text, "b.example") || strings.Contains(text, "c.example") || strings.Contains(text, "d.example") {
				t.Errorf("%s: the sites are not those of the owner", lang)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(dir, whole.Unfinished+"*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// TestNoticeOfHostileText writes a notice whose owner and evidence do what they
// can to break out.
func TestNoticeOfHostileText(t *testing.T) {
	owner := "../../etc/<b>\x00王\u202e五\"\\con"
	r := noticeRecord(owner, "x.example", "</w:t></w:r><script>alert(1)</script>&\x01\x1b[31m\ufffe]]>")
	r.Detail.Team = "=cmd|' /C calc'!A0"
	r.Outcomes[0].Findings[0].Snippet = "<img src=x onerror=alert(1)>\x02\n\u202e"
	r.Outcomes[0].Findings[0].Quotes = []string{"</dl><style>*{display:none}"}
	dir, files := writeNotices(t, "zh", r)
	for _, f := range files {
		if filepath.Dir(f) != dir || strings.ContainsAny(filepath.Base(f), "<>\"\x00\\") {
			t.Errorf("the file is %q", f)
		}
	}
	html, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "</dl><style", "\x00", "\x01", "\x02", "\x1b", "\u202e"} {
		if strings.Contains(string(html), bad) {
			t.Errorf("the HTML holds %q", bad)
		}
	}
	text := docxText(t, files[1])
	for _, bad := range []string{"\x00", "\x01", "\x02", "\x1b", "\u202e"} {
		if strings.Contains(text, bad) {
			t.Errorf("the DOCX holds %q", bad)
		}
	}
	if !strings.Contains(text, "<script>alert(1)</script>") {
		t.Error("the words that were seen are not in the DOCX")
	}
}

func TestNoticeIsBounded(t *testing.T) {
	list := make([]*reports.Record, maxSites+3)
	for i := range list {
		list[i] = noticeRecord("张三", "a.example", "没有链接")
	}
	_, files := writeNotices(t, "en", list...)
	text := docxText(t, files[1])
	if n := strings.Count(text, "a.example\n"); n != 4*maxSites || !strings.Contains(text, "3 more sites") { // first page, two sections, reply form
		t.Errorf("%d sites in the letter", n)
	}
}

// TestNoticesByAddressee: two people of one name in two teams get two letters, and
// an owner who is called "no-owner" is not the one who is nobody.
func TestNoticesByAddressee(t *testing.T) {
	one, two, nobody, odd := noticeRecord("张伟", "a.example", "x"), noticeRecord("张伟", "b.example", "x"), noticeRecord("", "c.example", "x"), noticeRecord("no-owner", "d.example", "x")
	one.Detail.Team, two.Detail.Team = "运维部", "市场部"
	nobody.Detail.Team, nobody.Detail.Contact = "", ""
	odd.Detail.Team, odd.Detail.Contact = "", ""
	_, files := writeNotices(t, "zh", nobody, odd, two, one)
	names := map[string]bool{}
	for _, f := range files {
		names[strings.ToLower(f)] = true
	}
	if len(names) != 8 {
		t.Fatalf("files %q, want two each for four addressees", files)
	}
	for _, f := range files {
		if filepath.Ext(f) != ".docx" || !strings.Contains(f, "运维部") {
			continue
		}
		if text := docxText(t, f); !strings.Contains(text, "a.example") || strings.Contains(text, "b.example") || strings.Contains(text, "市场部") {
			t.Errorf("%s tells of another's sites", f)
		}
	}
}

// TestNoticeTellsNothingOfOthers: a letter names neither other firms nor addresses
// of this machine.
func TestNoticeTellsNothingOfOthers(t *testing.T) {
	r := noticeRecord("张三", "a.example", "连接超时（read tcp 192.0.2.77:34076->203.0.113.9:80: i/o timeout）")
	r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: "phone-shared", Verdict: detect.Found, Severity: detect.Warning, Findings: []detect.Finding{{
		Saw: wording.Say("手机号 13800001111 也用于“白桦木业有限公司”", "the mobile also stands under 白桦木业有限公司"), Quotes: []string{"白桦木业有限公司"}}}})
	for _, lang := range []string{"zh", "en"} {
		_, files := writeNotices(t, lang, r)
		html, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(html), docxText(t, files[1])} {
			for _, bad := range []string{"白桦", "13800001111", "192.0.2.77"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: the letter holds %s", lang, bad)
				}
			}
			if !strings.Contains(text, "203.0.113.9:80") {
				t.Errorf("%s: the letter lacks what failed", lang)
			}
		}
	}
}

// TestLetterhead: who sends the letter, its number and the form for the reply.
func TestLetterhead(t *testing.T) {
	n := &Writer{Out: t.TempDir(), Run: &reports.Run{ID: "r1", StartedAt: reporttest.At}, Rules: rules.All, Lang: "zh", Today: reporttest.At, Calendar: workday.Default(),
		Letterhead: Letterhead{Logo: "青石集团", From: "信息安全部", Number: "青石〔{year}〕{id}", Contact: "0531-5550000", ReplyTo: "beian@qingshi.example", ReplyBy: "10", Footer: "内部使用"}}
	records := func(yield func(*reports.Record, error) bool) {
		yield(noticeRecord("张三", "a.example", "没有链接"), nil)
	}
	files, err := n.Write(records)
	if err != nil {
		t.Fatal(err)
	}
	text := docxText(t, files[1])
	for _, want := range []string{"青石集团", "信息安全部", "青石〔2026〕", "0531-5550000", "请于 2026-12-07 前填写并发送至 beian@qingshi.example", "内部使用", "整改回执"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %s", want)
		}
	}
	if again := n.Letterhead.number("r1", Key{"张三", "信息部", "site-owner@example.cn"}, n.Today); !strings.Contains(text, again) {
		t.Errorf("the number of the letter is not %s", again)
	}
	if other := n.Letterhead.number("r1", Key{"李四", "信息部", ""}, n.Today); strings.Contains(text, other) {
		t.Error("two letters have one number")
	}
}
