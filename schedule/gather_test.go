package schedule

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
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
		var names []waiter
		for _, lane := range c.lanes {
			for range 50 {
				names = append(names, waiter{Seq: len(names), Lane: string(lane)})
			}
		}
		shards, chunks := cut(names, c.whole)
		var got []int
		var all []waiter
		for _, s := range shards {
			got = append(got, s.names)
			before := len(all)
			for at := s.from; at <= s.to; at++ {
				k := chunks[at]
				waiters, err := unpackWaiters(k.names)
				if n := len(waiters); err != nil || k.number != at || n == 0 || n > shardNames || k.least != waiters[0].Seq || k.most != waiters[n-1].Seq {
					t.Errorf("%q: chunk %d has number %d, %d names from %d to %d, %v", c.lanes, at, k.number, n, k.least, k.most, err)
				}
				all = append(all, waiters...)
			}
			if s.kind != kindVisit || len(all)-before != s.names {
				t.Errorf("%q: shard %+v of %d names", c.lanes, s, len(all)-before)
			}
		}
		if !slices.EqualFunc(all, names, func(a, b waiter) bool { return a.Seq == b.Seq }) {
			t.Errorf("%q: %d names of %d, or in another order", c.lanes, len(all), len(names))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q, whole lanes %v: shards of %v names, want %v", c.lanes, c.whole, got, c.want)
		}
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
