package schedule

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/queue"
)

// Telling is how people are told of a run that has ended.
type Telling struct {
	Channels []notify.Channel
	// Messages makes what is to be sent of a run, the same messages with the same IDs
	// whenever it is called.
	Messages func(context.Context, *reports.Run) ([]*notify.Message, error)
	Quiet    Quiet
}

// Quiet are the hours in which nobody is told anything, by the clock of Zone:
// from From until To, which may be on the next day; the same time twice: none.
type Quiet struct {
	From, To time.Duration // since midnight
	Zone     *time.Location
}

// Until is the end of the quiet hours that now lies in; zero if it lies in none.
func (q Quiet) Until(now time.Time) time.Time {
	if q.From == q.To {
		return time.Time{}
	}
	zone := q.Zone
	if zone == nil {
		zone = time.Local
	}
	at := now.In(zone)
	since := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
	day := 0
	switch {
	case q.From < q.To && (since < q.From || since >= q.To), q.From > q.To && since >= q.To && since < q.From:
		return time.Time{}
	case q.From > q.To && since >= q.From:
		day = 1 // they end on the next day
	}
	return time.Date(at.Year(), at.Month(), at.Day()+day, int(q.To/time.Hour), int(q.To%time.Hour/time.Minute), 0, 0, zone)
}

// tellArgs: send a message of the outbox.
type tellArgs struct {
	Message string `json:"message" river:"unique"`
}

// The states of a message in the outbox beside the outcomes of sending.
const (
	messageWaiting = "waiting"
	messageSending = "sending"
)

// outboxKept is how long a row of the outbox stays, so that no message is made
// twice and people can be asked what they were told.
const outboxKept = 90 * 24 * time.Hour

// tell puts the messages of the run into the outbox, each once however often it
// is called.
func (f *finishing) tell(ctx context.Context) error {
	r := f.r
	if r.cfg.Tell == nil {
		return nil
	}
	messages, err := r.cfg.Tell.Messages(ctx, f.info.Run)
	if err != nil && (store.Unavailable(err) || ctx.Err() != nil) {
		return err
	}
	if err != nil {
		r.log.Error("nobody is told of the run", "run", f.info.ID, "err", err) // a template or a notice that fails must not keep the run open
		return nil
	}
	now := millis(r.cfg.Now())
	return r.queue.Do(ctx, func(tx *queue.Tx) error {
		if err := r.queue.Hold(ctx, tx, f.job.JobRow); err != nil {
			return err
		}
		for _, m := range messages {
			body, err := json.Marshal(m)
			if err != nil {
				return err
			}
			res, err := tx.ExecContext(ctx, `INSERT INTO outbox (id, run, channel, reader, body, state, tries, at, reason) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '') ON CONFLICT (id) DO NOTHING`,
				m.ID, f.info.ID, m.Channel, strings.Join(m.To, ", "), body, messageWaiting, now)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				continue
			}
			if err := r.queue.Insert(ctx, tx, r.tellJob(m.ID)); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE at < $1`, now-outboxKept.Milliseconds())
		return err
	})
}

func (r *Runner) tellJob(id string) queue.Job {
	return queue.Job{Args: tellArgs{id}, Opts: river.InsertOpts{Queue: queueTell, Priority: priorityCalendar, UniqueOpts: once()}}
}

// send works a job of the outbox: in its channel's pace, outside the quiet
// hours, once. A message that a process was sending when it died may have
// arrived; it is sent again only where the receiver can tell that it has it.
func (r *Runner) send(ctx context.Context, job *river.Job[tellArgs]) error {
	m, state, tries, err := r.letter(ctx, job.Args.Message)
	if err != nil {
		return r.told(err)
	}
	if m == nil || state != messageWaiting && state != messageSending {
		return nil
	}
	channel := r.channel(m.Channel)
	if channel == nil {
		return r.told(r.sent(ctx, m.ID, notify.Refused, "the settings name no such channel any more"))
	}
	if state == messageSending && channel.Kind != notify.Webhook {
		return r.told(r.sent(ctx, m.ID, notify.Perhaps, "the process ended while it was being sent"))
	}
	if wait, err := r.waitToSend(ctx, channel); err != nil || wait > 0 {
		if err != nil {
			return r.told(err)
		}
		return river.JobSnooze(wait)
	}
	if err := r.db.exec(ctx, `UPDATE outbox SET state = $2, tries = tries + 1, at = $3 WHERE id = $1`, m.ID, messageSending, millis(r.cfg.Now())); err != nil {
		return r.told(err)
	}
	out, failed := channel.Send(ctx, m, r.cfg.Now())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // what was done is noted even as the process ends
	defer cancel()
	if out == notify.Later && tries+1 < notify.Tries {
		r.log.Warn("a notification waits", "channel", channel.Name, "err", failed)
		if err := r.db.exec(ctx, `UPDATE outbox SET state = $2, at = $3, reason = $4 WHERE id = $1`, m.ID, messageWaiting, millis(r.cfg.Now()), failed.Error()); err != nil {
			return r.told(err)
		}
		return river.JobSnooze(notify.Retry(tries + 1))
	}
	if out == notify.Later {
		out = notify.Refused
	}
	reason := ""
	if failed != nil {
		reason = failed.Error()
		r.log.Error("a notification was not sent", "channel", channel.Name, "outcome", out, "err", failed)
	}
	return r.told(r.sent(ctx, m.ID, out, reason))
}

// letter reads a message of the outbox; nil if it is not there any more.
func (r *Runner) letter(ctx context.Context, id string) (m *notify.Message, state string, tries int, err error) {
	err = r.db.rows(ctx, func(rows *sql.Rows) error {
		var body []byte
		if err := rows.Scan(&body, &state, &tries); err != nil {
			return err
		}
		if len(body) == 0 {
			return nil
		}
		m = &notify.Message{}
		if err := json.Unmarshal(body, m); err != nil {
			return fmt.Errorf("message %s of the outbox: %w", id, err)
		}
		return nil
	}, `SELECT body, state, tries FROM outbox WHERE id = $1`, id)
	return m, state, tries, err
}

func (r *Runner) channel(name string) *notify.Channel {
	for i := range r.cfg.Tell.Channels {
		if c := &r.cfg.Tell.Channels[i]; c.Name == name {
			return c
		}
	}
	return nil
}

// waitToSend is how long a channel may not be used: in quiet hours until their
// end, else for its pace, over all processes.
func (r *Runner) waitToSend(ctx context.Context, c *notify.Channel) (time.Duration, error) {
	now := r.cfg.Now()
	if until := r.cfg.Tell.Quiet.Until(now); until.After(now) {
		return until.Sub(now), nil
	}
	last, err := r.db.number(ctx, `SELECT COALESCE(MAX(at), 0) FROM outbox WHERE channel = $1 AND tries > 0`, c.Name)
	return time.UnixMilli(last).Add(c.Every()).Sub(now), err
}

// sent notes how a message went, for good.
func (r *Runner) sent(ctx context.Context, id string, out notify.Outcome, reason string) error {
	return r.db.exec(ctx, `UPDATE outbox SET state = $2, at = $3, reason = $4, body = $5 WHERE id = $1`, id, string(out), millis(r.cfg.Now()), reason, []byte{})
}
