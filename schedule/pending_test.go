package schedule

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// A look that confirms lets first looks go first, but not for long, and does
// not come alone where more will fall due in a moment.
func TestConfirmingGivesWay(t *testing.T) { onBoth(t, testConfirmingGivesWay) }

func testConfirmingGivesWay(t *testing.T, in func(*Config)) {
	for name, c := range map[string]struct {
		late  time.Duration // how long ago the names fell due
		names int
		first bool // names wait for their first look
		want  string
	}{
		"nothing else is to do":     {2 * time.Second, 3, false, "true 1 3"},
		"first looks wait":          {2 * time.Second, 3, true, "true 0 0"},
		"first looks have had time": {confirmLate + time.Second, 3, true, "true 1 3"},
		"more will fall due":        {50 * time.Millisecond, 3, false, "true 0 0"},
		"a task is full":            {50 * time.Millisecond, confirmNames, false, "true 1 100"},
		"not due":                   {-time.Minute, 3, false, "true 0 0"},
		"none":                      {0, 0, false, "false 0 0"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			b := newBed(t, 1)
			r := runnerIn(t, t.TempDir(), b.looker(t, nil, time.Second, 10*time.Second), nil, Options{}, in)
			rd, err := r.Begin(ctx, Start{Inventory: inventoryOf(t, "a.cn")})
			if err != nil {
				t.Fatal(err)
			}
			rd.hands = 1
			due := millis(time.Now().Add(-c.late))
			for i := range c.names {
				err := r.db.exec(ctx, `INSERT INTO pending (round, domain, due, held, batch, attempts) VALUES ($1, $2, $3, 0, 0, $4)`, rd.id, fmt.Sprintf("n%d.cn", i), due, []byte("[]"))
				if err != nil {
					t.Fatal(err)
				}
			}
			waits, err := rd.openConfirms(ctx, 0, c.first)
			if err != nil {
				t.Fatal(err)
			}
			tasks, _ := r.db.number(ctx, `SELECT COUNT(*) FROM task WHERE round = $1 AND kind = 'confirm'`, rd.id)
			claimed, _ := r.db.number(ctx, `SELECT COUNT(*) FROM pending WHERE round = $1 AND batch <> 0`, rd.id)
			if got := fmt.Sprint(waits, tasks, claimed); got != c.want {
				t.Errorf("waits, tasks and names claimed: %s, want %s", got, c.want)
			}
		})
	}
}
