package demo

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/replay"
)

// TestReplay judges a run again from its evidence alone. By the same rules and policy
// every record is as it was; by another policy what differs is told; and what the
// evidence does not have is counted, never guessed.
func TestReplay(t *testing.T) {
	in := start(t, usual)
	dir := t.TempDir()
	files, err := in.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), filepath.Join(dir, "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	run := scan(t, in, st, dir, files)
	policy := detect.DefaultPolicy()
	if policy.Networks, err = mainland.New(in.MainlandNets, strings.NewReader(in.NetworksText())); err != nil {
		t.Fatal(err)
	}
	again := &replay.Run{Store: st, Dir: dir, Run: run, Policy: policy}
	var cover replay.Coverage
	var counts reports.DiffCounts
	for pair, err := range again.Pairs(t.Context(), &cover) {
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(pair.Was.Outcomes, pair.Now.Outcomes); d != "" {
			t.Errorf("%s: %s", pair.Was.Domain, d)
		}
		if d := cmp.Diff(pair.Was.Detail, pair.Now.Detail); d != "" {
			t.Errorf("%s: %s", pair.Was.Domain, d)
		}
	}
	if cover.Results != len(in.Sites) || cover.Judged != cover.Results || cover.FirstBad != nil {
		t.Errorf("%+v for %d sites", cover, len(in.Sites))
	}

	// Where nothing is known of networks, whoever was judged by them is not any more.
	again.Policy = detect.DefaultPolicy()
	var unseen, other int
	for c, err := range reports.DiffPairs(again.Pairs(t.Context(), &cover), &counts) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Kind == reports.ChangeUnseen {
			unseen++
		} else if c.Kind == reports.ChangeNew || c.Kind == reports.ChangeWorse {
			other++
		}
	}
	if unseen == 0 || other > 0 {
		t.Errorf("%d inconclusive now, %d accused", unseen, other)
	}

	// A damaged file is told of, and the rest judged.
	kept, err := filepath.Glob(filepath.Join(schedule.EvidenceDir(dir, run.ID), "*.warc.gz"))
	if err != nil || len(kept) == 0 {
		t.Fatal(kept, err)
	}
	data, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[0], slices.Concat(data[:len(data)/2], make([]byte, len(data)-len(data)/2)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range again.Pairs(t.Context(), &cover) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if cover.Judged == 0 || cover.Faulty == 0 || cover.FirstBad == nil || cover.Judged+cover.Faulty != cover.Results {
		t.Errorf("%+v", cover)
	}
}
