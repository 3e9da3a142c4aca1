package charset

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	simplified  = "某某机械设备有限公司是一家集研发、生产、销售于一体的企业，网站备案号：京ICP备13052560号-1，版权所有。"
	traditional = "某某機械設備有限公司是一家集研發、生產、銷售於一體的企業，歡迎新老客戶來電洽談，版權所有。"
)

func encode(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func TestDecode(t *testing.T) {
	gb, big := encoding.Encoding(simplifiedchinese.GB18030), encoding.Encoding(traditionalchinese.Big5)
	le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	meta := func(label string) string {
		return `<meta http-equiv=Content-Type content="text/html; charset=` + label + `">`
	}
	for _, c := range []struct {
		name, text  string
		in          encoding.Encoding // nil: UTF-8
		prefix      string
		contentType string
		want        string
	}{
		{"utf-8", simplified, nil, "", "", UTF8},
		{"utf-8 with mark", simplified, nil, "\xEF\xBB\xBF", "", UTF8},
		{"utf-8 that claims gb2312", meta("gb2312") + simplified, nil, "", "text/html; charset=gbk", UTF8},
		{"ascii", "<p>hello</p>", nil, "", "text/html; charset=gbk", UTF8},
		{"empty", "", nil, "", "", UTF8},
		{"gbk by meta", meta("gbk") + simplified, gb, "", "", GB18030},
		{"gb2312 by short meta", `<META CHARSET='gb2312'/>` + simplified, gb, "", "", GB18030},
		{"gbk by header", simplified, gb, "", "text/html;charset=GB2312", GB18030},
		{"gbk undeclared", simplified, gb, "", "", GB18030},
		{"gbk that claims utf-8", meta("utf-8") + simplified, gb, "", "text/html; charset=utf-8", GB18030},
		{"gbk that claims latin", meta("iso-8859-1") + simplified, gb, "", "", GB18030},
		{"gbk that claims big5", meta("big5") + simplified, gb, "", "", GB18030},
		{"gbk behind a utf-8 mark", simplified, gb, "\xEF\xBB\xBF", "", GB18030},
		{"gbk, two characters", "<title>首页</title>", gb, "", "", GB18030},
		{"gbk, rare characters", meta("gbk") + "镕喆堃玥煊", gb, "", "", GB18030},
		{"gb18030 of four bytes", meta("gb18030") + "㐀㐁㐂" + simplified, gb, "", "", GB18030},
		{"big5 by meta", meta("big5") + traditional, big, "", "", Big5},
		{"big5 undeclared", traditional, big, "", "", Big5},
		{"big5 that claims gb2312", meta("gb2312") + traditional, big, "", "", Big5},
		{"utf-16 with mark", simplified, le, "\xFF\xFE", "", UTF16LE},
		{"utf-16 big endian with mark", simplified, be, "\xFE\xFF", "", UTF16BE},
		{"utf-16 without mark", "<html><head><title>" + simplified, le, "", "", UTF16LE},
		{"utf-16 big endian without mark", "<html><head><title>" + simplified, be, "", "", UTF16BE},
		{"latin", meta("iso-8859-1") + "Société générale à Genève, déjà vu, naïve café", charmap.Windows1252, "", "", "windows-1252"},
		{"shift_jis", meta("shift_jis") + "株式会社テストのホームページへようこそ、お問い合わせはこちら", japanese.ShiftJIS, "", "", "shift_jis"},
		{"euc-kr", meta("euc-kr") + "주식회사 테스트 홈페이지에 오신 것을 환영합니다", korean.EUCKR, "", "", "euc-kr"},
		{"meta in a comment", `<!-- ` + meta("big5") + ` -->` + meta("gbk") + simplified, gb, "", "", GB18030},
		{"meta behind a long script", "<script>" + strings.Repeat("var a=1;", 400) + "</script>" + meta("gbk") + simplified, gb, "", "", GB18030},
	} {
		body := []byte(c.text)
		if c.in != nil {
			body = encode(t, c.in, c.text)
		}
		text, name, ok := Decode(append([]byte(c.prefix), body...), c.contentType)
		if name != c.want || !ok || string(text) != c.text {
			t.Errorf("%s: %s, %v, %.60q", c.name, name, ok, text)
		}
	}
}

func TestDecodeOfDamage(t *testing.T) {
	long := strings.Repeat(simplified, 20)
	for _, c := range []struct {
		name string
		body []byte
		want string
		ok   bool
	}{
		{"utf-8 cut in a character", []byte(simplified[:len(simplified)-1]), UTF8, true},
		{"gbk cut in a character", encode(t, simplifiedchinese.GBK, simplified)[:41], GB18030, true},
		{"utf-8 with a broken byte", []byte(long[:600] + "\xe5" + long[600:]), UTF8, true},
		{"utf-8 with a gbk include", append([]byte(long), encode(t, simplifiedchinese.GBK, "版权")...), UTF8, true},
		{"utf-8 with a gbk foot", append([]byte(long), encode(t, simplifiedchinese.GBK, "版权所有 北京某某设备有限公司 京ICP备13052560号-1")...), UTF8, false},
		{"utf-8 with many cut characters", []byte(strings.Repeat("<li>某某机械设备有限公司欢迎新老客户来电洽谈\xe5\x85</li>", 60)), UTF8, true},
		{"utf-8 with a gbk line in a script", append([]byte(long), encode(t, simplifiedchinese.GBK, "<script>//关闭</script>")...), UTF8, true},
		{"ascii with a stray byte", []byte(strings.Repeat("<p>hello world</p>", 50) + "\xa9 2020"), GB18030, true},
		{"utf-8 with a zero byte", []byte(simplified + "\x00" + simplified), UTF8, true},
		{"zero bytes before and behind", []byte("\x00" + simplified + strings.Repeat("\x00", 400)), UTF8, true},
		{"ascii with zero bytes", []byte("<p>hello</p>\x00\x00"), UTF8, true},
		{"zero and broken bytes", []byte(long[:600] + "\x00\xff\x00" + long[600:]), UTF8, true},
		{"surrogates as three bytes", []byte(simplified + "\xed\xa0\xbd\xed\xb8\x80" + long), UTF8, true},
		{"overlong zero", []byte(simplified + "\xc0\x80"), UTF8, true},
		{"short utf-8 by its meta, three broken bytes", []byte("<meta charset=utf-8><title>首页欢迎您光临</title>\xff\xfe\x85"), UTF8, true},
		{"ascii by its meta, a stray byte", []byte("<meta charset=utf-8>hello \xa9 2020"), UTF8, true},
		{"short gbk that says utf-8", append([]byte("<meta charset=utf-8>"), encode(t, simplifiedchinese.GBK, "<title>首页欢迎您</title>")...), GB18030, true},
		{"gbk with a zero byte", append(encode(t, simplifiedchinese.GBK, simplified), 0), GB18030, true},
		{"noise", []byte(strings.Repeat("\x81\x20\xff\xfe\x90", 400)), GB18030, false},
	} {
		text, name, ok := Decode(c.body, "")
		if name != c.want || ok != c.ok || !utf8.Valid(text) {
			t.Errorf("%s: %s, %v, valid %v", c.name, name, ok, utf8.Valid(text))
		}
	}
}

// The table must say what x/text says, for whatever is well-formed.
func TestGB18030AsXText(t *testing.T) {
	var all strings.Builder
	for r := rune(0x20); r < 0x30000; r += 1 + r/0x10000*37 {
		if r < 0xD800 || r > 0xF8FF && r < 0xFFFD || r > 0xFFFF { // no surrogates, private use, non-characters
			all.WriteRune(r)
		}
	}
	body := encode(t, simplifiedchinese.GB18030, all.String())
	if got := string(fromGB(body)); got != all.String() {
		for i, r := range all.String() {
			if !strings.HasPrefix(got[min(i, len(got)):], string(r)) {
				t.Fatalf("differs at U+%04X: %q", r, got[i:min(i+6, len(got))])
			}
		}
		t.Fatal("differs in length")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(simplified), "text/html; charset=utf-8")
	f.Add(encode(f, simplifiedchinese.GBK, simplified), "")
	f.Add(encode(f, traditionalchinese.Big5, traditional), "text/html; charset=big5")
	f.Add([]byte("\xff\xfe<\x00p\x00"), "")
	f.Add([]byte("<?xml encoding='euc-jp'?><meta charset=x>\x80"), "charset")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		before := bytes.Clone(body)
		text, name, _ := Decode(body, contentType)
		if name == "" || !utf8.Valid(text) {
			t.Fatalf("%q: name %q, valid %v", body, name, utf8.Valid(text))
		}
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
	})
}

// The figures to hold on to: 35 µs for 30 KB of UTF-8, 345 µs for GBK.
func BenchmarkDecode(b *testing.B) {
	text := strings.Repeat("<div class=card><a href=/p/1.html>"+simplified+"</a></div>\n", 180)[:30000]
	for _, c := range []struct {
		name string
		body []byte
	}{{"utf-8", []byte(text)}, {"gbk", encode(b, simplifiedchinese.GBK, strings.ToValidUTF8(text, ""))}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.body)))
			for b.Loop() {
				Decode(c.body, "text/html")
			}
		})
	}
}
