package schedule

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
)

// An inventory that has changed when its run is resumed is what the run is
// about: new names are checked, changed ones by what the list says now, whether
// they had their verdict or not, and those that are gone are left out.
func TestChangedInventoryIsReadAgain(t *testing.T) { onBoth(t, testChangedInventoryIsReadAgain) }

func testChangedInventoryIsReadAgain(t *testing.T, in func(*Config)) {
	for name, stopAfter := range map[string]int{"half": 150, "at once": 1} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, 1)
			b.delay = 2 * time.Millisecond
			names := b.many(600)
			const first, now = "京ICP备20231111号", "粤ICP备2023000002号"
			lines := func(names []string, altered func(int) bool) string {
				var s strings.Builder
				s.WriteString("domain,filing_number\n")
				for i, n := range names {
					number := first
					if altered(i) {
						number = now
					}
					fmt.Fprintf(&s, "%s,%s\n", n, number)
				}
				return s.String()
			}
			path := filepath.Join(t.TempDir(), "list.csv")
			write := func(text string) {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(lines(names[:500], func(int) bool { return false }))
			cfg := Config{Dir: t.TempDir(), Scanner: b.scanner(t, nil, time.Second), Options: Options{Concurrency: 8}, Single: true}
			in(&cfg)
			if cfg.Store == nil {
				cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
			}
			before := openRunner(t, cfg)
			old := begin(t, before, Start{Inventory: path})
			reach(t, old, stopAfter)
			for stopAfter > 100 { // by then a busy machine may not have read the list to its end
				info, err := before.run(t.Context(), old.ID())
				if err != nil {
					t.Fatal(err)
				}
				if info.state.planned {
					break
				}
				if err := pace.Wait(t.Context(), 10*time.Millisecond); err != nil {
					t.Fatal(err)
				}
			}
			if err := before.Close(); err != nil {
				t.Fatal(err)
			}
			// A hundred names are gone from the front, a hundred are new, every
			// seventh has another number, one line is spoiled and one doubled.
			write(lines(names[100:], func(i int) bool { return i%7 == 0 }) + "not a name,\n" + names[300] + ",\n")
			r := openRunner(t, cfg)
			rn := begin(t, r, Start{Inventory: path})
			if !rn.Resumed || !rn.Changed || !rn.Reread || rn.ID() != old.ID() {
				t.Errorf("%+v, want run %s", rn, old.ID())
			}
			if run := wait(t, rn); run.Verdicts != 500 || run.Rejected != 2 || run.Lines != 502 || run.State != reports.RunDone {
				t.Errorf("%+v", run)
			}
			ctx := context.Background()
			got := map[string]string{}
			for rec, err := range r.cfg.Store.Records(ctx, rn.ID()) {
				if err != nil {
					t.Fatal(err)
				}
				got[rec.Domain] = rec.Filing.Number
			}
			for i, n := range names[100:] {
				want := first
				if i%7 == 0 {
					want = now
				}
				if got[n] != want {
					t.Errorf("%s is judged by %q, want %q", n, got[n], want)
				}
			}
			if len(got) != 500 {
				t.Errorf("%d verdicts", len(got))
			}
			c, err := rn.Changes(ctx)
			if err != nil || c.Added+c.Altered < 100 || stopAfter > 100 && (c.Removed != 100 || c.Added != 100 || c.Altered != 58) {
				t.Errorf("%+v, %v", c, err)
			}
			var bad []int
			if err := Rejections(ctx, r.cfg.Store, rn.ID(), func(r inventory.Rejection) error { bad = append(bad, r.Line); return nil }); err != nil || !slices.Equal(bad, []int{502, 503}) {
				t.Errorf("rejected: %v, %v", bad, err)
			}
			leftOver(t, r)
		})
	}
}

// Names that wait for another visit when the inventory is read again keep what
// was seen of them, unless their line says something else now.
func TestWaitingNamesAreReadAgain(t *testing.T) { onBoth(t, testWaitingNamesAreReadAgain) }

func testWaitingNamesAreReadAgain(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	names := b.many(5)
	dead := []string{"dead1.cn", "dead2.cn", "dead3.cn"} // the bed has no address for them
	path := filepath.Join(t.TempDir(), "list.csv")
	write := func(text string) {
		if err := os.WriteFile(path, []byte("domain,filing_number\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Join(names, ",\n") + ",\n" + strings.Join(dead, ",京ICP备20231111号\n") + ",京ICP备20231111号\n")
	cfg := Config{Dir: t.TempDir(), Scanner: b.scanner(t, nil, time.Second, 3*time.Second), Single: true}
	in(&cfg)
	if cfg.Store == nil {
		cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
	}
	before := openRunner(t, cfg)
	old := begin(t, before, Start{Inventory: path})
	for limit := time.Now().Add(time.Minute); old.Progress().Pending < 3 || old.Progress().Verdicts < 5; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%+v", old.Progress())
		}
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	write(strings.Join(names[1:], ",\n") + ",\ndead2.cn,京ICP备20231111号\ndead3.cn,京ICP备20232222号\n")
	r := openRunner(t, cfg)
	rn := begin(t, r, Start{Inventory: path})
	if run := wait(t, rn); run.Verdicts != 6 || run.State != reports.RunDone {
		t.Errorf("%+v", run)
	}
	got := verdicts(t, r.cfg.Store, rn.ID())
	if got["dead2.cn"] == "" || got["dead3.cn"] == "" || got["dead1.cn"] != "" || got["site0000.cn"] != "" {
		t.Errorf("%v", got)
	}
	leftOver(t, r)
}
