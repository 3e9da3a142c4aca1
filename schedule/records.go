package schedule

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
)

// Records asks what no look at a site can show. A nil function is not asked.
type Records struct {
	// Registration gives what the registry says of the domain, by WHOIS or RDAP.
	Registration func(ctx context.Context, domain string) *crawler.Registration
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
