package listing

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// A plan is how the domains of a filter are read: by which index, and under which
// conditions. SQLite is told the index, because it knows no frequencies; PostgreSQL
// chooses by its own.
type plan struct {
	from, where, order string
	args               []any // the run is $1

	known int      // how many domains there are, from the figures; -1 where those do not tell
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
	if due && !strings.Contains(p.from, "listing_due") {
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
	for i, t := range terms {
		if n := d.count(t); best < 0 || n < fewest {
			best, fewest = i, n
		}
	}
	if !f.DueBefore.IsZero() {
		n, err := k.countDue(ctx, p.args[0].(string), f)
		if err != nil {
			return err
		}
		if n <= MaxCount && (best < 0 || n < fewest) {
			p.from, p.order = `listing l`+k.indexed("listing_due"), `l.domain`
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
		p.from, p.order = `listing_rule r CROSS JOIN listing l`, `r.domain`
		p.where = `r.run = $1 AND r.rule = ` + p.param(by.value) + ` AND l.run = r.run AND l.domain = r.domain`
		for _, t := range terms {
			if t.facet == FacetTone {
				p.where += ` AND r.tone = ` + p.param(t.value)
			} else if t != by {
				p.equal([]term{t})
			}
		}
		return nil
	}
	p.from += k.indexed("listing_" + by.facet.column())
	p.equal(terms)
	return nil
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
	err = k.store.Reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM listing l`+k.indexed("listing_due")+`
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
