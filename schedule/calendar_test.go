package schedule

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// A run that was left, with settings that no process works by, or without a job, does
// not keep the calendar from its inventory; one that goes on by itself does.
func TestAbandonedRunGivesWay(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		for name, c := range map[string]struct {
			timeout time.Duration // of the abandoned scan
			lost    bool          // its jobs are
			closed  bool
		}{
			"other settings": {timeout: 2 * time.Second, closed: true},
			"no job left":    {timeout: time.Second, lost: true, closed: true},
			"goes on":        {timeout: time.Second},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBed(t, 1)
				b.delay = 5 * time.Millisecond
				path := inventoryOf(t, b.many(300)...)
				cfg := Config{Dir: t.TempDir(), Options: Options{Concurrency: 2}, Single: true}
				in(&cfg)
				if cfg.Store == nil {
					cfg.Store = openStore(t, filepath.Join(cfg.Dir, "results.db"))
				}
				cfg.Scanner = b.scanner(t, nil, c.timeout)
				scan := openRunner(t, cfg)
				old := begin(t, scan, Start{Inventory: path})
				reach(t, old, 10)
				if err := scan.Close(); err != nil {
					t.Fatal(err)
				}
				cfg.Scanner = b.scanner(t, nil, time.Second) // it inserts, and works when a run has begun: Begin is not called
				serve := openRunner(t, cfg)
				if c.lost {
					for more := true; more; {
						var err error
						if more, err = serve.queue.Delete(t.Context(), old.ID(), "", true); err != nil {
							t.Fatal(err)
						}
					}
				}
				rn, err := serve.begin(t.Context(), Start{Inventory: path, Entry: "nightly", Tick: time.Now(), fromCalendar: true}, nil)
				was, failed := serve.cfg.Store.Run(context.Background(), old.ID())
				if failed != nil {
					t.Fatal(failed)
				}
				switch {
				case !c.closed && !errors.Is(err, ErrUnderWay):
					t.Errorf("%v", err)
				case c.closed && (err != nil || rn.Resumed || was.State != reports.RunFailed || was.Trouble != "its inventory's next time has come"):
					t.Errorf("%+v, %v; the old one %+v", rn, err, was)
				}
			})
		}
	})
}
