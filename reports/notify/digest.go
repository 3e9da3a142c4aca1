// Package notify tells people what a run changed: one digest for the team and one
// for each owner, as messages for the robots of DingTalk, WeCom and Feishu, for
// e-mail and for a webhook. It says what is new, first seen, worse, fixed and
// overdue, and is silent where nothing is.
package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The bounds of a digest: it is read by a person on a telephone. What is beyond
// them is counted.
const (
	maxItems  = 20  // lines under one heading
	maxOwners = 500 // owners that get a digest of one run, those with the most first
	maxName   = 80  // characters of one name or text of a stranger
)

// overdueRule is the rule that finds what is past its date.
const overdueRule = "rectification-overdue"

// overdue is the heading of what is past its date; the other headings are kinds
// of change.
const overdue reports.ChangeKind = "overdue"

// told are the headings of a digest, in its order. What could not be checked is
// counted and not listed: it is nobody's fault.
var told = []reports.ChangeKind{reports.ChangeNew, reports.ChangeReopened, reports.ChangeFirst, reports.ChangeWorse, overdue, reports.ChangeFixed}

// A Digest is what one reader is told of a run.
type Digest struct {
	Run     *reports.Run
	Owner   Owner // whose sites these are; zero: of all
	Domains int   // sites that the run checked; 0 in the digest of an owner
	Unseen  int   // sites that could not be checked this time
	parts   map[reports.ChangeKind]*part
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
	items [4][]Item // by gravity ([reports.Rank])
}

// An Item is one finding in a digest.
type Item struct {
	Domain   string
	Owner    string
	Rule     string // empty: the site as a whole
	Severity detect.Severity
}

// Digests are the digest for the team and those for owners.
type Digests struct {
	Team   *Digest
	Owners []*Digest // with an address to write to, the gravest first
	More   int       // owners beyond the first 500
}

// Gather reads a comparison of run with the run before it (of a first run: with
// none, so that all it found is new), and the run's own records, both in the
// byte order of domains. Memory is bounded whatever the run's size.
func Gather(run *reports.Run, changes iter.Seq2[reports.Change, error], records iter.Seq2[*reports.Record, error]) (*Digests, error) {
	g := gathering{team: newDigest(run, Owner{}), owners: map[Owner]*Digest{}}
	next, stop := iter.Pull2(changes)
	defer stop()
	c, err, more := next()
	for r, failed := range records {
		if failed != nil {
			return nil, fmt.Errorf("reading what is overdue: %w", failed)
		}
		for ; more && err == nil && c.Domain < r.Domain; c, err, more = next() {
			g.change(&c, Owner{}) // the domain has left the inventory
		}
		owner := Owner{Name: r.Owner, Team: r.Detail.Team, Contact: r.Detail.Contact}
		for ; more && err == nil && c.Domain == r.Domain; c, err, more = next() {
			g.change(&c, owner)
		}
		g.record(r, owner)
	}
	for ; more && err == nil; c, err, more = next() {
		g.change(&c, Owner{})
	}
	if err != nil {
		return nil, fmt.Errorf("reading what changed: %w", err)
	}
	return g.digests(), nil
}

type gathering struct {
	team   *Digest
	owners map[Owner]*Digest
	more   int
}

func newDigest(run *reports.Run, of Owner) *Digest {
	return &Digest{Run: run, Owner: of, parts: map[reports.ChangeKind]*part{}}
}

func (g *gathering) change(c *reports.Change, owner Owner) {
	if c.Kind == reports.ChangeUnseen {
		if c.Rule == "" {
			g.team.Unseen++
		}
		return
	}
	if c.Rule == overdueRule || c.Waiver != nil || !slices.Contains(told, c.Kind) {
		return // what is overdue has a heading of its own, what is waived has none
	}
	severity := cmp.Or(c.Now.Severity, c.Was.Severity)
	g.add(c.Kind, owner, Item{Domain: c.Domain, Owner: c.Owner, Rule: c.Rule, Severity: severity})
}

func (g *gathering) record(r *reports.Record, owner Owner) {
	g.team.Domains++
	for i := range r.Outcomes {
		if o := &r.Outcomes[i]; o.Rule == overdueRule && o.Verdict == detect.Found && !r.Waived(o.Rule) {
			g.add(overdue, owner, Item{Domain: r.Domain, Owner: r.Owner, Rule: o.Rule, Severity: o.Severity})
		}
	}
}

func (g *gathering) add(kind reports.ChangeKind, whose Owner, item Item) {
	g.team.add(kind, item)
	if whose.Contact == "" {
		return
	}
	d := g.owners[whose]
	if d == nil {
		if len(g.owners) == maxOwners {
			g.more++
			return
		}
		d = newDigest(g.team.Run, whose)
		g.owners[whose] = d
	}
	d.add(kind, item)
}

func (d *Digest) add(kind reports.ChangeKind, item Item) {
	p := d.parts[kind]
	if p == nil {
		p = &part{}
		d.parts[kind] = p
	}
	p.n++
	if rank := reports.Rank(item.Severity); len(p.items[rank]) < maxItems {
		p.items[rank] = append(p.items[rank], item)
	}
}

func (g *gathering) digests() *Digests {
	all := &Digests{Team: g.team, More: g.more}
	for _, d := range g.owners {
		all.Owners = append(all.Owners, d)
	}
	slices.SortFunc(all.Owners, func(a, b *Digest) int {
		return cmp.Or(cmp.Compare(b.N(), a.N()), cmp.Compare(a.Owner.Name, b.Owner.Name), cmp.Compare(a.Owner.Team, b.Owner.Team), cmp.Compare(a.Owner.Contact, b.Owner.Contact))
	})
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

// Count is how many findings stand under a heading: a kind of change, or "overdue".
func (d *Digest) Count(kind reports.ChangeKind) int {
	if p := d.parts[kind]; p != nil {
		return p.n
	}
	return 0
}

// Items are those that are told under a heading, the gravest first, at most 20.
func (d *Digest) Items(kind reports.ChangeKind) []Item {
	p := d.parts[kind]
	if p == nil {
		return nil
	}
	all := slices.Concat(p.items[3], p.items[2], p.items[1], p.items[0])
	return all[:min(len(all), maxItems)]
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
