package schedule

import (
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/schedule/polite"
)

// The database server dies in the middle of a run and its standby takes its place: with
// both of them in the address the run goes on in all processes, every name has one
// verdict, nobody who is up is called down, and an address has no more requests in
// flight than it may.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary, standby := pgtest.NewPair(t)
	dsn := primary.DSN("test", standby) + "&target_session_attrs=read-write"
	b := newBed(t, 2)
	b.delay = 30 * time.Millisecond
	names, want := b.mixed(400, 2, 20, 7, 13)
	const abreast = 4
	var runners []*Runner
	for range 2 {
		gate := polite.NewGate(abreast, 0, nil)
		cfg := Config{Dir: t.TempDir(), Scanner: b.scanner(t, gate, 2*time.Second, 100*time.Millisecond), Gate: gate, Store: openStore(t, dsn), Options: Options{Concurrency: 16, Evidence: EvidenceNone}}
		runners = append(runners, openRunner(t, cfg))
	}
	rn := begin(t, runners[0], Start{Inventory: inventoryOf(t, names...)})
	reach(t, rn, 60)
	if err := primary.Halt(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second) // until somebody notices, there is only a server that cannot be written to
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	expire(t, dsn)
	if run := wait(t, rn); run.State != reports.RunDone || run.Verdicts != len(names) {
		t.Errorf("%+v", run)
	}
	checkVerdicts(t, standby.DSN("test"), want)
	leftOver(t, runners[0])
	b.set(func(b *bed) {
		for addr, most := range b.most {
			if most > abreast {
				t.Errorf("%d requests in flight to %s", most, addr)
			}
		}
	})
}
