package packed

import (
	"encoding/json"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// A judged is what a verdict followed from beside the observation and the rules, as
// the evidence holds it. It names people: what is exported leaves it out.
type judged struct {
	Domain   string           `json:"domain"`
	Line     int              `json:"line,omitempty"`
	Target   json.RawMessage  `json:"target"`
	At       time.Time        `json:"at,omitzero"`        // the clock of the rules, where it was not the visit's
	Attempts []detect.Attempt `json:"attempts,omitempty"` // the earlier visits
	Looks    int              `json:"looks,omitempty"`    // visits of which …
	Fails    int              `json:"fails,omitempty"`    // … so many had to fail
}

// Judged packs what c was judged by beside its observation.
func Judged(c *detect.Case) (json.RawMessage, error) {
	target, err := Target(c.Target)
	if err != nil {
		return nil, err
	}
	j := judged{Domain: c.Target.Domain, Line: c.Target.Line, Target: target}
	if c.Policy != nil { // a page that kept its outcomes was not judged
		j.Looks, j.Fails = c.Policy.Looks, c.Policy.Fails
	}
	if !c.At.Equal(c.Obs.At) {
		j.At = c.At
	}
	if n := len(c.Attempts); n > 1 {
		j.Attempts = c.Attempts[:n-1]
	}
	return json.Marshal(&j)
}

// ReadJudged makes of what [Judged] packed, the observation and the rules' policy of
// today what a case is made of. How often a failure was confirmed is a fact of the
// run, so it overrides the policy's.
func ReadJudged(data json.RawMessage, obs *crawler.Observation, policy *detect.Policy) (detect.Input, error) {
	var j judged
	if err := json.Unmarshal(data, &j); err != nil {
		return detect.Input{}, err
	}
	target, err := ReadTarget(j.Domain, j.Line, j.Target)
	if err != nil {
		return detect.Input{}, err
	}
	own := *policy
	if j.Looks > 0 {
		own.Looks, own.Fails = j.Looks, j.Fails
	}
	return detect.Input{Target: target, Obs: obs, At: j.At, Policy: &own, Attempts: j.Attempts}, nil
}
