package crawler

import (
	"context"
	"time"
)

// A Register answers what is filed. Trouble in asking is an answer with status
// unknown and its reason; an error means that we were stopped.
type Register interface {
	// Lookup tells what is filed for a registrable domain.
	Lookup(ctx context.Context, domain string) (Filing, error)
	// Number tells which domains are filed under a filing number without -N.
	Number(ctx context.Context, number string) (NumberAnswer, error)
}

// A NumberAnswer is what a register says of a filing number.
type NumberAnswer struct {
	Number  string    // as asked for, without -N
	Domains []string  // registrable domains (A-labels) that are filed under it
	Subject string    // 主办单位名称
	Whole   bool      // Domains are all there are: without it absence proves nothing
	Source  string    // the register's name
	At      time.Time // when it was asked
	Reason  string    // why there is no answer; then no other fact is
}

// NeedsRegister reports whether the inventory says nothing of what is filed, so
// that a register may be asked.
func (f *Filing) NeedsRegister() bool {
	return f.Number == "" && (f.Status == "" || f.Status == FilingUnknown)
}

// FilledBy is the filing with what a register says in the place of what the
// inventory left open.
func (f Filing) FilledBy(r Filing) Filing {
	f.Status, f.Number, f.AlsoNumbers = r.Status, r.Number, r.AlsoNumbers
	f.Source, f.CheckedAt, f.Reason = r.Source, r.CheckedAt, r.Reason
	if f.Subject == "" {
		f.Subject = r.Subject
	}
	if f.Nature == "" {
		f.Nature = r.Nature
	}
	if f.ApprovedAt.IsZero() {
		f.ApprovedAt = r.ApprovedAt
	}
	return f
}
