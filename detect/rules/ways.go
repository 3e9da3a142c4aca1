package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// maxWays bounds the ways that a finding names one by one.
const maxWays = 4

// waysText tells, as the end of a sentence, what came of the other ways to the
// site, and which addresses were left out; empty if there is nothing to tell.
func waysText(c *detect.Case) detect.Text {
	var zh, en []string
	ways := c.OtherWays()
	for _, w := range ways[:min(len(ways), maxWays)] {
		cause, at := detect.CauseText(w.Cause), w.URL
		if w.Addr.IsValid() {
			at += " @ " + w.Addr.String()
		}
		zh, en = append(zh, at+" "+cause.ZH), append(en, at+" "+cause.EN)
	}
	var t detect.Text
	if len(zh) > 0 {
		t = detect.Text{ZH: "；其他入口也未看到网站：" + strings.Join(zh, "、"), EN: "; no site by any other way: " + strings.Join(en, ", ")}
	}
	if more := len(ways) - maxWays; more > 0 {
		t.ZH += fmt.Sprintf(" 等共 %d 个", len(ways))
		t.EN += fmt.Sprintf(" and %d more", more)
	}
	if out := c.LeftOut(); len(out) > 0 {
		list := texts(out[:min(len(out), maxWays)])
		t.ZH += "；本机没有到以下地址的路由，未计入：" + strings.Join(list, "、")
		t.EN += "; left out, since this machine has no route to them: " + strings.Join(list, ", ")
	}
	return t
}

func texts(addrs []netip.Addr) []string {
	list := make([]string, len(addrs))
	for i, a := range addrs {
		list[i] = a.String()
	}
	return list
}
