package demo

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// TestDemo runs the box through the ordinary code path, from the inventory to
// the store: each site has one verdict, and it is the one stated beside it.
func TestDemo(t *testing.T) {
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
	if run.State != reports.RunDone || run.Verdicts != len(in.Sites) || run.Rejected != 0 {
		t.Errorf("run is %s with %d verdicts and %d rejections for %d sites", run.State, run.Verdicts, run.Rejected, len(in.Sites))
	}
	for _, s := range in.Sites {
		name, err := dns.Name(s.Domain)
		if err != nil {
			t.Fatal(err)
		}
		result, err := st.Result(t.Context(), run.ID, name)
		if err != nil {
			t.Errorf("%s: %v", s.Domain, err)
			continue
		}
		for _, d := range Compare(s, result.Record, false) {
			t.Error(d)
		}
	}
}

// scan is one round over the inventory.
func scan(t *testing.T, in *Internet, st *store.Store, dir string, files Files) *reports.Run {
	t.Helper()
	resolver, err := dns.New(dns.Options{Upstreams: []string{in.Resolver}})
	if err != nil {
		t.Fatal(err)
	}
	defer resolver.Close()
	policy := detect.DefaultPolicy()
	if policy.Networks, err = mainland.New(in.MainlandNets, strings.NewReader(in.NetworksText())); err != nil {
		t.Fatal(err)
	}
	papers, err := document.Open(files.Documents)
	if err != nil {
		t.Fatal(err)
	}
	defer papers.Close()
	const timeout = time.Second
	runner, err := schedule.Open(context.WithoutCancel(t.Context()), schedule.Config{
		Store: st, Dir: dir,
		Scanner: &visit.Scanner{
			Resolver: resolver, Policy: policy, Vantage: "test",
			Web:       web.New(web.Options{Resolver: resolver, Guard: guard.New(in.AllowNets, in.PortMap), Timeout: timeout}),
			Documents: papers.Read,
			Confirm:   visit.Confirmation{Delays: []time.Duration{100 * time.Millisecond, 200 * time.Millisecond}},
		},
		Options: schedule.Options{Controls: in.Controls, Evidence: schedule.EvidenceAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	}()
	round, err := runner.Begin(t.Context(), schedule.Start{Inventory: files.Inventory})
	if err != nil {
		t.Fatal(err)
	}
	run, err := round.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return run
}
