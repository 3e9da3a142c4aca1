package industry

import "math"

// score returns how far the page belongs to trade i, from 0 to 1. What the page
// says of itself, in its title, its description and the line of its owner, is
// weighed apart from what it does.
func (m *model) score(t *tally, i int) float64 {
	trade := &m.trades[i]
	t.sum(m)
	done := points(t.done, trade.groups) * t.devotion(i)
	said := min(points(t.said, trade.groups), almost*trade.mark)
	sure := t.sure(trade)
	for _, l := range trade.less {
		share := l.share * m.strength(t, &m.sites[l.site])
		if l.share < certain {
			share *= 1 - sure
		}
		kept := 1 - share
		done *= kept
		if !l.body {
			said *= kept
		}
	}
	if said+done <= 0 {
		return 0
	}
	return (said + done) / (said + done + trade.mark)
}

// sure is how far the menus of a page are those of a trade, from 0 to maxSure: a
// hospital of a school has the menu of a hospital, and a notice for suppliers of
// gloves stands in one. Who serves a trade has a menu of his own.
func (t *tally) sure(trade *trade) float64 {
	menu := points(t.menu, trade.groups) / trade.mark
	return min(maxSure, max(0, menu-1))
}

const (
	maxSure = 0.75
	certain = 0.9 // the share of a kind of site that is never of the trade, whatever its menu: a pet hospital
)

// almost is how near to the mark a page comes by what it says of itself: a name
// stays a name, and a list of search words stays one, without a sign that the
// page does as they say.
const almost = 0.8

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
	share := (points(t.done, site.groups) + points(t.said, site.groups)) / site.mark
	return min(1, max(0, (share-faint)/(1-faint)))
}

// points adds up what the words on the page give to a list of groups, each
// within its bound. Groups that lean give no more than the others together.
func points(sums []float32, groups []groupRef) float64 {
	total, firm, leaning := 0.0, 0.0, 0.0
	for _, g := range groups {
		sum := float64(min(sums[g.index], g.cap))
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

// sum works out the points of every group, before their bounds, for what the
// page says of itself and for what it does: in each, a word counts once, where
// it is worth most.
func (t *tally) sum(m *model) {
	if t.done != nil {
		return
	}
	t.done, t.said, t.menu = make([]float32, len(m.owner)), make([]float32, len(m.owner)), make([]float32, len(m.owner))
	for _, w := range t.words {
		for _, u := range m.uses[w] {
			said, done := float32(0), float32(0)
			for p := inTitle; p < places; p++ {
				switch {
				case t.seen[w]&(1<<p) == 0 || t.article && (p == inMeta || p == inHeading || p == inProse) && !m.writes[u.group]:
				case p.said():
					said = max(said, worth[u.sort][p])
				default:
					done = max(done, worth[u.sort][p])
				}
			}
			t.said[u.group] += said * u.worth
			t.done[u.group] += done * u.worth
			if t.seen[w]&(1<<asName) != 0 {
				t.menu[u.group] += worth[u.sort][asName] * u.worth
			}
		}
	}
}

// said tells whether what stands at p is what the page says of itself.
func (p place) said() bool { return p == inTitle || p == inMeta || p == inFoot }
