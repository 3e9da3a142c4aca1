package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect"
)

// A ruleset is the order of rules that gives the characters of a packed
// result their meaning.
type ruleset struct {
	id      int64
	version string
	rules   []string
}

// rulesets are those that were read so far. A run has one, and a
// database a few in a year.
type rulesets struct {
	mu   sync.Mutex
	byID map[int64]*ruleset
}

// newRuleset names a rule set by what it is, so that workers on several
// machines come to the same id without asking.
func newRuleset(version string, outs []detect.Outcome) *ruleset {
	rs := &ruleset{version: version, rules: make([]string, len(outs))}
	h := sha256.New()
	h.Write([]byte(version))
	for i := range outs {
		rs.rules[i] = outs[i].Rule
		h.Write([]byte{0})
		h.Write([]byte(outs[i].Rule))
	}
	rs.id = int64(binary.BigEndian.Uint64(h.Sum(nil)) >> 1)
	return rs
}

// covers reports whether the outcomes are of this rule set.
func (rs *ruleset) covers(version string, outs []detect.Outcome) bool {
	if rs == nil || rs.version != version || len(rs.rules) != len(outs) {
		return false
	}
	for i := range outs {
		if outs[i].Rule != rs.rules[i] {
			return false
		}
	}
	return true
}

const insertRuleset = `INSERT INTO ruleset (id, version, rules) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

// args are those of insertRuleset.
func (rs *ruleset) args() []any { return []any{rs.id, rs.version, strings.Join(rs.rules, "\n")} }

// ruleset returns a rule set by its id. It is asked for in the midst of reading
// results, so it goes by a connection of its own: if all readers were under way
// and each wanted one more, none would ever end.
func (s *Store) ruleset(ctx context.Context, id int64) (*ruleset, error) {
	s.rules.mu.Lock()
	rs := s.rules.byID[id]
	s.rules.mu.Unlock()
	if rs != nil {
		return rs, nil
	}
	rs = &ruleset{id: id}
	var rules string
	err := s.side.QueryRowContext(ctx, `SELECT version, rules FROM ruleset WHERE id = $1`, id).Scan(&rs.version, &rules)
	if err != nil {
		return nil, fmt.Errorf("rule set %d: %w", id, err)
	}
	if rules != "" {
		rs.rules = strings.Split(rules, "\n")
	}
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	if s.rules.byID == nil {
		s.rules.byID = map[int64]*ruleset{}
	}
	s.rules.byID[id] = rs
	return rs, nil
}
