package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// Shards hold each name once, in order, and where addresses are limited no lane
// is in two of them.
func TestCutIntoShards(t *testing.T) {
	for _, c := range []struct {
		lanes string // a letter for each lane, as often as it has names / 50
		whole bool
		want  []int // names of each shard
	}{
		{"", true, nil},
		{"a", true, []int{50}},
		{"abcd", true, []int{200}},
		{"abcde", true, []int{200, 50}},
		{"aaabb", true, []int{150, 100}},
		{"aaaaaab", true, []int{300, 50}},
		{"abbbbbbc", true, []int{50, 300, 50}},
		{"aaaaaab", false, []int{200, 150}},
	} {
		var names []resolved
		for _, lane := range c.lanes {
			for range 50 {
				names = append(names, resolved{seq: len(names), lane: string(lane)})
			}
		}
		shards, got, next := cut(names, c.whole), []int(nil), 0
		for _, s := range shards {
			got = append(got, s.names)
			first, last := names[next], names[next+s.names-1]
			if s.kind != kindVisit || s.fromLane != first.lane || s.fromSeq != first.seq || s.toLane != last.lane || s.toSeq != last.seq {
				t.Errorf("%q: shard %+v for names %d to %d", c.lanes, s, next, next+s.names-1)
			}
			next += s.names
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q, whole lanes %v: shards of %v names, want %v", c.lanes, c.whole, got, c.want)
		}
	}
}

// Rows arrive whatever their number, on both engines.
func TestInsertRows(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "r.db") },
		"postgres": pgtest.DSN,
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			db, err := openTables(ctx, openStore(t, dsn(t)))
			if err != nil {
				t.Fatal(err)
			}
			for part, n := range []int{0, 1, 99, 100, 101, 250} {
				err := db.tx(ctx, func(tx *sql.Tx) error {
					return db.insert(ctx, tx, `INSERT INTO waiting (round, part, lane, seq, lookups)`, []any{int64(7), part}, n,
						func(i int) []any { return []any{fmt.Sprint("lane ", i), i, []byte{byte(i)}} })
				})
				if err != nil {
					t.Fatal(err)
				}
				rows := 0
				err = db.rows(ctx, func(rs *sql.Rows) error {
					var lane string
					var seq int
					var data []byte
					err := rs.Scan(&lane, &seq, &data)
					if seq != rows || lane != fmt.Sprint("lane ", seq) || len(data) != 1 || data[0] != byte(seq) {
						t.Errorf("row %d: %q, %d, %v", rows, lane, seq, data)
					}
					rows++
					return err
				}, `SELECT lane, seq, lookups FROM waiting WHERE round = $1 AND part = $2 ORDER BY seq`, 7, part)
				if err != nil || rows != n {
					t.Errorf("%d rows of %d, %v", rows, n, err)
				}
			}
		})
	}
}

// A packed target shows whether it names an address, whatever its texts say.
func TestPinned(t *testing.T) {
	for _, c := range []struct {
		target crawler.Target
		want   bool
	}{
		{crawler.Target{Domain: "a.cn", Given: "a.cn"}, false},
		{crawler.Target{Domain: "a.cn", Notes: `"a":"192.0.2.1"`, Owner: `\"a":"`}, false},
		{crawler.Target{Domain: "a.cn", Address: netip.MustParseAddr("192.0.2.1")}, true},
		{crawler.Target{Domain: "a.cn", Address: netip.MustParseAddr("2400::1")}, true},
	} {
		data, err := packTarget(&c.target)
		if err != nil || pinned(data) != c.want {
			t.Errorf("%s: pinned %v, %v", data, pinned(data), err)
		}
	}
}
