package industry

import (
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/page"
)

// bigPage makes an ordinary company page of about 30 KB of text: menus,
// headlines, paragraphs.
func bigPage() *page.Page {
	var b strings.Builder
	b.WriteString(`<html><head><meta charset="utf-8"><title>某某机械有限公司</title></head><body><ul>`)
	for _, name := range strings.Fields("首页 公司简介 产品中心 新闻中心 行业资讯 技术支持 人才招聘 投资者关系 在线留言 联系我们") {
		b.WriteString(`<li><a href="/x">` + name + `</a></li>`)
	}
	b.WriteString(`</ul>`)
	for b.Len() < 36<<10 {
		b.WriteString(`<a href="/n">公司召开年度工作会议部署安全生产</a><p>公司成立于一九九八年，主要生产各种规格的齿轮、轴承和减速机，产品远销海内外，深受用户好评，为员工缴纳五险一金，支付方式灵活。</p>`)
	}
	return page.Parse([]byte(b.String()), page.Options{})
}

func BenchmarkJudge30KB(b *testing.B) {
	p := bigPage()
	Judge(p, nil)
	b.SetBytes(int64(len(p.Text)))
	b.ReportAllocs()
	for b.Loop() {
		Judge(p, nil)
	}
}

func BenchmarkJudgeFound(b *testing.B) {
	p := page.Parse([]byte(fixtures(b, "found.txtar")[0].html), page.Options{})
	b.ReportAllocs()
	for b.Loop() {
		Judge(p, nil)
	}
}

func BenchmarkScanLexicons30KB(b *testing.B) {
	p, m, n := bigPage(), lexicons(), 0
	b.SetBytes(int64(len(p.Text)))
	b.ReportAllocs()
	for b.Loop() {
		m.matcher.Scan(p.Text, func(int, int) bool { n++; return true })
	}
}

// BenchmarkLexicons is the cost of the first page.
func BenchmarkLexicons(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var trades, sites []*lexicon
		for _, c := range Categories() {
			trades = append(trades, mustLexicon(string(c)+".txt"))
		}
		for _, name := range siteFiles() {
			sites = append(sites, mustLexicon(name))
		}
		newModel(trades, sites)
	}
}
