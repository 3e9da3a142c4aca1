package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// maxHeld is how often a verdict is held back because the trouble may be ours
// before it becomes "unknown".
const maxHeld = 3

// confirm is the work of a job: it looks again at names that failed. What it
// does not get to falls due at once again. served is called when the looks have
// begun.
func (rd *member) confirm(ctx context.Context, t *task, served func()) error {
	names, err := rd.pendingOf(ctx, t.id)
	if err != nil {
		return fmt.Errorf("reading names to confirm: %w", err)
	}
	var stored receipts
	var looks sync.WaitGroup
	until := time.Now().Add(shardStarts)
	for i := range names {
		if !rd.r.confirmPace.wait(ctx) {
			break
		}
		looks.Go(func() {
			place, err := rd.r.confirms.enter(ctx)
			if err != nil {
				return
			}
			defer place.leave()
			if time.Now().Before(until) {
				rd.confirmOne(ctx, &names[i], &stored)
			}
		})
	}
	served()
	looks.Wait()
	if err := stored.wait(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return rd.r.db.tx(ctx, func(tx *sql.Tx) error {
		if mine, err := t.drop(ctx, tx); err != nil || !mine {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE pending SET batch = 0 WHERE round = $1 AND batch = $2`, rd.id, t.id)
		return err
	})
}

// confirmOne looks at one name again and settles it. A failure that would now
// count is held back while our own standing is in doubt.
func (rd *member) confirmOne(ctx context.Context, n *pendingName, stored *receipts) {
	c := rd.r.cfg.Looker.Look(ctx, n.target, nil, n.standing.attempts)
	if ctx.Err() != nil {
		return
	}
	if _, again := rd.lookAgain(c); !again && accuses(c) {
		why := rd.watch.signs(c)
		if why == "" {
			why = rd.watch.vouch(ctx)
		}
		if why != "" {
			if ctx.Err() == nil {
				rd.hold(c, n.standing, why, stored)
			}
			return
		}
	}
	rd.settle(ctx, c, n.standing, stored)
}

// accuses tells whether the look says that the site does not work, which our
// own network could be the reason for.
func accuses(c *detect.Case) bool {
	switch c.Liveness {
	case detect.Down, detect.Blocked, detect.Placeholder:
		return true
	}
	return false
}

// hold keeps a verdict back, or gives it up as unknown when it was held often
// enough. The look that was made in doubt does not count.
func (rd *member) hold(c *detect.Case, st standing, why string, stored *receipts) {
	if st.held < maxHeld {
		delays := rd.opt.retries()
		wait := max(delays[len(delays)-1], time.Second) * time.Duration(st.held+1)
		rd.tally.held.Add(1)
		rd.postpone(c, st, st.attempts, st.held+1, wait, stored)
		return
	}
	rd.verdict(rd.r.cfg.Looker.doubted(c, why, st.attempts), st, stored)
}
