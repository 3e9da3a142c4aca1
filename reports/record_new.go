package reports

import (
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/region"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// Limits on what a page of a stranger may put into a record, so that one
// hostile page cannot fill the store. The evidence keeps everything.
const (
	maxTitle   = 512  // bytes; search engines cut titles far earlier
	maxRaw     = 256  // bytes of a number as written; the canonical form has about 40
	maxLink    = 2048 // bytes of an address; browsers and servers stop at a few thousand
	maxQuote   = 1024 // bytes of a sentence that decided
	maxNumbers = 100  // numbers of one sort; a page with more is a list of others' numbers
	maxHops    = 40   // answers told of; a chain has at most 10
	maxAddrs   = 64
	maxFound   = 50   // findings of one rule
	maxQuotes  = 20   // sentences of one finding or industry
	maxSaid    = 4096 // bytes of one text of a finding
)

// NewRecord tells of one judged case. The run may be nil for a visit outside
// of one. outs are the outcomes of all rules in order.
func NewRecord(run *Run, c *detect.Case, outs []detect.Outcome) *Record {
	snippet := rules.Snippet(c, outs)
	r := &Record{
		Schema: Schema, File: c.File,
		Liveness: c.Liveness, Cause: c.Cause, Attempts: max(1, len(c.Attempts)),
		PageKind: c.Kind.Name, Mainland: c.Place.Mainland,
		Filing: filingOf(&c.Filing), Shown: shownOf(c), Industries: industriesOf(c),
		Outcomes: withinLimits(c, rules.WithSnippet(outs, snippet)), Detail: detailOf(c),
	}
	r.Detail.Snippet = cut(snippet, maxSaid)
	if run != nil {
		r.Run, r.Ruleset, r.Vantage = run.ID, run.Ruleset, run.Vantage
	}
	if r.Ruleset == "" {
		r.Ruleset = detect.Ruleset()
	}
	at := c.At
	if c.File == "" { // of a file nothing but its bytes is known
		r.Domain, r.Owner = c.Target.Domain, c.Target.Owner
		r.Hops, r.Addresses = hopsOf(c), addressesOf(c)
		at = c.Obs.At
		if r.Vantage == "" {
			r.Vantage = c.Obs.Vantage
		}
		if c.Answer != nil {
			r.FinalURL, r.HTTPStatus = cut(c.Answer.URL, maxLink), c.Answer.Status
		}
	}
	r.At = at.Truncate(time.Second)
	if c.Home != nil {
		r.Charset, r.Title = c.Static.Charset, cut(c.Home.Title, maxTitle)
	}
	return r
}

func filingOf(f *crawler.Filing) Filing {
	return Filing{Status: string(f.Status), Number: f.Number, Source: f.Source, At: day(f.CheckedAt)}
}

func shownOf(c *detect.Case) Shown {
	var s Shown
	for _, n := range c.Shown.ICP[:min(maxNumbers, len(c.Shown.ICP))] {
		s.ICP = append(s.ICP, ShownICP{Number: cut(n.Number, maxRaw), Raw: cut(n.Raw, maxRaw), Place: n.Place, Link: cut(n.Link, maxLink), LinkKind: n.Kind})
	}
	for _, n := range c.Shown.Police[:min(maxNumbers, len(c.Shown.Police))] {
		s.Police = append(s.Police, ShownPolice{Number: cut(n.Number, maxRaw), Link: cut(n.Link, maxLink), LinkKind: n.Kind})
	}
	for _, n := range c.Shown.Licences[:min(maxNumbers, len(c.Shown.Licences))] {
		s.Licences = append(s.Licences, ShownLicence{Kind: n.Kind, Number: cut(n.Number, maxRaw)})
	}
	return s
}

func industriesOf(c *detect.Case) []Industry {
	var list []Industry
	for _, j := range c.Industries {
		score := math.Round(j.Score*100) / 100
		if !(score >= 0 && score <= 1) { // also false for NaN, which JSON has no word for
			score = 0
		}
		list = append(list, Industry{Category: j.Category, Score: score, Evidence: quoted(j.Evidence)})
	}
	return list
}

// withinLimits is outs with findings within the limits, whose remedies speak of
// "this page" where a file was judged; the ones given are left as they are.
func withinLimits(c *detect.Case, outs []detect.Outcome) []detect.Outcome {
	outs = slices.Clone(outs)
	for i := range outs {
		var list []detect.Finding
		for _, f := range outs[i].Findings[:min(maxFound, len(outs[i].Findings))] {
			if c.File != "" {
				f.Fix = ThisPage(f.Fix) // what was seen may have the page's own words
			}
			f.Where, f.Saw, f.Fix = cutText(f.Where), cutText(f.Saw), cutText(f.Fix)
			f.Snippet, f.Quotes = cut(f.Snippet, maxSaid), quoted(f.Quotes)
			list = append(list, f)
		}
		outs[i].Findings = list
	}
	return outs
}

// ThisPage is a rule's own text about a page that need not be the home page: a
// file is told of as "this page". It is for titles and remedies, not for what has
// words of the page in it.
func ThisPage(t detect.Text) detect.Text {
	return detect.Text{ZH: thisPageZH.Replace(t.ZH), EN: thisPageEN.Replace(t.EN)}
}

var (
	thisPageZH = strings.NewReplacer("网站首页", "本页", "首页", "本页", "主页", "本页")
	thisPageEN = strings.NewReplacer("the home page", "this page", "The home page", "This page", "a home page", "this page", "home page", "page")
)

func cutText(t detect.Text) detect.Text {
	return detect.Text{ZH: cut(t.ZH, maxSaid), EN: cut(t.EN, maxSaid)}
}

func quoted(list []string) []string {
	quotes := make([]string, 0, min(maxQuotes, len(list)))
	for _, q := range list[:min(maxQuotes, len(list))] {
		quotes = append(quotes, cut(q, maxQuote))
	}
	return quotes
}

// hopsOf lists the answers that led to the one that was judged.
func hopsOf(c *detect.Case) []Hop {
	var hops []Hop
	for _, p := range c.Hops[:min(maxHops, len(c.Hops))] {
		hops = append(hops, Hop{URL: cut(p.URL, maxLink), Status: p.Status, Address: address(p.Addr.Addr())})
	}
	return hops
}

// addressesOf lists where the domain resolves to, or what was dialled for it
// when nothing was asked.
func addressesOf(c *detect.Case) []string {
	var list []string
	add := func(a netip.Addr) {
		if s := address(a); s != "" && len(list) < maxAddrs && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for i := range c.Obs.Lookups {
		if l := &c.Obs.Lookups[i]; l.Name == c.Obs.Domain {
			for _, a := range l.Addrs {
				add(a)
			}
		}
	}
	if list != nil {
		return list
	}
	add(c.Target.Address)
	if a, err := netip.ParseAddr(c.Obs.Domain); err == nil {
		add(a)
	}
	return list
}

func detailOf(c *detect.Case) Detail {
	d := Detail{
		Subject: c.Filing.Subject, SiteName: c.Filing.SiteName, Why: c.Filing.Reason,
		Country: c.Place.Country, PlaceKnown: c.Place.Known, Network: c.Place.Shared,
		Fingerprint: c.Kind.Fingerprint, Saw: cut(c.Kind.Saw, maxQuote),
	}
	t := c.Target
	d.Line, d.Sheet, d.Team, d.Contact = t.Line, t.Sheet, t.Team, t.Contact
	d.Province = provinceOf(&c.Filing)
	if t.Given != t.Domain {
		d.Given = t.Given
	}
	if c.Answer != nil && c.Answer.TLS != nil {
		d.TLSFault = cut(c.Answer.TLS.Fault, maxQuote)
	}
	d.seen(c.Obs)
	if len(c.Attempts) > 1 {
		for _, a := range c.Attempts {
			d.Looks = append(d.Looks, Look{At: a.At.Truncate(time.Second), Liveness: a.Liveness, Cause: a.Cause, Server: a.Server})
		}
	}
	return d
}

// provinceOf returns the short name of the province of a filing: the one that is
// told, else that of its number.
func provinceOf(f *crawler.Filing) string {
	if p := region.ByWord(f.Province); p != region.None {
		return p.Name()
	}
	first, _ := utf8.DecodeRuneInString(f.Number)
	if first == utf8.RuneError {
		return ""
	}
	return region.ByWord(string(first)).Name()
}

// seen fills in what the visit itself met.
func (d *Detail) seen(obs *crawler.Observation) {
	d.Trouble = cut(obs.Trouble, maxQuote)
	for i := range obs.Lookups {
		l := &obs.Lookups[i]
		if l.Name == obs.Domain && d.Resolver == "" {
			d.Resolver = l.Server
		}
		if l.Failure != nil && len(d.Fails) < maxHops {
			d.Fails = append(d.Fails, cut(l.Type+" "+l.Name+": "+l.Failure.String(), maxQuote))
		}
	}
	for i := range obs.Visits {
		if v := &obs.Visits[i]; v.Failure != nil && len(d.Fails) < maxHops {
			d.Fails = append(d.Fails, cut(v.Failed+": "+v.Failure.String(), maxQuote))
		}
	}
}

// address is an IP address as text, without a zone; "" for none.
func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.Unmap().WithZone("").String()
}

// day is a date as YYYY-MM-DD; "" for the zero time.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// cut shortens s to at most limit bytes at the end of a character, and makes
// it valid UTF-8, which JSON needs.
func cut(s string, limit int) string {
	if len(s) > limit {
		end := limit - len("…")
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
