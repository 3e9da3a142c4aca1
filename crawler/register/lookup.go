package register

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// Lookup asks what is filed for a registrable domain.
func (c *client) Lookup(ctx context.Context, domain string) (crawler.Filing, error) {
	f := crawler.Filing{Status: crawler.FilingUnknown, Source: c.cfg.Name, CheckedAt: time.Now().Truncate(time.Second)}
	var records []record
	var err error
	if c.cfg.Kind == KindQuery {
		records, _, err = c.askQuery(ctx, domain, 1)
	} else {
		records, _, err = c.askService(ctx, c.cfg.URL, domain)
	}
	if err != nil {
		f.Reason = err.Error()
		return f, stop(err)
	}
	if len(records) == 0 {
		f.Status = crawler.FilingUnfiled
		return f, nil
	}
	own := slices.DeleteFunc(slices.Clone(records), func(r record) bool {
		return r.domain != domain && !(r.domain == "" && len(records) == 1)
	})
	if len(own) == 0 {
		f.Reason = "the answer is about other domains"
		return f, nil
	}
	f.Status, f.Number, f.Subject, f.Nature, f.ApprovedAt = crawler.FilingFiled, own[0].best(), own[0].subject, own[0].nature, own[0].updated
	for _, r := range own {
		for _, n := range []string{r.number, r.base} {
			if n != "" && n != f.Number && !slices.Contains(f.AlsoNumbers, n) && len(f.AlsoNumbers) < alsoMost {
				f.AlsoNumbers = append(f.AlsoNumbers, n)
			}
		}
	}
	return f, nil
}

// alsoMost bounds the further numbers of a domain.
const alsoMost = 20

// Number asks what is filed under a number without -N.
func (c *client) Number(ctx context.Context, number string) (crawler.NumberAnswer, error) {
	a := crawler.NumberAnswer{Number: number, Source: c.cfg.Name, At: time.Now().Truncate(time.Second)}
	var records []record
	var err error
	switch {
	case c.cfg.Kind == KindQuery:
		records, a.Whole, err = c.askQuery(ctx, number, pagesMost)
	case c.cfg.Number != "":
		records, a.Whole, err = c.askService(ctx, c.cfg.Number, number)
	default:
		err = noAnswer("it cannot be asked for numbers")
	}
	if err != nil {
		return crawler.NumberAnswer{Number: number, Source: c.cfg.Name, At: a.At, Reason: err.Error()}, stop(err)
	}
	for _, r := range records {
		if r.domain == "" {
			a.Whole = false // a site of which no one knows which it is
			continue
		}
		if !slices.Contains(a.Domains, r.domain) {
			a.Domains = append(a.Domains, r.domain)
		}
		if a.Subject == "" {
			a.Subject = r.subject
		}
		if a.Subject != r.subject {
			a.Whole = false // the search met more than one subject: it is none by number
		}
	}
	slices.Sort(a.Domains)
	return a, nil
}

// stop passes on an error that says that we were stopped, and no other.
func stop(err error) error {
	var u unavailable
	if errors.As(err, &u) {
		return nil
	}
	return err
}
