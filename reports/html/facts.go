package html

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// facts are the short facts about the answer and the visit.
func facts(run *reports.Run, r *reports.Record) []factView {
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
	value := func(s string) detect.Text { return wording.Same(wording.Clean(s, 400)) }
	status := ""
	if r.HTTPStatus != 0 {
		status = "HTTP " + strconv.Itoa(r.HTTPStatus)
	}
	put(wording.Say("最终页面", "Final page"), value(r.FinalURL), wording.Same(status))
	put(wording.Say("页面标题", "Page title"), value(r.Title))
	put(wording.Say("页面类型", "Kind of page"), wording.Word(wording.PageKindWords, r.PageKind), kindProof(r))
	put(wording.Say("字符集", "Charset"), value(r.Charset))
	put(wording.Say("解析地址", "Addresses"), addressTexts(r)...)
	put(wording.Say("所在地", "Location"), placeText(r))
	put(wording.Say("解析服务器", "Resolver"), wording.Server(r.Detail.Resolver))
	if r.Detail.TLSFault != "" {
		put(wording.Say("证书问题", "Certificate fault"), wording.Certificate(r.Detail.TLSFault))
	}
	put(wording.Say("行业", "Industries"), industryTexts(r)...)
	var fails []detect.Text
	for _, f := range r.Detail.Fails {
		fails = append(fails, wording.FailedRequest(f))
	}
	put(wording.Say("失败的请求", "Failed requests"), fails...)
	put(wording.Say("负责人", "Owner"), value(r.Owner), value(r.Detail.Team), value(r.Detail.Contact))
	if r.Detail.Line > 0 {
		put(wording.Say("清单行号", "Inventory line"), wording.Same(wording.Grouped(r.Detail.Line)))
	}
	if run != nil {
		put(wording.Say("批次号", "Run"), value(run.ID))
	}
	put(wording.Say("规则集", "Rule set"), value(r.Ruleset))
	return list
}

// kindProof says what told the kind of page, if anything special did.
func kindProof(r *reports.Record) detect.Text {
	var parts []string
	for _, s := range []string{r.Detail.Fingerprint, r.Detail.Saw} {
		if s = wording.Clean(s, 200); s != "" {
			parts = append(parts, s)
		}
	}
	return wording.Same(strings.Join(parts, " · "))
}

func addressTexts(r *reports.Record) []detect.Text {
	var list []detect.Text
	for _, a := range r.Addresses[:min(len(r.Addresses), 16)] {
		list = append(list, wording.Same(wording.Clean(a, 60)))
	}
	if n := len(r.Addresses) - 16; n > 0 {
		list = append(list, wording.Counted(n, "个地址未列出", "more", "more"))
	}
	return list
}

func placeText(r *reports.Record) detect.Text {
	t := wording.Say("未知", "not known")
	switch {
	case r.File != "" || r.HTTPStatus == 0 && len(r.Addresses) == 0:
		return detect.Text{}
	case r.Mainland:
		t = wording.Say("中国大陆", "mainland China")
	case r.Detail.PlaceKnown:
		t = wording.Say("中国大陆以外", "outside mainland China")
	}
	if c := wording.Clean(r.Detail.Country, 10); c != "" && !r.Mainland {
		t = detect.Text{ZH: "中国大陆以外（" + c + "）", EN: "outside mainland China (" + c + ")"}
	}
	if n := wording.Clean(r.Detail.Network, 80); n != "" {
		t = wording.Joined(wording.Comma, t, wording.Say("共享网络 "+n+"，不代表服务器位置", "shared network "+n+", which says little about the server"))
	}
	return t
}

func industryTexts(r *reports.Record) []detect.Text {
	var list []detect.Text
	for _, i := range r.Industries {
		list = append(list, wording.Joined(wording.Same(" "), wording.Word(wording.IndustryWords, i.Category), wording.Same(fmt.Sprintf("%.2f", i.Score))))
	}
	return list
}
