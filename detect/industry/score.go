package industry

import "math"

// score returns how far the page belongs to trade i, from 0 to 1.
func (m *model) score(t *tally, i int) float64 {
	trade := &m.trades[i]
	named := m.named(t, trade.groups)
	points := named + (m.points(t, trade.groups)-named)*t.devotion(i)
	for _, l := range trade.less {
		kept := 1 - l.share*m.strength(t, &m.sites[l.site])
		if l.body {
			points = named + (points-named)*kept
		} else {
			points *= kept
			named *= kept
		}
	}
	if points <= 0 {
		return 0
	}
	return points / (points + trade.mark)
}

// devoted is the share of its parts in which a page that belongs to a trade
// speaks of it. The pages of a trade that we know have 8 % and more (a forum
// page full of other people's talk has least), portals and shops with a shelf
// for everything have 1 to 5 %. A page that does not say in its title,
// description or headings what it is must speak of it two and a half times as much: the menu of
// a large firm names all that the firm does elsewhere.
const devoted = 0.07

// devotion is how far a page keeps to trade i, from 0 to 1. It falls faster than
// the share does: half as devoted is a third as telling.
func (t *tally) devotion(i int) float64 {
	if t.segments == 0 {
		return 1 // nothing but a title and a foot
	}
	share := float64(t.covered[i]) / float64(t.segments) / devoted
	if !t.anchored[i] {
		share /= 2.5
	}
	return min(1, share*math.Sqrt(share))
}

// faint is the share of its mark up to which a kind of site is not thought of:
// every page has a few words of each.
const faint = 0.4

// strength tells how surely the page is of a kind of site, from 0 to 1.
func (m *model) strength(t *tally, site *siteKind) float64 {
	share := m.points(t, site.groups) / site.mark
	return min(1, max(0, (share-faint)/(1-faint)))
}

// named adds up the points by which a site calls itself of the trade.
func (m *model) named(t *tally, groups []groupRef) float64 {
	total := 0.0
	for _, g := range groups {
		if g.sort == title {
			total += float64(min(t.group(m)[g.index], g.cap))
		}
	}
	return total
}

// points adds up what the words on the page give to a list of groups, each
// within its bound. Groups that lean give no more than the others together.
func (m *model) points(t *tally, groups []groupRef) float64 {
	total, firm, leaning := 0.0, 0.0, 0.0
	for _, g := range groups {
		sum := float64(min(t.group(m)[g.index], g.cap))
		switch {
		case g.sort == against:
			total -= sum
		case g.leans:
			leaning += sum
		default:
			firm += sum
		}
	}
	return total + firm + min(leaning, firm)
}

// group returns the points of every group, before their bounds: each word
// counts once, where it is worth most.
func (t *tally) group(m *model) []float32 {
	if t.sums != nil {
		return t.sums
	}
	t.sums = make([]float32, len(m.owner))
	for _, w := range t.words {
		for _, u := range m.uses[w] {
			best := float32(0)
			for at := inTitle; at < places; at++ {
				if t.seen[w]&(1<<at) != 0 {
					best = max(best, worth[u.sort][at])
				}
			}
			t.sums[u.group] += best * u.worth
		}
	}
	return t.sums
}
