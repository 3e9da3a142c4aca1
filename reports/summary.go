package reports

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// The bounds of a summary. A run may have millions of domains; what is kept
// of it does not grow with them.
const (
	maxSamples = 50     // domains listed under one rule, most severe first
	maxRejects = 200    // rejected lines listed
	maxReasons = 50     // different reasons of rejection counted one by one
	maxCauses  = 64     // different causes counted one by one
	maxOwners  = 10_000 // different owners counted one by one
	maxShort   = 640    // bytes of any one text of a stranger; renderers clean and cut it to a line
)

// A Summary is what is told of a whole run. Records stream through Add; only
// counts and bounded samples stay. It is not safe for concurrent use.
type Summary struct {
	Run      *Run
	Past     []Point      // earlier runs of the same inventory, in any order
	Changes  *Changes     // against the run before; nil if there is none
	Points   Point        // the counts of this run
	Liveness []Count      // domains by state, in the order of the words
	Causes   []Count      // domains that are down by cause; filled by [Summary.Close]
	Rules    []RuleCount  // in the order of the rule set
	Rejects  []Reject     // the first of the rejected lines
	Reasons  []Count      // rejected lines by reason; filled by Close
	Owners   []OwnerCount // all of them, up to maxOwners; filled by Close
	Others   *OwnerCount  // the domains of all further owners, nil if there are none; filled by Close
	Due      Deadlines
	Undrawn  int         // domains whose page there was no time to draw
	Life     *LifeCounts // what has become of the findings; nil if it is not known
	Lapsed   []Waiver    // waivers that have expired, those of late first; bounded

	// Page returns the relative address of a domain's report, "" if there is
	// none; tone is its most severe finding, or one that is known of. It may be nil.
	Page func(domain, tone string) string

	rules     map[string]int
	causes    words
	reasons   words
	owners    owners
	undecided whys
}

// A Point is one run in the trend: how many domains it saw, each under the
// most severe thing that was found on it.
type Point struct {
	Run        string    `json:"run"`
	At         time.Time `json:"at"`
	Ruleset    string    `json:"ruleset"`
	Domains    int       `json:"domains"`
	Violations int       `json:"violations"`
	Warnings   int       `json:"warnings"`
	Notices    int       `json:"notices"`
	Clean      int       `json:"clean"`   // judged, nothing found
	Unknown    int       `json:"unknown"` // nothing found, but not seen clearly either
	Waived     int       `json:"waived"`  // all that was found is waived
}

// Found counts the domains on which something was found.
func (p Point) Found() int { return p.Violations + p.Warnings + p.Notices }

// A Count is how often a word was met.
type Count struct {
	Word string
	N    int
}

// A RuleCount is the column of one rule over all domains: its boxes add up to
// the domains of the run.
type RuleCount struct {
	Rule                          string
	Violations, Warnings, Notices int
	Pass, Unknown, Exempt, Broken int
	Waived                        int // found, and waived
	samples                       Gravest[Sample]
	why                           whys // the reasons of Unknown
}

// Found counts the domains on which the rule found something.
func (c *RuleCount) Found() int { return c.Violations + c.Warnings + c.Notices }

// Samples are the first domains on which the rule found something, the
// most severe findings first, at most maxSamples.
func (c *RuleCount) Samples() []Sample { return c.samples.List(maxSamples) }

// A Sample is one domain under a rule.
type Sample struct {
	Domain   string
	Owner    string
	Severity detect.Severity
	Saw      detect.Text
}

// A Reject is an input line that could not be used.
type Reject struct {
	Line   int
	Text   string
	Reason string
}

// NewSummary begins the summary of a run. The rules set the order in which
// they are told of; a rule of the records that is not among them comes last.
func NewSummary(run *Run, rules []*detect.Rule) *Summary {
	s := &Summary{Run: run, rules: map[string]int{}, owners: owners{by: map[OwnerKey]*OwnerCount{}}, undecided: whys{}}
	if run != nil {
		s.Points = Point{Run: run.ID, At: run.StartedAt, Ruleset: run.Ruleset}
	}
	for _, l := range livenessOrder {
		s.Liveness = append(s.Liveness, Count{Word: string(l)})
	}
	for _, r := range rules {
		s.ruleCount(r.ID)
	}
	s.causes, s.reasons = newWords(maxCauses), newWords(maxReasons)
	return s
}

// Read adds every record and closes the summary.
func (s *Summary) Read(records iter.Seq2[*Record, error]) error {
	for r, err := range records {
		if err != nil {
			return err
		}
		s.Add(r)
	}
	s.Close()
	return nil
}

// Add counts one domain. The record is not kept.
func (s *Summary) Add(r *Record) {
	tone := r.Tone()
	s.Points.add(tone)
	s.addLiveness(r)
	undrawn := false
	for i := range r.Outcomes {
		s.addOutcome(r, &r.Outcomes[i])
		undrawn = undrawn || r.Outcomes[i].Reason == detect.ReasonDrawnLate
	}
	if undrawn {
		s.Undrawn++
	}
	s.owners.add(r, tone)
	if tone == string(detect.Unknown) {
		s.undecided.add(WhyUndecided(r))
	}
}

// Reject counts one input line that could not be used.
func (s *Summary) Reject(line int, text, reason string) {
	reason = cut(reason, maxShort)
	s.reasons.add(reason)
	if len(s.Rejects) < maxRejects {
		s.Rejects = append(s.Rejects, Reject{Line: line, Text: cut(text, maxShort), Reason: reason})
	}
}

// Close puts what was counted in order; call it once after the last Add.
func (s *Summary) Close() {
	s.Causes, s.Reasons = s.causes.sorted(), s.reasons.sorted()
	s.Owners = s.owners.sorted()
	if s.owners.more {
		s.Others = &s.owners.other
	}
}

func (p *Point) add(tone string) {
	p.Domains++
	switch tone {
	case string(detect.Violation):
		p.Violations++
	case string(detect.Warning):
		p.Warnings++
	case string(detect.Notice):
		p.Notices++
	case Waived:
		p.Waived++
	case string(detect.Pass):
		p.Clean++
	default:
		p.Unknown++
	}
}

func (s *Summary) addLiveness(r *Record) {
	i := slices.Index(livenessOrder, r.Liveness)
	if i < 0 {
		i = slices.Index(livenessOrder, detect.Unseen)
	}
	s.Liveness[i].N++
	if r.Liveness == detect.Down && r.Cause != "" {
		s.causes.add(r.Cause)
	}
}

func (s *Summary) ruleCount(id string) *RuleCount {
	i, ok := s.rules[id]
	if !ok {
		i = len(s.Rules)
		s.rules[strings.Clone(id)] = i
		s.Rules = append(s.Rules, RuleCount{Rule: strings.Clone(id), why: whys{}})
	}
	return &s.Rules[i]
}

func (s *Summary) addOutcome(r *Record, o *detect.Outcome) {
	c := s.ruleCount(o.Rule)
	switch o.Verdict {
	case detect.Pass:
		c.Pass++
	case detect.Unknown:
		c.Unknown++
		c.why.add(o.Reason)
	case detect.Exempt:
		c.Exempt++
	case detect.Broken:
		c.Broken++
	case detect.Found:
		if r.Waived(o.Rule) {
			c.Waived++
			return
		}
		c.addFound(r, o)
		s.Due.add(r, o, s.Points.At)
	}
}

func (c *RuleCount) addFound(r *Record, o *detect.Outcome) {
	tone := detect.Severity(ToneOf(o))
	switch tone {
	case detect.Violation:
		c.Violations++
	case detect.Notice:
		c.Notices++
	default:
		c.Warnings++
	}
	if !c.samples.Room(Rank(tone), maxSamples) {
		return
	}
	sample := Sample{Domain: cmp.Or(r.Domain, r.File), Owner: cut(r.Owner, maxShort), Severity: tone}
	if len(o.Findings) > 0 {
		sample.Saw = shortened(o.Findings[0].Saw)
	}
	c.samples.Add(Rank(tone), maxSamples, sample)
}

// shortened is a text cut to what a sample keeps of it.
func shortened(t detect.Text) detect.Text {
	return detect.Text{ZH: cut(t.ZH, maxShort), EN: cut(t.EN, maxShort)}
}

// FoundRules returns the rules that found something, the most severe and most
// frequent first.
func (s *Summary) FoundRules() []*RuleCount {
	var list []*RuleCount
	for i := range s.Rules {
		if s.Rules[i].Found() > 0 {
			list = append(list, &s.Rules[i])
		}
	}
	slices.SortStableFunc(list, func(x, y *RuleCount) int {
		return cmp.Or(y.Violations-x.Violations, y.Warnings-x.Warnings, y.Notices-x.Notices)
	})
	return list
}
