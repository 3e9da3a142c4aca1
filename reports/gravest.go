package reports

import "slices"

// A Gravest is a bounded sample of things that have a severity: of each severity the
// first ones that were met. Its zero value is empty.
type Gravest[T any] struct {
	kept [4][]T // by Rank
}

// Room reports whether one more of a severity is kept, of limit in all.
func (g *Gravest[T]) Room(rank, limit int) bool { return len(g.kept[rank]) < limit }

// Add keeps v, of a severity's [Rank], if there is room.
func (g *Gravest[T]) Add(rank, limit int, v T) {
	if g.Room(rank, limit) {
		g.kept[rank] = append(g.kept[rank], v)
	}
}

// List returns at most limit of what is kept, the most severe first and, of one
// severity, in the order in which they came.
func (g *Gravest[T]) List(limit int) []T {
	all := slices.Concat(g.kept[3], g.kept[2], g.kept[1], g.kept[0])
	return all[:min(len(all), limit)]
}
