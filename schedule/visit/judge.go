package visit

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// Judge applies all rules to a case, as [detect.Judge] does, and tells Disagreed
// if the two readings of its page differ.
func (s *Scanner) Judge(c *detect.Case) []detect.Outcome {
	outs := detect.Judge(c, rules.All)
	s.tellDisagreement(c)
	return outs
}

// tellDisagreement tells Disagreed if the readings of the page differ.
func (s *Scanner) tellDisagreement(c *detect.Case) {
	if s.Disagreed == nil {
		return
	}
	if d, ok := c.Disagreement(); ok {
		s.Disagreed(d)
	}
}
