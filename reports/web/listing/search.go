package listing

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Searching reads the names of a run from a few long texts: a million of them are read and
// searched in some tens of milliseconds, where an index of their parts would be larger than
// all else.

// Bounds of a search.
const (
	nameChunk    = 4000   // names in a row
	maxMatches   = 10_000 // names that one search finds
	keptSearches = 8
	fewMatches   = 5000 // up to which the other conditions of a filter are looked at name by name
)

// matches are the names that hold a text, in their order; more says that they are the first
// of more.
type matches struct {
	names []string
	more  bool
}

// behind returns those that come after a name, at most n.
func (m *matches) behind(after string, n int) []string {
	list := m.names[sort.Search(len(m.names), func(i int) bool { return m.names[i] > after }):]
	return list[:min(len(list), n)]
}

// searches are those that were made last: a list is read page by page, and counted.
type searches struct {
	mu   sync.Mutex
	list []search // the newest last
}

// forget forgets the searches of a run.
func (s *searches) forget(run string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.DeleteFunc(s.list, func(x search) bool { return x.run == run })
}

type search struct {
	run, text, after string
	found            *matches
}

func (s *searches) get(run, text, after string) *matches {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.list {
		if x.run == run && x.text == text && x.after <= after && (!x.found.more || x.after == after) {
			return x.found
		}
	}
	return nil
}

func (s *searches) put(x search) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == keptSearches {
		s.list = append(s.list[:0], s.list[1:]...)
	}
	s.list = append(s.list, x)
}

// search returns the first names of a run behind one that hold a text.
func (k *Keeper) search(ctx context.Context, run, text, after string) (*matches, error) {
	if have := k.searched.get(run, text, after); have != nil {
		return have, nil
	}
	rows, err := k.store.Finder().QueryContext(ctx, `SELECT names FROM listing_name WHERE run = $1 AND last > $2 ORDER BY last`, run, after)
	if err != nil {
		return nil, fmt.Errorf("searching in the listing of run %s: %w", run, err)
	}
	defer rows.Close()
	found := &matches{}
	if strings.Contains(text, "\n") {
		return found, nil // no name has one, and it is what separates them
	}
	for rows.Next() && !found.more {
		var names sql.RawBytes
		if err := rows.Scan(&names); err != nil {
			return nil, fmt.Errorf("searching in the listing of run %s: %w", run, err)
		}
		found.take(names, []byte(text), after)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("searching in the listing of run %s: %w", run, err)
	}
	k.searched.put(search{run, text, after, found})
	return found, nil
}

// take takes the names of a chunk that hold a text.
func (m *matches) take(names, text []byte, after string) {
	for {
		at := bytes.Index(names, text)
		if at < 0 {
			return
		}
		from := bytes.LastIndexByte(names[:at], '\n') + 1
		to := at + bytes.IndexByte(names[at:], '\n')
		if to < at {
			return
		}
		if name := string(names[from:to]); name > after {
			if m.more = len(m.names) == maxMatches; m.more {
				return
			}
			m.names = append(m.names, name)
		}
		names = names[to:]
	}
}

// A naming gathers the names of a run for searches.
type naming struct {
	b    strings.Builder
	n    int
	last string
}

func (g *naming) add(name string) {
	if g.n == 0 {
		g.b.WriteByte('\n')
	}
	g.b.WriteString(name)
	g.b.WriteByte('\n')
	g.n++
	g.last = name
}

// putNames stores what was gathered, once it is a chunk or all is there.
func (k *Keeper) putNames(ctx context.Context, run string, g *naming, all bool) error {
	if g.n == 0 || g.n < nameChunk && !all {
		return nil
	}
	_, err := k.store.Writer().ExecContext(ctx, `INSERT INTO listing_name (run, last, names) VALUES ($1, $2, $3) ON CONFLICT (run, last) DO UPDATE SET names = excluded.names`,
		run, g.last, g.b.String())
	if err != nil {
		return fmt.Errorf("storing the names of run %s: %w", run, err)
	}
	*g = naming{}
	return nil
}
