package listing

import (
	"cmp"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
)

// form is the version of [Digest]: a stored one of another form is made anew.
const form = 1

// A Digest is what the pages tell of a finished run as a whole. It does not grow
// with the run.
type Digest struct {
	Run      string               `json:"run"`
	Points   reports.Point        `json:"points"`
	Liveness []reports.Count      `json:"liveness"`
	Causes   []reports.Count      `json:"causes"`
	Rules    []reports.RuleCount  `json:"rules"`
	Owners   []reports.OwnerCount `json:"owners"`
	// Reasons counts the inconclusive domains by [reports.WhyUndecided], the most
	// frequent first.
	Reasons []reports.Count `json:"reasons"`
	// Facets counts domains by the values of each column that lists are filtered
	// by, the most frequent first, at most maxFacet of each.
	Facets  map[Facet][]reports.Count `json:"facets"`
	Changes *Changes                  `json:"changes,omitempty"` // against the finished run before; nil if there is none
}

// Changes is a comparison of two runs: counts, and the first of each kind, the
// most severe first.
type Changes struct {
	Was     string                                        `json:"was"`
	Now     string                                        `json:"now"`
	Counts  reports.DiffCounts                            `json:"counts"`
	Samples map[reports.ChangeKind][]reports.ChangeSample `json:"samples"`
}

// newChanges keeps what a page shows of a comparison.
func newChanges(c *reports.Changes) *Changes {
	out := &Changes{Was: c.Was.ID, Now: c.Now.ID, Counts: c.Counts, Samples: map[reports.ChangeKind][]reports.ChangeSample{}}
	for _, kind := range append([]reports.ChangeKind{reports.ChangeWaived}, reports.ChangeKinds...) {
		if list := c.Samples(kind); len(list) > 0 {
			out.Samples[kind] = list
		}
	}
	return out
}

// A Facet is a column that lists are filtered by.
type Facet string

// The facets.
const (
	FacetTone     Facet = "status"
	FacetRule     Facet = "rule"
	FacetOwner    Facet = "owner"
	FacetTeam     Facet = "team"
	FacetProvince Facet = "province"
	FacetNetwork  Facet = "network"
	FacetLiveness Facet = "liveness"
)

// Bounds on what a digest keeps of a hostile or huge inventory.
const (
	maxFacet  = 200
	maxValues = 20_000 // values of a facet that are counted one by one
	maxText   = 200    // bytes of a column
)

// A digesting makes a digest of records as they come.
type digesting struct {
	summary *reports.Summary
	facets  map[Facet]map[string]int
}

func newDigesting(run *reports.Run, rules []*detect.Rule) *digesting {
	return &digesting{summary: reports.NewSummary(run, rules), facets: map[Facet]map[string]int{}}
}

func (d *digesting) add(r *reports.Record, row *Row) {
	d.summary.Add(r)
	d.count(FacetTone, row.Tone)
	d.count(FacetLiveness, string(row.Liveness))
	d.count(FacetOwner, row.Owner)
	d.count(FacetTeam, row.Team)
	d.count(FacetProvince, row.Province)
	d.count(FacetNetwork, row.Network)
	for _, rule := range row.Rules {
		d.count(FacetRule, rule)
	}
}

func (d *digesting) count(f Facet, value string) {
	if value == "" {
		return
	}
	m := d.facets[f]
	if m == nil {
		m = map[string]int{}
		d.facets[f] = m
	}
	if _, ok := m[value]; ok || len(m) < maxValues {
		m[value]++
	}
}

func (d *digesting) end() *Digest {
	s := d.summary
	s.Close()
	out := &Digest{Run: s.Points.Run, Points: s.Points, Liveness: s.Liveness, Causes: s.Causes, Rules: s.Rules, Owners: s.Owners,
		Facets: map[Facet][]reports.Count{}}
	for _, c := range s.Undecided() {
		out.Reasons = append(out.Reasons, reports.Count{Word: string(c.Reason), N: c.N})
	}
	for f, m := range d.facets {
		out.Facets[f] = ranked(m)
	}
	return out
}

// ranked lists counts, the most frequent first.
func ranked(m map[string]int) []reports.Count {
	list := make([]reports.Count, 0, len(m))
	for word, n := range m {
		list = append(list, reports.Count{Word: word, N: n})
	}
	slices.SortFunc(list, func(a, b reports.Count) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Word, b.Word)) })
	return list[:min(len(list), maxFacet)]
}

// A Row is a domain in a list.
type Row struct {
	Domain     string
	Tone       string
	Liveness   detect.Liveness
	Cause      string
	Owner      string
	Team       string
	Province   string // the character of the filing number: 京
	Network    string
	Title      string
	Rules      []string // that found something which is not waived, the most severe first
	Since, Due time.Time
	At         time.Time

	waived []string // rules that found something which is waived; it is not stored
}

// rowOf is the row of a record.
func rowOf(r *reports.Record) *Row {
	row := &Row{Domain: r.Domain, Tone: r.Tone(), Liveness: r.Liveness, Cause: cut(r.Cause), Owner: cut(r.Owner), Team: cut(r.Detail.Team),
		Network: cut(r.Detail.Network), Title: cut(r.Title), At: r.At}
	if n, ok := number.Parse(r.Filing.Number); ok {
		row.Province = n.Province
	}
	for rank := 3; rank > 0; rank-- {
		for i := range r.Outcomes {
			o := &r.Outcomes[i]
			switch {
			case o.Verdict != detect.Found || reports.Rank(o.Severity) != rank:
			case r.Waived(o.Rule):
				row.waived = append(row.waived, o.Rule)
			default:
				row.Rules = append(row.Rules, o.Rule)
				if rank > 1 {
					row.date(o)
				}
			}
		}
	}
	return row
}

// date keeps the oldest and the most pressing of the dates of what was found.
func (r *Row) date(o *detect.Outcome) {
	if !o.Since.IsZero() && (r.Since.IsZero() || o.Since.Before(r.Since)) {
		r.Since = o.Since
	}
	if !o.Due.IsZero() && (r.Due.IsZero() || o.Due.Before(r.Due)) {
		r.Due = o.Due
	}
}
