package source

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// onThePage are the beginnings of the ids of rules that tell of what stands on a
// page, or lacks there. What others quote comes from DNS, a register or the
// inventory, and may stand on the page by chance.
var onThePage = []string{"footer-", "police-", "preapproval-", "content-", "personal-filing-", "site-name-mismatch", "filed-site-placeholder", "filing-disputed", "unfiled-site-serving"}

// About reports whether a rule tells of what stands on a page.
func About(rule string) bool {
	for _, beginning := range onThePage {
		if strings.HasPrefix(rule, beginning) {
			return true
		}
	}
	return false
}

// Words lists what shows where a finding is, the most telling first: the words that
// it quotes, and the numbers of the page that its rule is about.
func Words(r *reports.Record, rule string, f *detect.Finding) []string {
	list := quoted(f.Saw.ZH)
	list = append(list, f.Quotes...)
	if strings.HasPrefix(rule, "footer-") || strings.HasPrefix(rule, "filing-disputed") {
		for _, n := range r.Shown.ICP {
			list = append(list, n.Raw, n.Number)
		}
	}
	if strings.HasPrefix(rule, "police-") {
		for _, n := range r.Shown.Police {
			list = append(list, n.Number)
		}
	}
	if strings.HasPrefix(rule, "site-name-") {
		list = append(list, r.Title)
	}
	return list
}

// Finding returns where a finding stands in a page; for a number that is missing from
// the foot, where the foot is.
func (s *Source) Finding(r *reports.Record, rule string, f *detect.Finding) (Place, bool) {
	if !About(rule) {
		return Place{}, false
	}
	for _, words := range Words(r, rule, f) {
		if p, ok := s.Find(words); ok {
			return p, true
		}
	}
	if strings.HasPrefix(rule, "footer-") || strings.HasPrefix(rule, "police-") {
		return s.Foot()
	}
	return Place{}, false
}

// quoted lists what stands between Chinese quotation marks.
func quoted(s string) []string {
	var list []string
	for {
		_, rest, ok := strings.Cut(s, "“")
		if !ok {
			return list
		}
		words, after, ok := strings.Cut(rest, "”")
		if !ok {
			return list
		}
		list, s = append(list, words), after
	}
}

// Pages lists the pages of an observation that a finding may stand in: the one that
// its place names, the answer that was judged, and what a browser made of it.
func Pages(obs *crawler.Observation, r *reports.Record, f *detect.Finding) []*crawler.Page {
	var named, answer []*crawler.Page
	for i := range obs.Visits {
		for j := range obs.Visits[i].Hops {
			p := &obs.Visits[i].Hops[j]
			switch {
			case len(p.Body) == 0:
			case p.URL != r.FinalURL && p.URL != "" && strings.Contains(f.Where.ZH, p.URL):
				named = append(named, p)
			case p.URL == r.FinalURL || r.FinalURL == "":
				answer = []*crawler.Page{p} // the last one
			}
		}
	}
	list := append(named, answer...)
	if obs.Rendered != nil && len(obs.Rendered.Body) > 0 {
		list = append(list, obs.Rendered)
	}
	return list
}
