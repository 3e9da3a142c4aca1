package html

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/source"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// maxExcerpts bounds the excerpts of one report; findings of one place share one.
const maxExcerpts = 4

// An excerptView is the source around a finding.
type excerptView struct {
	Title detect.Text
	Lines []source.Line
}

// excerpts finds the source of the findings: an excerpt for the first finding of
// each rule that stands in the page, by rule.
func excerpts(obs *crawler.Observation, r *reports.Record) map[string]excerptView {
	if obs == nil {
		return nil
	}
	views := map[string]excerptView{}
	read := map[*crawler.Page]*source.Source{}
	type spot struct {
		page *crawler.Page
		line int
	}
	told := map[spot]bool{}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Found || len(o.Findings) == 0 || len(views) == maxExcerpts || !source.About(o.Rule) {
			continue
		}
		f := &o.Findings[0]
		for _, p := range source.Pages(obs, r, f) {
			s := read[p]
			if s == nil {
				s = source.Of(p)
				read[p] = s
			}
			place, ok := s.Finding(r, o.Rule, f)
			if !ok {
				continue
			}
			if !told[spot{p, place.Line}] {
				told[spot{p, place.Line}] = true
				views[o.Rule] = excerptOf(s, p, place)
			}
			break
		}
	}
	return views
}

func excerptOf(s *source.Source, p *crawler.Page, place source.Place) excerptView {
	v := excerptView{Title: wording.Sayf(wording.Say("网页源代码第 %[1]d 行，第 %[2]d 列", "source of the page, line %[1]d, column %[2]d"), place.Line, place.Column)}
	if p.Via == crawler.ViaRendered {
		v.Title = wording.Sayf(wording.Say("浏览器渲染后的代码第 %[1]d 行，第 %[2]d 列", "code as rendered in a browser, line %[1]d, column %[2]d"), place.Line, place.Column)
	}
	for _, l := range s.Excerpt(place) {
		v.Lines = append(v.Lines, source.Line{N: l.N, Before: wording.Clean(l.Before, 0), Hit: wording.Clean(l.Hit, 0), After: wording.Clean(l.After, 0)})
	}
	return v
}

// digests lists what was kept of the visit, each with its size and SHA-256, by
// which a reader can tell that evidence is what was received.
func digests(obs *crawler.Observation, r *reports.Record) tableView {
	t := tableView{
		Title: wording.Say("证据的校验值", "Digests of the evidence"),
		Head:  []column{wide("内容", "Content"), narrow("字节", "Bytes"), wide("SHA-256", "SHA-256")},
	}
	add := func(what detect.Text, data []byte) {
		sum := sha256.Sum256(data)
		t.add(what, wording.Same(wording.Grouped(len(data))), wording.Same(hex.EncodeToString(sum[:])))
	}
	for _, p := range source.Pages(obs, r, &detect.Finding{}) {
		what := wording.Same(wording.Clean(p.URL, 300))
		if p.Via == crawler.ViaRendered {
			what = wording.Say("浏览器渲染后的页面", "page as rendered in a browser")
		}
		add(what, p.Body)
	}
	if len(obs.Screenshot) > 0 {
		add(wording.Say("截图（JPEG）", "screenshot (JPEG)"), obs.Screenshot)
	}
	return t
}
