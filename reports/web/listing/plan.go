package listing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A plan is how the domains of a filter are read: by which index, and under which
// conditions. SQLite is told the index, because it knows no frequencies; PostgreSQL
// chooses by its own, but where few domains are meant.
type plan struct {
	from, where, order string
	args               []any // the run is $1

	byDue bool     // the conditions on the due date are in where
	known int      // how many domains there are, where that is known at once; else -1
	over  bool     // there are more than known
	found *matches // of a search that is all that the filter has; nil otherwise
}

// param adds a parameter.
func (p *plan) param(value any) string {
	p.args = append(p.args, value)
	return "$" + strconv.Itoa(len(p.args))
}

// among narrows a plan without other parameters to a list of domains.
func (p *plan) among(k *Keeper, domains []string) {
	condition, list := k.store.Among(domains)
	p.from, p.order, p.where = `listing l`, `l.domain`, `l.run = $1 AND l.domain `+condition
	p.param(list)
}

// A term is a condition that a column has a value.
type term struct {
	facet Facet
	value string
}

// terms are the conditions of a filter, but for search and due date.
func (f *Filter) terms() (list []term) {
	for _, t := range []term{{FacetRule, f.Rule}, {FacetOwner, f.Owner}, {FacetTeam, f.Team}, {FacetNetwork, f.Network}, {FacetProvince, f.Province}, {FacetLiveness, f.Liveness}, {FacetTone, f.Tone}} {
		if t.value != "" {
			list = append(list, term{t.facet, cut(t.value)})
		}
	}
	return list
}

// column is the column of listing that a facet is about.
func (f Facet) column() string {
	if f == FacetTone {
		return "tone"
	}
	return string(f)
}

// withTone reports whether an index has the facet together with the verdict.
func (f Facet) withTone() bool { return f == FacetRule || f == FacetTeam || f == FacetProvince }

// plan plans how to read the domains of a filter behind one.
func (k *Keeper) plan(ctx context.Context, run string, f Filter, after string) (*plan, error) {
	d, err := k.Stored(ctx, run)
	if err != nil {
		return nil, err
	}
	p := &plan{args: []any{run}, known: -1}
	terms, text, due := f.terms(), strings.ToLower(cut(f.Search)), !f.DueBefore.IsZero()
	if text == "" && !due {
		p.known = d.knows(terms)
	}
	var found *matches
	if text != "" {
		if found, err = k.search(ctx, run, text, after); err != nil {
			return nil, err
		}
		if len(terms) == 0 && !due {
			p.found = found
			return p, nil
		}
	}
	if found != nil && !found.more && len(found.names) <= fewMatches {
		p.among(k, found.names)
		p.equal(terms)
	} else {
		if err := k.drive(ctx, p, d, &f, terms); err != nil {
			return nil, err
		}
		if text != "" {
			p.where += ` AND ` + p.order + ` LIKE ` + p.param("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)+"%") + ` ESCAPE '\'`
		}
	}
	if due && !p.byDue {
		p.where += ` AND +l.due >= ` + p.param(max(millis(f.DueFrom), 1)) + ` AND +l.due < ` + p.param(millis(f.DueBefore))
	}
	if after != "" {
		p.where += ` AND ` + p.order + ` > ` + p.param(after)
	}
	return p, nil
}

// equal adds the terms as conditions.
func (p *plan) equal(terms []term) {
	for _, t := range terms {
		if t.facet == FacetRule {
			p.where += ` AND EXISTS (SELECT 1 FROM listing_rule r WHERE r.run = l.run AND r.rule = ` + p.param(t.value) + ` AND r.domain = l.domain)`
			continue
		}
		p.where += ` AND l.` + t.facet.column() + ` = ` + p.param(t.value)
	}
}

// drive lets the condition that the fewest domains meet choose the index.
func (k *Keeper) drive(ctx context.Context, p *plan, d *Digest, f *Filter, terms []term) error {
	best, fewest := -1, -1
	toned := slices.ContainsFunc(terms, func(t term) bool { return t.facet == FacetTone })
	paired := toned && slices.ContainsFunc(terms, func(t term) bool { return t.facet.withTone() })
	for i, t := range terms {
		if paired && !t.facet.withTone() {
			continue // an index has both
		}
		if n := d.count(t); best < 0 || n < fewest {
			best, fewest = i, n
		}
	}
	if !f.DueBefore.IsZero() {
		n, err := k.countDue(ctx, p.args[0].(string), f)
		if err != nil {
			return err
		}
		if len(terms) == 0 && f.Search == "" {
			p.known, p.over = min(n, MaxCount), n > MaxCount
		}
		if n <= MaxCount && (best < 0 || n < fewest) {
			p.byDue, p.from, p.order = true, `listing l`+k.indexed("listing_due"), `l.domain`
			p.where = `l.run = $1 AND l.due >= ` + p.param(max(millis(f.DueFrom), 1)) + ` AND l.due < ` + p.param(millis(f.DueBefore))
			p.equal(terms)
			return nil
		}
	}
	p.from, p.order, p.where = `listing l`, `l.domain`, `l.run = $1`
	if best < 0 {
		return nil
	}
	by := terms[best]
	if by.facet == FacetRule {
		p.byRule(by, terms, !f.DueBefore.IsZero())
		return nil
	}
	index := "listing_" + by.facet.column()
	if paired {
		index += "_tone"
	}
	if p.from += k.indexed(index); k.store.Postgres() && fewest <= MaxCount {
		// It would rather walk along the domains, in the hope to meet some soon.
		p.from = `(SELECT * FROM listing WHERE run = $1 AND ` + by.facet.column() + ` = ` + p.param(by.value) + ` OFFSET 0) l`
	}
	p.equal(terms)
	return nil
}

// byRule reads the domains of a rule; listing is joined where other terms ask for it, or the
// caller does (joined).
func (p *plan) byRule(by term, terms []term, joined bool) {
	p.from, p.order, p.where = `listing_rule r`, `r.domain`, `r.run = $1 AND r.rule = `+p.param(by.value)
	for _, t := range terms {
		joined = joined || t != by && t.facet != FacetTone
	}
	if joined {
		p.from += ` CROSS JOIN listing l`
		p.where += ` AND l.run = r.run AND l.domain = r.domain`
	}
	for _, t := range terms {
		switch {
		case t.facet == FacetTone:
			p.where += ` AND r.tone = ` + p.param(t.value)
		case t == by:
		default:
			p.equal([]term{t})
		}
	}
}

// indexed names the index for SQLite.
func (k *Keeper) indexed(name string) string {
	if k.store.Postgres() {
		return ""
	}
	return ` INDEXED BY ` + name
}

// countDue counts the domains that are due in the time of a filter, up to one more than
// MaxCount.
func (k *Keeper) countDue(ctx context.Context, run string, f *Filter) (n int, err error) {
	err = k.store.Finder().QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM listing l`+k.indexed("listing_due")+`
		WHERE l.run = $1 AND l.due >= $2 AND l.due < $3 LIMIT $4) x`, run, max(millis(f.DueFrom), 1), millis(f.DueBefore), MaxCount+1).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting in the listing of run %s: %w", run, err)
	}
	return n, nil
}

// knows is how many domains meet the terms, as far as the figures tell; -1 where they do
// not.
func (d *Digest) knows(terms []term) int {
	switch {
	case d == nil || len(terms) > 1:
		return -1
	case len(terms) == 0:
		return d.Points.Domains
	}
	for _, c := range d.Facets[terms[0].facet] {
		if c.Word == terms[0].value {
			return c.N
		}
	}
	return -1
}

// count is about how many domains meet a term: those that the figures do not name are fewer
// than those that they do.
func (d *Digest) count(t term) int {
	if d == nil {
		return 0
	}
	n := d.knows([]term{t})
	if list := d.Facets[t.facet]; n < 0 && len(list) > 0 {
		n = list[len(list)-1].N
	}
	return max(n, 0)
}
