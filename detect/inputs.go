package detect

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// Inputs name everything that the outcomes of one look follow from, the clock
// aside: two looks with the same Inputs have the same outcomes up to the moment
// of [GoodUntil]. They are stable from one process to the next.
type Inputs struct {
	Look string // the line of the inventory, names, way and place
	Page string // what is read of the answer: its bytes without tokens (page.Steady), and of its header what decides
}

const (
	statusOK          = 200
	statusNotModified = 304
)

// InputsOf names the inputs of a look; false if its outcomes follow from more
// than plain visits: a home page that failed, a page that was cut, or
// drawn from what cannot be asked for again, inner pages, an earlier look. Such a
// look is judged anew each time. Rules and policy are not named: that is
// [Policy.Ruleset], Render and Pages; nor, of a drawn page, the browser and what
// is in [crawler.Sources]. An answer 304, which a
// server returns instead of the page it has given before, has the Look of that
// page and no Page. was is the Page of the look before, "" if there is none: a
// page that has not changed by a byte is known by it without being read.
func InputsOf(t *crawler.Target, obs *crawler.Observation, p *Policy, was string) (Inputs, bool) {
	return inputsOf(t, obs, p, steady, was)
}

// Inputs are InputsOf what the case was made of, without reading it again.
func (c *Case) Inputs() (Inputs, bool) {
	if c.Obs.Drawing != nil && !c.drawnFromThis() {
		return Inputs{}, false
	}
	return inputsOf(c.Target, c.Obs, c.Policy, c.steady, "")
}

// drawnFromThis reports whether a browser has drawn the page whole from what our
// own client received too, and from parts that can be asked for again.
func (c *Case) drawnFromThis() bool {
	d := c.Obs.Drawing
	return c.Rendered && d.Whole() && d.Sources != nil && c.Static.Source == string(page.Steady(d.Sources.Document))
}

// steady is what is read of an answer.
func steady(answer *crawler.Page) []byte { return page.Steady(answer.Body) }

func inputsOf(t *crawler.Target, obs *crawler.Observation, p *Policy, steady func(*crawler.Page) []byte, was string) (Inputs, bool) {
	if obs.Trouble != "" || len(obs.Visits) == 0 || obs.Rendered != nil && (obs.Drawing == nil || obs.Drawing.Sources == nil) {
		return Inputs{}, false
	}
	v := &obs.Visits[0]
	if last := v.Last(); v.Ask.Kind != crawler.AskHome || last == nil || last.Cut || last.Status != statusOK && last.Status != statusNotModified {
		return Inputs{}, false
	}
	w := inputs{buf: make([]byte, 0, 2048)}
	if !w.told(t, obs) {
		return Inputs{}, false
	}
	w.lookups(obs, p)
	w.way(v.Hops, obs, p)
	for i := range obs.Visits[1:] {
		if obs.Visits[1+i].Ask.Kind == crawler.AskRender {
			continue // what was drawn follows from the rest and from the sources
		}
		if !w.further(&obs.Visits[1+i], obs, p, steady) {
			return Inputs{}, false
		}
	}
	in := Inputs{Look: digest(w.buf)}
	if last := v.Last(); last.Status == statusOK {
		in.Page = pageInput(last, p, steady, was)
	}
	return in, true
}

// PageInput names what the rules read of the case's answer.
func (c *Case) PageInput() string { return pageInput(c.Answer, c.Policy, c.steady, "") }

// pageInput is the digest of what is read of an answer. was is the one of an
// earlier answer: bytes that have it as they stand are what was read then, and
// need no search for tokens (Steady changes nothing in what it has given).
func pageInput(answer *crawler.Page, p *Policy, steady func(*crawler.Page) []byte, was string) string {
	w := inputs{buf: make([]byte, 0, 256)}
	w.header(answer, p)
	asIs := ""
	if was != "" {
		if asIs = digest(w.buf, answer.Body); asIs == was {
			return was
		}
	}
	read := steady(answer)
	if asIs != "" && len(read) == len(answer.Body) && (len(read) == 0 || &read[0] == &answer.Body[0]) {
		return asIs // there are no tokens in it
	}
	return digest(w.buf, read)
}

// digest has 128 bits: enough that no two pages ever meet by chance, and is
// SHA-256 because pages are written by strangers.
func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// inputs gathers what is named, each part with its length.
type inputs struct{ buf []byte }

func (w *inputs) text(s string) {
	w.buf = binary.AppendUvarint(w.buf, uint64(len(s)))
	w.buf = append(w.buf, s...)
}

// told writes what the inventory and the registers say and all of the
// Observation that is neither a question nor a visit. What is added to these
// types is in it without a word here; only the line's number, the time of the
// look and what was drawn are left out.
func (w *inputs) told(t *crawler.Target, obs *crawler.Observation) bool {
	line, rest := *t, *obs
	line.Line = 0
	rest.At, rest.Lookups, rest.Visits = time.Time{}, nil, nil
	rest.Rendered, rest.Drawing, rest.Screenshot = nil, nil, nil
	for _, part := range []any{&line, &rest} {
		b, err := json.Marshal(part)
		if err != nil {
			return false
		}
		w.text(string(b))
	}
	return true
}

// lookups writes where names lead: the order of the addresses, which resolvers
// turn round, and all times are left out.
func (w *inputs) lookups(obs *crawler.Observation, p *Policy) {
	for i := range obs.Lookups {
		l := &obs.Lookups[i]
		w.text(l.Name)
		w.text(l.Type)
		w.text(l.Server)
		for _, name := range l.Chain {
			w.text(name)
		}
		addrs := slices.Clone(l.Addrs)
		slices.SortFunc(addrs, netip.Addr.Compare)
		for _, a := range addrs {
			w.text(a.String())
			w.place(a, p)
		}
		if l.Failure != nil {
			w.text(string(l.Failure.Kind))
			w.text(l.Failure.Detail)
			w.buf = binary.AppendUvarint(w.buf, uint64(l.Resolvers))
		}
	}
}

// way writes the hops. Of an address that is one of several of its name only
// the place counts; of the last hop neither status nor header nor bytes, which
// are the page's.
func (w *inputs) way(hops []crawler.Page, obs *crawler.Observation, p *Policy) {
	for i := range hops {
		hop := &hops[i]
		w.where(hop, obs, p)
		if i < len(hops)-1 {
			w.what(hop, p, page.Steady(hop.Body))
		}
	}
}

// further writes a visit that was asked for beside the home page; false if a
// look with such a visit is judged anew each time.
func (w *inputs) further(v *crawler.Visit, obs *crawler.Observation, p *Policy, steady func(*crawler.Page) []byte) bool {
	switch v.Ask.Kind {
	case crawler.AskHTTPS, crawler.AskWWW, crawler.AskHTTPSWWW, crawler.AskFollow, crawler.AskScript:
	default:
		return false
	}
	w.text(string(v.Ask.Kind))
	w.text(v.Ask.URL)
	w.text(string(v.Ask.Via))
	for i := range v.Hops {
		hop := &v.Hops[i]
		if hop.Cut {
			return false
		}
		w.where(hop, obs, p)
		if v.Ask.Kind == crawler.AskScript {
			w.what(hop, p, hop.Body) // scripts are read as they are
		} else {
			w.what(hop, p, steady(hop))
		}
	}
	if v.Failure != nil {
		w.text(v.Failed)
		w.text(string(v.Failure.Kind))
		w.text(v.Failure.Detail)
		if v.Failure.Begun {
			w.text("begun")
		}
	}
	return true
}

// what writes an answer that is not the home page's last.
func (w *inputs) what(hop *crawler.Page, p *Policy, body []byte) {
	w.buf = binary.AppendUvarint(w.buf, uint64(hop.Status))
	w.header(hop, p)
	w.text(digest(body))
}

// where writes how an answer was reached.
func (w *inputs) where(hop *crawler.Page, obs *crawler.Observation, p *Policy) {
	w.text(hop.URL)
	w.text(string(hop.Via))
	a := hop.Addr.Addr()
	w.buf = binary.AppendUvarint(w.buf, uint64(hop.Addr.Port()))
	w.place(a, p)
	if !slices.ContainsFunc(obs.Lookups, func(l crawler.Lookup) bool { return slices.Contains(l.Addrs, a) }) {
		w.text(a.String())
	}
	if hop.TLS != nil {
		w.text("tls " + hop.TLS.Fault)
	}
}

func (w *inputs) place(a netip.Addr, p *Policy) {
	if p.Networks == nil {
		return
	}
	at := p.Networks.Of(a.Unmap())
	w.text(at.Country)
	w.text(at.Shared)
	w.text(at.Source)
}

// header writes what decides of an answer's header: how the body is read, where
// it leads, whether a cookie is set, and the marks of the fingerprints.
func (w *inputs) header(answer *crawler.Page, p *Policy) {
	for _, name := range []string{"Content-Type", "Content-Encoding", "Location", "Refresh"} {
		for _, v := range answer.Header[name] {
			w.text(v)
		}
		w.text("")
	}
	if answer.Header.Get("Set-Cookie") != "" {
		w.text("cookie")
	}
	if turnedAway(answer) {
		w.text("later")
	}
	w.buf = p.Kinds.Headers(w.buf, answer)
}
