package register

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// Options say how a [Book] asks. Resolve must be set.
type Options struct {
	Resolve guard.Resolve
	Roots   *x509.CertPool // trusted authorities; nil: the system's
	Agent   string         // User-Agent

	Fresh    time.Duration // a kept answer is good for this long; 30 days
	Patience time.Duration // how long a question waits for its answer; 0: as long as its context. It goes on without us and is kept for the next time

	// Recall and Keep are the cache; both nil: none. Recall gives nil for a
	// question that was never asked.
	Recall func(ctx context.Context, register, question string) (answer []byte, at time.Time, err error)
	Keep   func(ctx context.Context, register, question string, at time.Time, answer []byte) error
}

// A Book answers from what registers said before, and asks them where that is
// missing or old: in batches, each begun and ended by a check of the control
// names. What a batch said is kept and told only once it has stood both.
type Book struct {
	opt   Options
	desks []*desk
}

// Open makes a book of the registers, in the order in which they are asked. The
// error says what is wrong with the config.
func Open(configs []Config, opt Options) (*Book, error) {
	if opt.Fresh <= 0 {
		opt.Fresh = 30 * 24 * time.Hour
	}
	b := &Book{opt: opt}
	names := map[string]bool{}
	for i, cfg := range configs {
		c, err := newClient(cfg, opt)
		if err == nil && names[c.cfg.Name] {
			err = message.Errorf("名称重复：每个登记源须有自己的名称", "the name is taken: give each register one of its own")
		}
		if err != nil {
			b.Close()
			return nil, message.Errorf("第 %d 个登记源（%s）：%w", "register %d (%s): %w", i+1, cfg.Name, err)
		}
		names[c.cfg.Name] = true
		b.desks = append(b.desks, newDesk(c, opt))
	}
	return b, nil
}

// Close ends the asking. Batches under way are brought to their end, within
// some seconds, so that what they said is kept.
func (b *Book) Close() {
	var all sync.WaitGroup
	for _, d := range b.desks {
		all.Go(d.close)
	}
	all.Wait()
}

// Filing tells what is filed for a registrable domain: what the first register
// says that has a word on it. It is unknown, with the reason, if none has.
func (b *Book) Filing(ctx context.Context, domain string) crawler.Filing {
	out := crawler.Filing{Status: crawler.FilingUnknown, Reason: "no register is known"}
	for _, d := range b.desks {
		var f crawler.Filing
		if why := d.answer(ctx, question{domain: domain}, &f); why != "" {
			f = crawler.Filing{Status: crawler.FilingUnknown, Source: d.client.cfg.Name, Reason: why}
		}
		out = f
		if f.Status != crawler.FilingUnknown {
			break
		}
	}
	return out
}

// Number tells what is filed under a number without -N.
func (b *Book) Number(ctx context.Context, number string) crawler.NumberAnswer {
	out := crawler.NumberAnswer{Number: number, Reason: "no register is known"}
	for _, d := range b.desks {
		var a crawler.NumberAnswer
		if why := d.answer(ctx, question{number: number}, &a); why != "" {
			a = crawler.NumberAnswer{Number: number, Source: d.client.cfg.Name, Reason: why}
		}
		out = a
		if a.Reason == "" && a.Whole {
			break
		}
	}
	return out
}

// A question is one of the two that a register can be asked.
type question struct{ domain, number string }

// key is the question in the cache.
func (q question) key() string { return q.domain + q.number }

// put asks it. why is the reason why there is no answer.
func (q question) put(ctx context.Context, r crawler.Register) (answer any, why string) {
	if q.domain != "" {
		f, err := r.Lookup(ctx, q.domain)
		if err != nil {
			return nil, err.Error()
		}
		if f.Status == crawler.FilingUnknown {
			return nil, f.Reason
		}
		return f, ""
	}
	a, err := r.Number(ctx, q.number)
	if err != nil {
		return nil, err.Error()
	}
	return a, a.Reason
}

// answer fills in into from the cache or from the register; why is the reason
// if there is no answer.
func (d *desk) answer(ctx context.Context, q question, into any) (why string) {
	if d.opt.Recall != nil {
		// A cache that cannot be read is one more question to ask, no more.
		// Abs: an answer of a time to come, by a clock that was ahead, is good for no longer than another.
		kept, at, err := d.opt.Recall(ctx, d.client.cfg.Name, q.key())
		if err == nil && kept != nil && time.Since(at).Abs() < d.opt.Fresh && json.Unmarshal(kept, into) == nil {
			return ""
		}
	}
	a, why := d.ask(ctx, q)
	if why != "" {
		return why
	}
	switch into := into.(type) {
	case *crawler.Filing:
		*into = a.(crawler.Filing)
	case *crawler.NumberAnswer:
		*into = a.(crawler.NumberAnswer)
	}
	return ""
}
