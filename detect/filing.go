package detect

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// effectiveFiling is what holds at the time of judging: a number without a
// status is a filing, nothing is not known, and a "no" grows old. Only a fresh
// and unequivocal "unfiled" may accuse.
func effectiveFiling(f crawler.Filing, at time.Time, p *Policy) crawler.Filing {
	unsure := func(why Reason) crawler.Filing {
		f.Status, f.Reason = crawler.FilingUnknown, string(why)
		return f
	}
	switch f.Status {
	case "":
		if f.Number != "" {
			f.Status = crawler.FilingFiled
			return f
		}
		return unsure(ReasonFilingUnknown)
	case crawler.FilingUnfiled:
		if f.Number != "" {
			return unsure(ReasonFilingContradicts)
		}
		if !f.CheckedAt.IsZero() && at.Sub(f.CheckedAt) > p.MaxFilingAge {
			return unsure(ReasonFilingOld)
		}
	case crawler.FilingCancelled:
		if !f.CheckedAt.IsZero() && at.Sub(f.CheckedAt) > p.MaxFilingAge {
			return unsure(ReasonFilingOld)
		}
	case crawler.FilingFiled, crawler.FilingInReview:
	default:
		if f.Reason == "" {
			f.Reason = string(ReasonFilingUnknown)
		}
		f.Status = crawler.FilingUnknown
	}
	return f
}

// AbroadUnfiled reports whether the site is hosted outside mainland China and no
// filing is known: then nothing is owed. A shared network proves nothing.
func (c *Case) AbroadUnfiled() bool {
	return c.Filing.Status != crawler.FilingFiled && c.Place.Known && !c.Place.Mainland && c.Place.Shared == ""
}
