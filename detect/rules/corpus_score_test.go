package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
)

// A tally counts right answers.
type tally struct{ right, of int }

func (t *tally) count(ok bool) {
	t.of++
	if ok {
		t.right++
	}
}

func (t tally) share() float64 {
	if t.of == 0 {
		return 0
	}
	return float64(t.right) / float64(t.of)
}

// hits counts what was found rightly, found wrongly and missed.
type hits struct{ hit, extra, missed int }

func (m *hits) compare(got, want map[string]bool) {
	for k := range got {
		if want[k] {
			m.hit++
		} else {
			m.extra++
		}
	}
	for k := range want {
		if !got[k] {
			m.missed++
		}
	}
}

func (m hits) precision() float64 { return ratio(m.hit, m.hit+m.extra) }

func (m hits) recall() float64 { return ratio(m.hit, m.hit+m.missed) }

func (m hits) f1() float64 { return ratio(2*m.hit, 2*m.hit+m.extra+m.missed) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// A score is how the verdicts on the corpus agree with its labels.
type score struct {
	number, link, police, kind, accused tally
	licence, industry                   hits
	ordinaryAccused, falseAccused       []string
	disagree                            []string // one line for each page and figure that disagree
}

// figures returns the score by the names under which floors are kept.
func (s *score) figures() map[string]float64 {
	return map[string]float64{
		"number_exact":       s.number.share(),
		"link_kind":          s.link.share(),
		"police_exact":       s.police.share(),
		"licence_f1":         s.licence.f1(),
		"page_kind":          s.kind.share(),
		"industry_precision": s.industry.precision(),
		"industry_recall":    s.industry.recall(),
		"accused_right":      s.accused.share(),
		"ordinary_accused":   float64(len(s.ordinaryAccused)),
		"false_accused":      float64(len(s.falseAccused)),
	}
}

var nineIndustries = []string{"finance", "news", "publishing", "drugs-devices", "culture", "audiovisual", "healthcare", "ride-hailing", "bulletin-board"}

var notDigit = regexp.MustCompile(`[^0-9]`)

func digitSet(list []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range list {
		set[notDigit.ReplaceAllString(s, "")] = true
	}
	return set
}

// add takes in one page.
func (s *score) add(l label, c *detect.Case, outs []detect.Outcome) {
	s.addNumbers(l, c)
	s.addPolice(l, c)
	s.addLicences(l, c)
	s.addKind(l, c)
	s.addIndustries(l, c)
	s.addAccusations(l, outs)
}

func (s *score) differs(what string, l label, want, got any) {
	s.disagree = append(s.disagree, line(what, l.ID, want, got))
}

func (s *score) addNumbers(l label, c *detect.Case) {
	got, want := map[string]bool{}, map[string]bool{}
	link := "absent"
	for _, n := range c.Shown.ICP {
		if !detect.Visible(n.Place) {
			continue
		}
		got[strings.ToUpper(n.Number)] = true
		if link == "absent" || detect.LinkRank(n.Kind) < detect.LinkRank(number.LinkKind(link)) {
			link = string(n.Kind)
		}
	}
	for _, n := range l.ICP {
		want[strings.ToUpper(n)] = true
	}
	ok := same(got, want)
	s.number.count(ok)
	if !ok {
		s.differs("number", l, keys(want), keys(got))
	}
	if len(want) == 0 {
		return
	}
	ok = link == l.Link || slices.Contains(l.Oddities, "image_badge_link")
	s.link.count(ok)
	if !ok {
		s.differs("link", l, l.Link, link)
	}
}

func (s *score) addPolice(l label, c *detect.Case) {
	var shown []string
	for _, p := range c.Shown.Police {
		shown = append(shown, p.Number)
	}
	got, want, alt := digitSet(shown), digitSet(l.Police), digitSet(l.PoliceOther)
	extra := without(without(got, alt), want)
	if len(want) == 0 && len(without(got, alt)) == 0 {
		return
	}
	ok := len(without(want, got)) == 0 && len(extra) == 0
	s.police.count(ok)
	if !ok {
		s.differs("police", l, keys(want), keys(got))
	}
}

// addLicences compares the licence numbers. The approvals of single games (新出审字) are
// a kind that no label names: they are scored neither way.
func (s *score) addLicences(l label, c *detect.Case) {
	alt := map[string]bool{}
	for _, x := range l.LicencesAlt {
		alt[notDigit.ReplaceAllString(x.Number, "")] = true
	}
	got, want := map[string]bool{}, map[string]bool{}
	for _, x := range l.Licences {
		if d := notDigit.ReplaceAllString(x.Number, ""); d != "" {
			want[x.Kind+" "+d] = true
		}
	}
	for _, x := range c.Shown.Licences {
		if x.Kind == "games" {
			continue
		}
		d := notDigit.ReplaceAllString(x.Number, "")
		if key := x.Kind + " " + d; want[key] || !alt[d] {
			got[key] = true
		}
	}
	s.licence.compare(got, want)
	if !same(got, want) {
		s.differs("licence", l, keys(want), keys(got))
	}
}

func (s *score) addKind(l label, c *detect.Case) {
	accept := []string{l.Kind}
	switch l.Kind {
	case "suspended":
		accept = append(accept, "default-server")
	case "normal":
		accept = append(accept, "login", "listing")
	}
	ok := slices.Contains(accept, string(c.Kind.Name))
	s.kind.count(ok)
	if !ok {
		s.differs("kind", l, l.Kind, c.Kind.Name)
	}
}

func (s *score) addIndustries(l label, c *detect.Case) {
	if l.Kind != "normal" || l.Fragment {
		return
	}
	got, want := map[string]bool{}, map[string]bool{}
	for _, j := range c.Industries {
		if k := string(j.Category); slices.Contains(nineIndustries, k) && !slices.Contains(l.IndustryAlt, k) {
			got[k] = true
		}
	}
	for _, k := range l.Industries {
		want[k] = true
	}
	s.industry.compare(got, want)
	if !same(got, want) {
		s.differs("industry", l, keys(want), keys(got))
	}
}

// addAccusations looks at violations and warnings: what is charged that is not
// so, and what is so and not charged.
func (s *score) addAccusations(l label, outs []detect.Outcome) {
	charged, held := map[string]bool{}, map[string]bool{} // held: left to the browser, which no file has here
	for _, o := range outs {
		held[o.Rule] = o.Verdict == detect.Unknown && o.Reason == detect.ReasonNotRendered
		if o.Verdict == detect.Found && o.Severity != detect.Notice {
			charged[o.Rule] = true
		}
	}
	var wrong []string
	hasNumber := len(l.ICP) > 0 || slices.ContainsFunc(l.Licences, func(x labelLicence) bool { return x.Kind == "telecom" || x.Kind == "icp-commercial" })
	dummy := len(l.Malformed) > 0
	for _, o := range []string{"dummy_numbers", "placeholder", "two_numbers", "template"} {
		dummy = dummy || slices.Contains(l.Oddities, o)
	}
	for rule := range charged {
		switch {
		case l.Ordinary && strings.HasPrefix(rule, "preapproval-"):
			s.ordinaryAccused = append(s.ordinaryAccused, l.ID+" "+rule)
		case rule == "footer-number-missing" && (hasNumber || l.Fragment || l.Kind == "spa-shell" || l.Kind == "block"),
			strings.HasPrefix(rule, "footer-link-") && l.Link == "current",
			hasNumber && !dummy && (rule == "footer-number-fake" || rule == "footer-number-wrong"),
			l.Kind == "normal" && (strings.HasPrefix(rule, "filed-site-") || strings.HasPrefix(rule, "unfiled-site")):
			wrong = append(wrong, rule)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		s.falseAccused = append(s.falseAccused, l.ID+" "+strings.Join(wrong, " "))
	}
	due := map[string]string{"none": "footer-link-missing", "legacy": "footer-link-legacy"}[l.Link]
	if due == "" || l.Provenance != "saved" && l.Provenance != "site" || slices.Contains(l.Oddities, "image_badge_link") || slices.Contains(l.Oddities, "teleport_link") {
		return
	}
	s.accused.count(charged[due] || held[due])
	if !charged[due] && !held[due] {
		s.differs("not accused", l, due, keys(charged))
	}
}

func same(a, b map[string]bool) bool { return len(without(a, b)) == 0 && len(without(b, a)) == 0 }

func without(a, b map[string]bool) map[string]bool {
	rest := map[string]bool{}
	for k := range a {
		if !b[k] {
			rest[k] = true
		}
	}
	return rest
}

func keys(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for k := range set {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
