// Package notify tells people what a run changed: one digest for the team and one
// for each owner, as messages for the robots of DingTalk, WeCom and Feishu, for
// e-mail and for a webhook. It says what is new, first seen, worse, fixed and
// overdue, and is silent where nothing is.
package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The bounds of a digest: it is read by a person on a telephone. What is beyond
// them is counted.
const (
	maxItems   = 20     // lines under one heading
	maxOwners  = 500    // owners that get a letter of one run, those with the most to tell
	maxCounted = 10_000 // owners that are told apart to find those
	maxName    = 80     // characters of one name or text of a stranger
)

// overdue is the heading of what is past its date; the other headings are states of
// a finding.
const overdue reports.State = "overdue"

// told are the headings of a digest, in its order. What could not be checked is
// counted and not listed: it is nobody's fault.
var told = []reports.State{reports.StateOpened, reports.StateReopened, reports.StateFirst, reports.StateWorse, overdue, reports.StateFixed}

// A Digest is what one reader is told of a run.
type Digest struct {
	Run     *reports.Run
	Owner   Owner // whose sites these are; zero: of all
	Domains int   // sites that the run checked; 0 in the digest of an owner
	Unseen  int   // sites that could not be checked this time
	Untold  int   // in a channel with letters to owners: how many get none of this run
	parts   map[reports.State]*part
}

// digestOf names an owner in the ID of a message, which others may see.
func digestOf(o Owner) string {
	sum := sha256.Sum256([]byte(o.Name + "\x00" + o.Team + "\x00" + o.Contact))
	return hex.EncodeToString(sum[:8])
}

// An Owner is who is responsible for sites. Two of one name in different teams
// are two.
type Owner struct{ Name, Team, Contact string }

// A part is what stands under one heading.
type part struct {
	n     int
	items reports.Gravest[Item]
}

// An Item is one finding in a digest.
type Item struct {
	Domain   string
	Owner    string
	Rule     string
	Severity detect.Severity // "" of what is fixed
}

// Digests are the digest for the team and those for owners.
type Digests struct {
	Team   *Digest
	Owners []*Digest // with an address to write to, those with the most to tell first, at most 500
	More   int       // other owners, as far as they were told apart
}

// Gather reads the records of a run, with the life of their findings
// ([reports.Record.SetLife]). What is waived is left out. Memory is bounded whatever
// the run's size.
func Gather(run *reports.Run, records iter.Seq2[*reports.Record, error]) (*Digests, error) {
	g := gathering{team: newDigest(run, Owner{}), owners: map[Owner]*Digest{}}
	for r, err := range records {
		if err != nil {
			return nil, message.Errorf("读取批次结果：%w", "reading the run's results: %w", err)
		}
		g.record(r)
	}
	return g.digests(), nil
}

type gathering struct {
	team   *Digest
	owners map[Owner]*Digest
}

func newDigest(run *reports.Run, of Owner) *Digest {
	return &Digest{Run: run, Owner: of, parts: map[reports.State]*part{}}
}

func (g *gathering) record(r *reports.Record) {
	g.team.Domains++
	if r.Liveness == detect.Unseen {
		g.team.Unseen++
	}
	owner := Owner{Name: r.Owner, Team: r.Detail.Team, Contact: r.Detail.Contact}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		state := r.Life[o.Rule].State
		if o.Rule == reports.OverdueRule { // which has a heading of its own
			if state = ""; o.Verdict == detect.Found {
				state = overdue
			}
		}
		if r.Waived(o.Rule) || !slices.Contains(told, state) {
			continue
		}
		item := Item{Domain: r.Domain, Owner: r.Owner, Rule: o.Rule}
		if o.Verdict == detect.Found {
			item.Severity = o.Severity
		}
		g.add(state, owner, item)
	}
}

func (g *gathering) add(state reports.State, whose Owner, item Item) {
	g.team.add(state, item)
	if whose.Contact == "" {
		return
	}
	d := g.owners[whose]
	if d == nil {
		if len(g.owners) == maxCounted {
			return
		}
		d = newDigest(g.team.Run, whose)
		g.owners[whose] = d
	}
	d.add(state, item)
}

func (d *Digest) add(state reports.State, item Item) {
	p := d.parts[state]
	if p == nil {
		p = &part{}
		d.parts[state] = p
	}
	p.n++
	p.items.Add(reports.Rank(item.Severity), maxItems, item)
}

func (g *gathering) digests() *Digests {
	all := &Digests{Team: g.team}
	for _, d := range g.owners {
		all.Owners = append(all.Owners, d)
	}
	slices.SortFunc(all.Owners, func(a, b *Digest) int {
		return cmp.Or(cmp.Compare(b.N(), a.N()), cmp.Compare(a.Owner.Name, b.Owner.Name), cmp.Compare(a.Owner.Team, b.Owner.Team), cmp.Compare(a.Owner.Contact, b.Owner.Contact))
	})
	if all.More = max(0, len(all.Owners)-maxOwners); all.More > 0 {
		all.Owners = all.Owners[:maxOwners]
	}
	return all
}

// N counts what the digest tells of; 0: there is nothing to tell.
func (d *Digest) N() int {
	n := 0
	for _, p := range d.parts {
		n += p.n
	}
	return n
}

// Count is how many findings stand under a heading: a state, or "overdue".
func (d *Digest) Count(state reports.State) int {
	if p := d.parts[state]; p != nil {
		return p.n
	}
	return 0
}

// Items are those that are told under a heading, the gravest first, at most 20.
func (d *Digest) Items(state reports.State) []Item {
	p := d.parts[state]
	if p == nil {
		return nil
	}
	return p.items.List(maxItems)
}

// named is a name of a stranger's making that can change neither the layout of a
// message nor whom it calls ("@all"): what a robot would read as markup stands in
// its full-width form.
func named(s string) string { return markup.Replace(wording.Clean(s, maxName)) }

var markup = func() *strings.Replacer {
	var pairs []string
	for _, r := range "<>[]()*_#`@|\\!~&" {
		pairs = append(pairs, string(r), string(r-'!'+'！'))
	}
	return strings.NewReplacer(pairs...)
}()
