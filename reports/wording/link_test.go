package wording

import (
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
)

// TestLinkIsNotRightWhereARuleSaysSo keeps the line of a number from saying that its
// link is right while a finding says that it is not.
func TestLinkIsNotRightWhereARuleSaysSo(t *testing.T) {
	r := &reports.Record{
		Shown: reports.Shown{ICP: []reports.ShownICP{
			{Number: "粤ICP备12015869号-1", Raw: "粤ICP备12015869号-1", Link: "http://www.beian.miit.gov.cn", LinkKind: number.LinkCurrent},
			{Number: "粤ICP备12015870号", Raw: "粤ICP备12015870号", Link: "https://beian.miit.gov.cn/", LinkKind: number.LinkCurrent}}},
		Outcomes: []detect.Outcome{{Rule: "footer-link-legacy", Verdict: detect.Found, Severity: detect.Notice,
			Findings: []detect.Finding{{Saw: detect.Text{ZH: "“粤ICP备12015869号-1”链接到曾用网址"}}}}},
	}
	list := Numbers(r)
	if got := linkText(r, number.LinkCurrent, "粤ICP备12015869号-1", "footer-link-legacy"); got.ZH != "链接须更正" || list[0].Kind == list[1].Kind {
		t.Errorf("%q, %q", got, list)
	}
	if got := linkText(r, number.LinkCurrent, "粤ICP备12015870号", "footer-link-legacy"); got != Word(linkWords, number.LinkCurrent) {
		t.Errorf("%q", got)
	}
}
