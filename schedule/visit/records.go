package visit

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// Records asks what no visit to a site can show. A function that is nil is not
// called; a nil *Records asks nothing.
type Records struct {
	// Registration returns what the registry says of the domain, by WHOIS or RDAP.
	Registration func(ctx context.Context, domain string) *crawler.Registration
	// Filing returns what registers say of a registrable domain, where the
	// inventory says nothing.
	Filing func(ctx context.Context, domain string) crawler.Filing
	// Number returns what registers say of a filing number without -N.
	Number func(ctx context.Context, number string) crawler.NumberAnswer
	// Patience is the longest that Filing takes.
	Patience time.Duration
}

// Wait is how much longer a visit takes because registers are asked, at most.
func (r *Records) Wait() time.Duration {
	if r == nil {
		return 0
	}
	return r.Patience
}

// FillIn returns the target with what registers say in the place of what the
// inventory left open, a copy; the target itself if none is asked.
func (r *Records) FillIn(ctx context.Context, t *crawler.Target) *crawler.Target {
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

// AskRegistration begins to ask the registry, beside the visit. The function
// that it returns must be called once at most; it returns the answer, or nil if
// the registry is not asked, and waits no longer than ctx.
func (r *Records) AskRegistration(ctx context.Context, domain string) func() *crawler.Registration {
	if r == nil || r.Registration == nil {
		return func() *crawler.Registration { return nil }
	}
	answer := make(chan *crawler.Registration, 1)
	go func() { answer <- r.Registration(ctx, domain) }()
	return func() *crawler.Registration { return <-answer }
}

// numbers asks for the numbers on the page that no list knows.
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
