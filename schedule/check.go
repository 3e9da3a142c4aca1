package schedule

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A CheckRequest is one site that a person asks for while runs are under way.
type CheckRequest struct {
	ID     string
	Asked  time.Time
	Domain string
	Filing string // what the asker says is filed, as it was given
	State  CheckState
	Reason message.Text // why it failed
	Record export.Lines // when it is done
}

// CheckState is how far a check request has come.
type CheckState string

// The states of a check request.
const (
	CheckWaiting  CheckState = "waiting" // for a worker
	CheckVisiting CheckState = "looking" // the value is part of the API
	CheckDone     CheckState = "done"
	CheckFailed   CheckState = "failed"
)

// ErrNoCheck reports that there is no such check request, or none any more.
var ErrNoCheck = message.Errorf("没有该次检查", "no such check")

// Bounds of check requests: they have places of their own, so that they never
// wait behind a run.
const (
	checkTries = 3                  // a worker may die over it
	checkKept  = 7 * 24 * time.Hour // then it is forgotten
	maxChecks  = 1000               // that wait; more are refused
	checkLost  = 15 * time.Minute   // nobody will answer any more
)

// OpenMark begins the id of a check that somebody asked for who has not logged in.
const OpenMark = "open-"

// Ask hands a site to the first worker that is free. The target must be one
// that Config.CheckTarget understands; it is stored as given.
func (r *Runner) Ask(ctx context.Context, domain, filing string) (id string, err error) {
	return r.ask(ctx, "", domain, filing)
}

// AskOpen is [Runner.Ask] for somebody who has not logged in: Config.OpenChecker visits the
// site, and the id begins with [OpenMark].
func (r *Runner) AskOpen(ctx context.Context, domain, filing string) (id string, err error) {
	return r.ask(ctx, OpenMark, domain, filing)
}

func (r *Runner) ask(ctx context.Context, mark, domain, filing string) (id string, err error) {
	now := r.cfg.Now()
	if err := r.db.exec(ctx, `DELETE FROM check_request WHERE asked < $1`, millis(now.Add(-checkKept))); err != nil {
		return "", err
	}
	n, err := r.db.number(ctx, `SELECT COUNT(*) FROM check_request WHERE state = 'waiting'`)
	if err != nil {
		return "", err
	}
	if n >= maxChecks {
		return "", message.Errorf("已有 %d 次检查在等待：请启动一个工作进程（beianwatch serve --role worker），或稍后再试", "%d checks are waiting already: start a worker (beianwatch serve --role worker), or ask again later", n)
	}
	id = mark + rand.Text()
	return id, r.queue.Do(ctx, func(tx *queue.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO check_request (id, asked, domain, filing, state, reason, record) VALUES ($1, $2, $3, $4, $5, '', $6)`,
			id, millis(now), domain, filing, string(CheckWaiting), []byte{}); err != nil {
			return err
		}
		return r.queue.Insert(ctx, tx, queue.Job{Args: checkArgs{id}, Opts: river.InsertOpts{Queue: queueCheck, Priority: priorityCheck, MaxAttempts: checkTries}})
	})
}

// CheckRequest returns a check request; [ErrNoCheck] if it is not there.
func (r *Runner) CheckRequest(ctx context.Context, id string) (*CheckRequest, error) {
	q := CheckRequest{ID: id}
	var asked int64
	var state, reason string
	var record []byte
	err := r.db.reader.QueryRowContext(ctx, `SELECT asked, domain, filing, state, reason, record FROM check_request WHERE id = $1`, id).
		Scan(&asked, &q.Domain, &q.Filing, &state, &reason, &record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoCheck
	}
	q.Asked, q.State, q.Reason, q.Record = time.UnixMilli(asked), CheckState(state), message.Unpack(reason), export.UnpackLines(record)
	if q.State != CheckDone && q.State != CheckFailed && r.cfg.Now().Sub(q.Asked) > checkLost {
		q.State, q.Reason = CheckFailed, unanswered
		if strings.HasPrefix(id, OpenMark) {
			q.Reason = notNow
		}
	}
	return &q, err
}

// checkTime is the time of a check's job: a visit's time for each visit that
// may be made, and the time between them.
func (r *Runner) checkTime() time.Duration {
	s := r.cfg.Checker
	if s == nil {
		return 0
	}
	total := s.Limit() + 5*time.Second
	for _, wait := range s.Confirm.Delays {
		total += wait + s.Limit()
	}
	return total
}

// check answers a check request. What keeps it from being answered after the
// last try is told to the asker.
func (r *Runner) check(ctx context.Context, job *river.Job[checkArgs]) error {
	err := r.answer(ctx, job.Args.ID)
	if err != nil && job.Attempt >= job.MaxAttempts {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return r.failCheck(ctx, job.Args.ID, err)
	}
	return err
}

// answer visits the site as the check command does, while a person waits.
func (r *Runner) answer(ctx context.Context, id string) error {
	q, err := r.CheckRequest(ctx, id)
	if errors.Is(err, ErrNoCheck) {
		return nil
	}
	if err != nil || q.State == CheckDone {
		return err
	}
	if err := r.setCheck(ctx, q.ID, CheckVisiting, message.Text{}, export.Lines{}); err != nil {
		return err
	}
	target, err := r.cfg.CheckTarget(q.Domain, q.Filing)
	if err != nil {
		return r.setCheck(ctx, q.ID, CheckFailed, message.Both(err), export.Lines{}) // what is wrong with what was asked
	}
	looker := r.cfg.Checker
	open := strings.HasPrefix(q.ID, OpenMark)
	if open {
		if looker = r.cfg.OpenChecker; looker == nil {
			return r.setCheck(ctx, q.ID, CheckFailed, noOpenChecks, export.Lines{})
		}
	}
	record, err := r.checkNow(ctx, looker, target, open)
	if ctx.Err() != nil {
		return ctx.Err() // another worker visits it
	}
	if errors.Is(err, errNotPublic) {
		return r.setCheck(ctx, q.ID, CheckFailed, notPublic, export.Lines{})
	}
	if err != nil {
		return r.failCheck(ctx, q.ID, err)
	}
	return r.setCheck(ctx, q.ID, CheckDone, message.Text{}, record)
}

// failCheck says why a check cannot be answered: our own trouble, of which strangers are
// told no more than that.
func (r *Runner) failCheck(ctx context.Context, id string, err error) error {
	r.log.Warn("a check could not be answered", "id", id, "err", err)
	reason := message.Format("未能完成检查：%v", "it could not be answered: %v", err)
	if strings.HasPrefix(id, OpenMark) {
		reason = notNow
	}
	return r.setCheck(ctx, id, CheckFailed, reason, export.Lines{})
}

// Why a check was not answered. The last three are told to people who have not logged in.
var (
	unanswered = message.Text{ZH: "没有工作进程应答：请确认已启动（beianwatch serve --role worker），再重试",
		EN: "no worker has answered: make sure that one is running (beianwatch serve --role worker), then ask again"}
	notNow       = message.Text{ZH: "本次未能检查，与该网站无关，请稍后再试", EN: "it could not be checked just now, which is not the site's doing: try again later"}
	noOpenChecks = message.Text{ZH: "本机没有开启公开自查", EN: "this machine does no public self-checks"}
	notPublic    = message.Text{ZH: "该网站指向非公网地址，未检查", EN: "this site leads to an address that is not public: it was not checked"}
)

var errNotPublic = errors.New("the site leads to an address that is not public")

// checkNow visits one site and makes its record. To those who have not logged in (open)
// nothing is told of a site that leads to an inner address: not even which one.
func (r *Runner) checkNow(ctx context.Context, looker *visit.Scanner, target *crawler.Target, open bool) (export.Lines, error) {
	c := looker.Check(ctx, target, r.opt.Controls)
	if open && slices.ContainsFunc(c.Obs.Visits, func(v crawler.Visit) bool { return v.Failure != nil && v.Failure.Kind == crawler.FailGuard }) {
		return export.Lines{}, errNotPublic
	}
	run := &reports.Run{Ruleset: r.ruleset, StartedAt: c.At, State: reports.RunDone}
	return export.LinesOf(reports.NewRecord(run, c, looker.Judge(c)))
}

func (r *Runner) setCheck(ctx context.Context, id string, state CheckState, reason message.Text, record export.Lines) error {
	return r.db.exec(ctx, `UPDATE check_request SET state = $2, reason = $3, record = $4 WHERE id = $1`, id, string(state), reason.Pack(), record.Pack())
}
