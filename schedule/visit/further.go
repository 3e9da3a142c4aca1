package visit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A further is what a visit asked for after the home page, so that the next one
// can ask for the same.
type further struct {
	Asks    []crawler.Ask `json:",omitempty"`
	Browser string        `json:",omitempty"` // the browser that drew the page; "" if none did
	Parts   []string      `json:",omitempty"` // the addresses of what the drawing was made of …
	Made    string        `json:",omitempty"` // … and the digest of these answers
}

// furtherOf returns what was asked for in a visit.
func furtherOf(obs *crawler.Observation) *further {
	f := &further{}
	for i := range obs.Visits[1:] {
		if ask := obs.Visits[1+i].Ask; ask.Kind != crawler.AskRender {
			f.Asks = append(f.Asks, ask)
		}
	}
	if d := obs.Drawing; d != nil && d.Sources != nil {
		f.Browser, f.Made = d.Browser, made(policyOf(&obs.Visits[0]), d.Sources.Parts)
		for _, p := range d.Sources.Parts {
			f.Parts = append(f.Parts, p.URL)
		}
	}
	return f
}

// pack returns it as a text that follows the digest of the inputs, "" if nothing
// was asked for, and false if that is too much to be stored.
func (f *further) pack() (text string, ok bool) {
	if len(f.Asks) == 0 && f.Browser == "" {
		return "", true
	}
	data, err := json.Marshal(f)
	if err != nil || len(data) > maxAsked {
		return "", false
	}
	return " " + string(data), true
}

// readFurther parts what is stored of a visit into the name of its inputs and
// what was asked for.
func readFurther(stored string) (inputs string, f *further, ok bool) {
	inputs, rest, more := strings.Cut(stored, " ")
	f = &further{}
	return inputs, f, !more || json.Unmarshal([]byte(rest), f) == nil
}

// made names the answers that a drawing is made of beside the document, and what
// the document's own header forbids a browser.
func made(policy []string, parts []crawler.Part) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %+v", policy, parts))
	return hex.EncodeToString(sum[:16])
}

// policyOf returns the Content-Security-Policy of a visit's answer, without what
// differs at each request.
func policyOf(v *crawler.Visit) []string {
	last := v.Last()
	if last == nil {
		return nil
	}
	policy := slices.Clone(last.Header.Values("Content-Security-Policy"))
	for i, p := range policy {
		policy[i] = nonce.ReplaceAllString(p, "'nonce'")
	}
	return policy
}

var nonce = regexp.MustCompile(`'nonce-[^']*'`)

// partsTime is the time for the parts of a page; one that takes longer is drawn.
const partsTime = 10 * time.Second

// sameParts reports whether the browser of this process is the one that drew the
// page before, and would be given the same answers now.
func (v *visit) sameParts(ctx context.Context, f *further) bool {
	if v.s.Browser == nil || v.s.Browser() != f.Browser {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, partsTime)
	defer cancel()
	var parts []crawler.Part
	same := func(p crawler.Part) bool { parts = append(parts, p); return true }
	return v.session.Parts(ctx, f.Parts, same) && made(policyOf(&v.obs.Visits[0]), parts) == f.Made
}
