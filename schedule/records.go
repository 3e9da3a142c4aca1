package schedule

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// Records asks what no look at a site can show. A nil function is not asked.
type Records struct {
	// Registration gives what the registry says of the domain, by WHOIS or RDAP.
	Registration func(ctx context.Context, domain string) *crawler.Registration
	// Filing tells what registers say of a registrable domain, where the
	// inventory says nothing.
	Filing func(ctx context.Context, domain string) crawler.Filing
	// Number tells what registers say of a filing number without -N.
	Number func(ctx context.Context, number string) crawler.NumberAnswer
	// Patience is the longest that Filing takes.
	Patience time.Duration
}

// patience is how much longer a look takes because registers are asked.
func (r *Records) patience() time.Duration {
	if r == nil {
		return 0
	}
	return r.Patience
}

// filled is the target with what registers say in the place of what the
// inventory left open; the target itself if nobody is asked.
func (r *Records) filled(ctx context.Context, t *crawler.Target) *crawler.Target {
	if r == nil || r.Filing == nil || !t.Filing.NeedsRegister() {
		return t
	}
	domain, ok := detect.FilingDomain(t.Domain)
	if !ok {
		return t
	}
	full := *t
	full.Filing = t.Filing.FilledBy(r.Filing(ctx, domain))
	return &full
}

// numbers asks for the numbers on the page that nobody knows.
func (r *Records) numbers(ctx context.Context, c *detect.Case) []crawler.NumberAnswer {
	if r == nil || r.Number == nil {
		return nil
	}
	var answers []crawler.NumberAnswer
	for _, number := range detect.UnknownNumbers(c) {
		answers = append(answers, r.Number(ctx, number))
	}
	return answers
}

// registration begins to ask the registry, beside the look. The function that
// it returns gives the answer, or nil if nobody was to be asked; it waits no
// longer than ctx.
func (r *Records) registration(ctx context.Context, domain string) func() *crawler.Registration {
	if r == nil || r.Registration == nil {
		return func() *crawler.Registration { return nil }
	}
	answer := make(chan *crawler.Registration, 1)
	go func() { answer <- r.Registration(ctx, domain) }()
	return func() *crawler.Registration { return <-answer }
}
