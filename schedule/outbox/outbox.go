// Package outbox keeps what people are to be told of runs until it has been sent:
// each message once, in the pace of its channel and outside the quiet hours.
package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
)

// Telling is how people are told of a run that has ended.
type Telling struct {
	Channels []notify.Channel
	// Messages makes what is to be sent of a run, the same messages with the same IDs
	// whenever it is called.
	Messages func(context.Context, *reports.Run) ([]*notify.Message, error)
	Quiet    Quiet
}

// An Outbox is the messages in the database that are sent, are to be, or were.
type Outbox struct {
	Writer, Reader *sql.DB
	Telling        *Telling
	Now            func() time.Time
	Log            *slog.Logger
}

// The states of a message beside the outcomes of sending.
const (
	waiting = "waiting"
	sending = "sending"
)

// ErrTaken reports that another process has taken a message meanwhile.
var ErrTaken = errors.New("another process sends the message")

// kept is how long a row stays, so that no message is made twice and people can be
// asked what they were told.
const kept = 90 * 24 * time.Hour

// Put stores the messages of a run that are not there yet, in the transaction, and
// returns their IDs. It drops those that are long over.
func (o *Outbox) Put(ctx context.Context, tx *sql.Tx, run string, messages []*notify.Message) (added []string, err error) {
	now := o.Now().UnixMilli()
	for _, m := range messages {
		body, err := json.Marshal(m)
		if err != nil {
			return nil, err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO outbox (id, run, channel, reader, body, state, tries, at, reason, owner, made) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', $8, $7) ON CONFLICT (id) DO NOTHING`,
			m.ID, run, m.Channel, strings.Join(m.To, ", "), body, waiting, now, m.Owner)
		if err != nil {
			return nil, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return nil, err
		}
		if n > 0 {
			added = append(added, m.ID)
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM outbox WHERE at < $1`, now-kept.Milliseconds())
	return added, err
}

// Send sends a message, once. again is how long to wait before it is to be called
// for the message again; 0: nothing is left to do. A message that a process was
// sending when it died may have arrived; it is sent again only where the receiver
// can tell that it has it. With [ErrTaken] nothing was sent.
func (o *Outbox) Send(ctx context.Context, id string) (again time.Duration, err error) {
	m, state, tries, err := o.message(ctx, id)
	if err != nil || m == nil || state != waiting && state != sending {
		return 0, err
	}
	channel := o.channel(m.Channel)
	if channel == nil {
		return 0, o.sent(ctx, m.ID, notify.Refused, message.Text{ZH: "配置中已没有该通道", EN: "the settings name no such channel any more"})
	}
	if state == sending && channel.Kind != notify.Webhook {
		return 0, o.sent(ctx, m.ID, notify.Perhaps, message.Text{ZH: "发送时进程结束", EN: "the process ended while it was being sent"})
	}
	if wait, err := o.wait(ctx, channel); err != nil || wait > 0 {
		return max(wait, 0), err
	}
	if err := o.claim(ctx, m.ID, state, tries); err != nil {
		return 0, err
	}
	out, failed := channel.Send(ctx, m, o.Now())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // what was done is noted even as the process ends
	defer cancel()
	if out == notify.Later && tries+1 < notify.Tries {
		o.Log.Warn("a notification waits", "channel", channel.Name, "err", failed)
		err := o.exec(ctx, `UPDATE outbox SET state = $2, at = $3, reason = $4 WHERE id = $1`, m.ID, waiting, o.Now().UnixMilli(), message.Both(failed).Pack())
		return notify.Retry(tries + 1), err
	}
	if out == notify.Later {
		out = notify.Refused
	}
	if failed != nil {
		o.Log.Error("a notification was not sent", "channel", channel.Name, "outcome", out, "err", failed)
	}
	return 0, o.sent(ctx, m.ID, out, message.Both(failed))
}

// claim notes that a message is being sent, unless another process has changed it since
// it was read ([ErrTaken]): that one sends it.
func (o *Outbox) claim(ctx context.Context, id, state string, tries int) error {
	res, err := o.Writer.ExecContext(ctx, `UPDATE outbox SET state = $2, tries = tries + 1, at = $3 WHERE id = $1 AND state = $4 AND tries = $5`,
		id, sending, o.Now().UnixMilli(), state, tries)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrTaken
}

// message reads a message; nil if it is not there any more, or is over.
func (o *Outbox) message(ctx context.Context, id string) (m *notify.Message, state string, tries int, err error) {
	var body []byte
	err = o.Reader.QueryRowContext(ctx, `SELECT body, state, tries FROM outbox WHERE id = $1`, id).Scan(&body, &state, &tries)
	if errors.Is(err, sql.ErrNoRows) || err == nil && len(body) == 0 {
		return nil, "", 0, nil
	}
	if err != nil {
		return nil, "", 0, err
	}
	m = &notify.Message{}
	if err := json.Unmarshal(body, m); err != nil {
		return nil, "", 0, fmt.Errorf("message %s of the outbox: %w", id, err)
	}
	return m, state, tries, nil
}

func (o *Outbox) channel(name string) *notify.Channel {
	for i := range o.Telling.Channels {
		if c := &o.Telling.Channels[i]; c.Name == name {
			return c
		}
	}
	return nil
}

// wait is how long a channel may not be used: in quiet hours until their end, else
// for its pace, over all processes.
func (o *Outbox) wait(ctx context.Context, c *notify.Channel) (time.Duration, error) {
	now := o.Now()
	if until := o.Telling.Quiet.Until(now); until.After(now) {
		return until.Sub(now), nil
	}
	var last int64 // what lies further ahead was sent before the clock was set back
	err := o.Reader.QueryRowContext(ctx, `SELECT COALESCE(MAX(at), 0) FROM outbox WHERE channel = $1 AND tries > 0 AND at <= $2`, c.Name, now.Add(c.Every()).UnixMilli()).Scan(&last)
	return time.UnixMilli(last).Add(c.Every()).Sub(now), err
}

// sent notes how a message went, for good.
func (o *Outbox) sent(ctx context.Context, id string, out notify.Outcome, reason message.Text) error {
	return o.exec(ctx, `UPDATE outbox SET state = $2, at = $3, reason = $4, body = $5 WHERE id = $1`, id, string(out), o.Now().UnixMilli(), reason.Pack(), []byte{})
}

func (o *Outbox) exec(ctx context.Context, query string, args ...any) error {
	_, err := o.Writer.ExecContext(ctx, query, args...)
	return err
}
