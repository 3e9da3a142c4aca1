package number

import (
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/page"
)

// readEnd reads the numbers of a page of some length that ends in a piece of
// markup.
func readEnd(markup string) Shown {
	body := strings.Repeat("<p>本公司生产各类机械设备，欢迎新老客户来电洽谈。</p>", 20)
	return Find(page.Parse([]byte(body+markup), page.Options{URL: "http://www.example.cn/"}))
}

func TestQuotations(t *testing.T) {
	foot := "<footer>© 2026 某公司 地址：某路一号</footer>"
	for _, holder := range []string{
		"<div class=comment>", "<div class='comment-list'>", "<ul class=commentlist>", "<div id=comments>", "<div class=pinglun>", "<div class='评论'>", "<div class=message>", "<div class=msg-box>",
		"<div class=liuyan>", "<div class=guestbook>", "<div class='gbook'>", "<div class='留言板'>", "<ul class=news>", "<div class=indexNews>", "<div class=newslist>", "<div class=m_news>", "<div class=xinwen>",
		"<div class='新闻列表'>", "<ul class=list>", "<div class=artlist>", "<div class=case>", "<div class=caselist>", "<div class='our-cases'>", "<div id=anli>", "<div class='案例'>", "<div class=customer>",
		"<div class='customers-wrap'>", "<div class=kehu>", "<div class=clients>", "<article>", "<div class=article-body>", "<blockquote>", "<div class=testimonials>", "<div class='notice'>", "<div class=zixun>",
	} {
		s := readEnd(holder + "<p>沪ICP备13052560号 是哪家的</p></div>" + foot)
		if len(s.ICP) != 1 || s.ICP[0].Own || !s.ICP[0].Quoted {
			t.Errorf("%s: %+v", holder, s.ICP)
		}
		s = readEnd(holder + "<p>沪ICP备13052560号 是哪家的</p></div><p>© 2026 某公司</p>") // no foot is named
		if len(s.ICP) != 1 || s.ICP[0].Own || !s.ICP[0].Quoted {
			t.Errorf("%s and no foot: %+v", holder, s.ICP)
		}
	}
	for _, markup := range []string{
		"<footer class='news-footer'><p>沪ICP备13052560号</p></footer>", "<footer><div class=newsletter>订阅 沪ICP备13052560号</div></footer>", "<footer><ul class=list><li>沪ICP备13052560号</ul></footer>",
		"<div class=showcase>沪ICP备13052560号</div>", "<div class=links-box>沪ICP备13052560号</div>", "<p>沪ICP备13052560号</p>" + "<div class=copyright>© 2026</div>",
		"<div class=news><footer>沪ICP备13052560号</footer></div>", "<footer>© 2026</footer><p>沪ICP备13052560号</p>",
	} {
		if s := readEnd(markup); len(s.ICP) != 1 || !s.ICP[0].Own || s.ICP[0].Place != Footer {
			t.Errorf("%s: %+v", markup, s.ICP)
		}
	}
	// A page that stands in one such element is the page all the same.
	s := Find(page.Parse([]byte("<div class=news>"+strings.Repeat("<p>本公司生产各类机械设备。</p>", 20)+"<p>© 2026 沪ICP备13052560号</p></div>"), page.Options{}))
	if len(s.ICP) != 1 || !s.ICP[0].Own {
		t.Errorf("%+v", s.ICP)
	}
}

func TestBeforeANamedFoot(t *testing.T) {
	s := readEnd("<p>沪ICP备13052560号</p><footer>© 2026 某公司</footer>")
	if len(s.ICP) != 1 || s.ICP[0].Own || !s.ICP[0].Apart {
		t.Errorf("%+v", s.ICP)
	}
	if s := readEnd("<a href=https://beian.miit.gov.cn/>沪ICP备13052560号</a><footer>© 2026 某公司</footer>"); len(s.ICP) != 1 || !s.ICP[0].Own {
		t.Errorf("with a link to the register: %+v", s.ICP)
	}
}
