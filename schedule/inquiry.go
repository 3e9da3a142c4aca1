package schedule

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
)

// An Inquiry is one site that a person asks for while runs are under way.
type Inquiry struct {
	ID     string
	Asked  time.Time
	Domain string
	Filing string // what the asker says is filed, as it was given
	State  InquiryState
	Reason string // why it failed
	Record []byte // the JSON Lines record when it is done
}

// InquiryState is how far an inquiry has come.
type InquiryState string

// The states of an inquiry.
const (
	InquiryWaiting InquiryState = "waiting" // for a worker
	InquiryLooking InquiryState = "looking"
	InquiryDone    InquiryState = "done"
	InquiryFailed  InquiryState = "failed"
)

// ErrNoInquiry says that there is no such inquiry, or none any more.
var ErrNoInquiry = errors.New("no such check")

// inquiryJob lets a worker answer an inquiry.
type inquiryJob struct {
	ID string `json:"id"`
}

func (inquiryJob) Kind() string { return "inquiry" }

// Bounds of inquiries: they have places of their own, so that they never wait
// behind a night.
const (
	queueInquiry  = "inquiry"
	inquiryPlaces = 8                  // at once in one process
	inquiryTries  = 3                  // a worker may die over it
	inquiryKept   = 7 * 24 * time.Hour // then it is forgotten
	inquiriesMost = 1000               // that wait; more are refused
	inquiryLost   = 15 * time.Minute   // nobody will answer any more
)

// Ask hands a site to the first worker that is free. The target must be one
// that Config.Inquire understands; it is stored as given.
func (r *Runner) Ask(ctx context.Context, domain, filing string) (id string, err error) {
	now := r.cfg.Now()
	if err := r.db.exec(ctx, `DELETE FROM inquiry WHERE asked < $1`, millis(now.Add(-inquiryKept))); err != nil {
		return "", err
	}
	n, err := r.db.number(ctx, `SELECT COUNT(*) FROM inquiry WHERE state = 'waiting'`)
	if err != nil {
		return "", err
	}
	if n >= inquiriesMost {
		return "", fmt.Errorf("%d checks are waiting already: start a worker (beianwatch serve --role worker), or ask again later", n)
	}
	id = rand.Text()
	if err := r.db.exec(ctx, `INSERT INTO inquiry (id, asked, domain, filing, state, reason, record) VALUES ($1, $2, $3, $4, $5, '', $6)`,
		id, millis(now), domain, filing, string(InquiryWaiting), []byte{}); err != nil {
		return "", err
	}
	return id, r.queue.insertOne(ctx, inquiryJob{id}, &river.InsertOpts{Queue: queueInquiry, Priority: priorityInquiry, MaxAttempts: inquiryTries})
}

// Inquiry gives an inquiry; [ErrNoInquiry] if it is not there.
func (r *Runner) Inquiry(ctx context.Context, id string) (*Inquiry, error) {
	q := Inquiry{ID: id}
	var asked int64
	var state string
	err := r.db.reader.QueryRowContext(ctx, `SELECT asked, domain, filing, state, reason, record FROM inquiry WHERE id = $1`, id).
		Scan(&asked, &q.Domain, &q.Filing, &state, &q.Reason, &q.Record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoInquiry
	}
	q.Asked, q.State = time.UnixMilli(asked), InquiryState(state)
	if q.State != InquiryDone && q.State != InquiryFailed && r.cfg.Now().Sub(q.Asked) > inquiryLost {
		q.State, q.Reason = InquiryFailed, "no worker has answered: look whether one is running (beianwatch serve --role worker), then ask again"
	}
	return &q, err
}

// An inquirer works the jobs of inquiries.
type inquirer struct {
	river.WorkerDefaults[inquiryJob]
	r *Runner
}

// Timeout is a look's time for each look that may be made, and the time
// between them.
func (w *inquirer) Timeout(*river.Job[inquiryJob]) time.Duration {
	l := w.r.cfg.Checker
	total := l.limit() + 5*time.Second
	for _, wait := range l.Confirm {
		total += wait + l.limit()
	}
	return total
}

// Work answers one inquiry. What keeps it from being answered after the last
// try is told to the asker.
func (w *inquirer) Work(ctx context.Context, job *river.Job[inquiryJob]) error {
	err := w.r.inquire(ctx, job.Args.ID)
	if err != nil && job.Attempt >= job.MaxAttempts {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return w.r.answer(ctx, job.Args.ID, InquiryFailed, "it could not be answered: "+err.Error(), nil)
	}
	return err
}

// inquire looks at the site as check does, while a person waits.
func (r *Runner) inquire(ctx context.Context, id string) error {
	q, err := r.Inquiry(ctx, id)
	if errors.Is(err, ErrNoInquiry) {
		return nil
	}
	if err != nil || q.State == InquiryDone {
		return err
	}
	if err := r.answer(ctx, q.ID, InquiryLooking, "", nil); err != nil {
		return err
	}
	target, err := r.cfg.Inquire(q.Domain, q.Filing)
	if err != nil {
		return r.answer(ctx, q.ID, InquiryFailed, err.Error(), nil)
	}
	record, err := r.lookNow(ctx, target)
	if ctx.Err() != nil {
		return ctx.Err() // another worker looks at it
	}
	if err != nil {
		return r.answer(ctx, q.ID, InquiryFailed, err.Error(), nil)
	}
	return r.answer(ctx, q.ID, InquiryDone, "", record)
}

// lookNow looks at one site and makes its record.
func (r *Runner) lookNow(ctx context.Context, target *crawler.Target) ([]byte, error) {
	c := r.cfg.Checker.Check(ctx, target, r.opt.Controls)
	run := &reports.Run{Ruleset: detect.Ruleset(), StartedAt: c.At, State: reports.RunDone}
	record := reports.NewRecord(run, c, detect.Judge(c, rules.All), r.opt.Lang)
	var out bytes.Buffer
	err := reports.WriteJSONL(&out, func(yield func(*reports.Record, error) bool) { yield(record, nil) }, r.opt.Lang)
	return bytes.TrimSpace(out.Bytes()), err
}

func (r *Runner) answer(ctx context.Context, id string, state InquiryState, reason string, record []byte) error {
	if record == nil {
		record = []byte{}
	}
	return r.db.exec(ctx, `UPDATE inquiry SET state = $2, reason = $3, record = $4 WHERE id = $1`, id, string(state), reason, record)
}
