package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// facts are the short facts about the answer and the look.
func facts(run *Run, r *Record) []factView {
	var list []factView
	put := func(name detect.Text, values ...detect.Text) {
		var kept []detect.Text
		for _, t := range values {
			if t.ZH != "" {
				kept = append(kept, t)
			}
		}
		if len(kept) > 0 {
			list = append(list, factView{name, kept[:min(len(kept), maxRows)]})
		}
	}
	value := func(s string) detect.Text { return same(clean(s, 400)) }
	status := ""
	if r.HTTPStatus != 0 {
		status = "HTTP " + strconv.Itoa(r.HTTPStatus)
	}
	put(say("最终页面", "Final page"), value(r.FinalURL), same(status))
	put(say("页面标题", "Page title"), value(r.Title))
	put(say("页面类型", "Kind of page"), word(pageKindWords, r.PageKind), kindProof(r))
	put(say("字符集", "Charset"), value(r.Charset))
	put(say("解析地址", "Addresses"), addressTexts(r)...)
	put(say("所在地", "Location"), placeText(r))
	put(say("解析服务器", "Resolver"), value(r.Detail.Resolver))
	put(say("证书问题", "Certificate fault"), value(r.Detail.TLSFault))
	put(say("行业", "Trades"), industryTexts(r)...)
	var fails []detect.Text
	for _, f := range r.Detail.Fails {
		fails = append(fails, value(f))
	}
	put(say("失败的请求", "What failed"), fails...)
	put(say("负责人", "Owner"), value(r.Owner), value(r.Detail.Team), value(r.Detail.Contact))
	if r.Detail.Line > 0 {
		put(say("清单行号", "Inventory line"), same(grouped(r.Detail.Line)))
	}
	if run != nil {
		put(say("运行", "Run"), value(run.ID))
	}
	put(say("规则集", "Rule set"), value(r.Ruleset))
	return list
}

// kindProof says what told the kind of page, if anything special did.
func kindProof(r *Record) detect.Text {
	var parts []string
	for _, s := range []string{r.Detail.Fingerprint, r.Detail.Saw} {
		if s = clean(s, 200); s != "" {
			parts = append(parts, s)
		}
	}
	return same(strings.Join(parts, " · "))
}

func addressTexts(r *Record) []detect.Text {
	var list []detect.Text
	for _, a := range r.Addresses[:min(len(r.Addresses), 16)] {
		list = append(list, same(clean(a, 60)))
	}
	if n := len(r.Addresses) - 16; n > 0 {
		list = append(list, counted(n, "个地址未列出", "more", "more"))
	}
	return list
}

func placeText(r *Record) detect.Text {
	t := say("未知", "not known")
	switch {
	case r.File != "" || r.HTTPStatus == 0 && len(r.Addresses) == 0:
		return detect.Text{}
	case r.Mainland:
		t = say("中国大陆", "mainland China")
	case r.Detail.PlaceKnown:
		t = say("中国大陆以外", "outside mainland China")
	}
	if c := clean(r.Detail.Country, 10); c != "" && !r.Mainland {
		t = detect.Text{ZH: "中国大陆以外（" + c + "）", EN: "outside mainland China (" + c + ")"}
	}
	if n := clean(r.Detail.Network, 80); n != "" {
		t = joined(comma, t, say("共享网络 "+n+"，不代表服务器位置", "shared network "+n+", which says little about the server"))
	}
	return t
}

func industryTexts(r *Record) []detect.Text {
	var list []detect.Text
	for _, i := range r.Industries {
		list = append(list, joined(same(" "), word(industryWords, i.Category), same(fmt.Sprintf("%.2f", i.Score))))
	}
	return list
}
