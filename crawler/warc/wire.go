package warc

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
)

// wireVersion is the version of the metadata below. It changes when an older
// program could not read what a newer one writes.
const wireVersion = 1

// wire is the metadata record of an observation: all of it but the headers
// and bodies, which stand in the records that follow, one a hop in the order
// of visits, the rendered page last.
type wire struct {
	Version      int            `json:"version"`
	Domain       text           `json:"domain"`
	At           time.Time      `json:"at"`
	Vantage      text           `json:"vantage,omitempty"`
	Lookups      []lookup       `json:"lookups,omitempty"`
	Visits       []visit        `json:"visits,omitempty"`
	Rendered     *hop           `json:"rendered,omitempty"`
	Drawing      *drawing       `json:"drawing,omitempty"`
	Picture      bool           `json:"picture,omitempty"` // a screenshot follows
	Papers       []paper        `json:"documents,omitempty"`
	Trouble      text           `json:"trouble,omitempty"`
	Unrouted     []netip.Addr   `json:"unrouted,omitempty"`
	Numbers      []numberAnswer `json:"numbers,omitempty"`
	Registration *registration  `json:"registration,omitempty"`
	// Certificates are those that servers sent, DER, each once; hops name them by
	// their place here.
	Certificates [][]byte        `json:"certificates,omitempty"`
	Inputs       json.RawMessage `json:"inputs,omitempty"` // see [Writer.WriteWith]
}

type lookup struct {
	Name      text          `json:"name"`
	Type      text          `json:"type"`
	Server    text          `json:"server,omitempty"`
	At        time.Time     `json:"at"`
	Took      time.Duration `json:"took_ns,omitempty"`
	RCode     text          `json:"rcode,omitempty"`
	Chain     []text        `json:"chain,omitempty"`
	Addrs     []netip.Addr  `json:"addrs,omitempty"`
	TTL       time.Duration `json:"ttl_ns,omitempty"`
	Answers   []text        `json:"answers,omitempty"`
	TCP       bool          `json:"tcp,omitempty"`
	Tries     int           `json:"tries,omitempty"`
	Unchecked bool          `json:"unchecked,omitempty"`
	Resolvers int           `json:"resolvers,omitempty"`
	Failure   *failure      `json:"failure,omitempty"`
}

type failure struct {
	Kind   text `json:"kind"`
	Detail text `json:"detail,omitempty"`
	Begun  bool `json:"begun,omitempty"`
}

type visit struct {
	Ask     ask           `json:"ask"`
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took_ns,omitempty"`
	Hops    []hop         `json:"hops,omitempty"`
	Failure *failure      `json:"failure,omitempty"`
	Failed  text          `json:"failed,omitempty"`
}

type ask struct {
	Kind text       `json:"kind"`
	URL  text       `json:"url,omitempty"`
	Addr netip.Addr `json:"addr,omitzero"`
	Via  text       `json:"via,omitempty"`

	Picture bool `json:"picture,omitempty"`
}

type hop struct {
	URL    text           `json:"url"`
	Via    text           `json:"via,omitempty"`
	Addr   netip.AddrPort `json:"addr,omitzero"`
	Status int            `json:"status,omitempty"`
	Proto  text           `json:"proto,omitempty"`
	Cut    bool           `json:"cut,omitempty"`
	At     time.Time      `json:"at"`
	Took   time.Duration  `json:"took_ns,omitempty"`
	TLS    *tlsFacts      `json:"tls,omitempty"`
	// Headers are those that the record of the hop cannot show: the ones that
	// no longer fit the decoded body, and any that would break its form.
	Headers []header `json:"headers,omitempty"`
	Same    *same    `json:"same,omitempty"` // where the body stands, if its record is a revisit
}

// A same says where the bytes of a revisited body stand: in an earlier hop of
// this observation, or in a record elsewhere in the evidence.
type same struct {
	Hop    int    `json:"hop,omitempty"` // from 1, in the order of records
	File   string `json:"file,omitempty"`
	Offset int64  `json:"offset,omitempty"`
}

type header struct {
	Name   text   `json:"name"`
	Values []text `json:"values"`
}

type tlsFacts struct {
	Version   text      `json:"version,omitempty"`
	Subject   text      `json:"subject,omitempty"`
	Issuer    text      `json:"issuer,omitempty"`
	Names     []text    `json:"names,omitempty"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	Chain     []int     `json:"chain,omitempty"` // places in the certificates of the observation
	Fault     text      `json:"fault,omitempty"`
}

// A text is a string that comes back byte for byte: an address may hold GBK
// bytes, a certificate anything. What is not UTF-8 is written as
// {"base64":"…"}.
type text string

// MarshalJSON keeps every byte.
func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(struct {
		Base64 []byte `json:"base64"`
	}{[]byte(t)})
}

// UnmarshalJSON reads either form.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var v struct {
			Base64 []byte `json:"base64"`
		}
		err := json.Unmarshal(b, &v)
		*t = text(v.Base64)
		return err
	}
	return json.Unmarshal(b, (*string)(t))
}

func wireOf(obs *crawler.Observation) *wire {
	w := &wire{Version: wireVersion, Domain: text(obs.Domain), At: obs.At, Vantage: text(obs.Vantage), Trouble: text(obs.Trouble), Unrouted: obs.Unrouted, Picture: len(obs.Screenshot) > 0, Papers: papersOf(obs.Documents)}
	for i := range obs.Lookups {
		l := &obs.Lookups[i]
		w.Lookups = append(w.Lookups, lookup{
			Name: text(l.Name), Type: text(l.Type), Server: text(l.Server), At: l.At, Took: l.Took, RCode: text(l.RCode),
			Chain: texts(l.Chain), Addrs: l.Addrs, TTL: l.TTL, Answers: texts(l.Answers), TCP: l.TCP, Tries: l.Tries, Unchecked: l.Unchecked, Resolvers: l.Resolvers, Failure: failureOf(l.Failure),
		})
	}
	for i := range obs.Visits {
		v := &obs.Visits[i]
		wv := visit{
			Ask: ask{Kind: text(v.Ask.Kind), URL: text(v.Ask.URL), Addr: v.Ask.Addr, Via: text(v.Ask.Via), Picture: v.Ask.Picture},
			At:  v.At, Took: v.Took, Failure: failureOf(v.Failure), Failed: text(v.Failed),
		}
		for j := range v.Hops {
			wv.Hops = append(wv.Hops, w.hopOf(&v.Hops[j]))
		}
		w.Visits = append(w.Visits, wv)
	}
	if obs.Rendered != nil {
		h := w.hopOf(obs.Rendered)
		w.Rendered = &h
	}
	w.Drawing = drawingOf(obs.Drawing)
	w.Registration = registrationOf(obs.Registration)
	w.Numbers = numbersOf(obs.Numbers)
	return w
}

// hopOf is what the metadata says of a page; its certificates are added to w.
func (w *wire) hopOf(p *crawler.Page) hop {
	h := hop{URL: text(p.URL), Via: text(p.Via), Addr: p.Addr, Status: p.Status, Proto: text(p.Proto), Cut: p.Cut, At: p.At, Took: p.Took}
	if f := p.TLS; f != nil {
		h.TLS = &tlsFacts{Version: text(f.Version), Subject: text(f.Subject), Issuer: text(f.Issuer), Names: texts(f.Names),
			NotBefore: f.NotBefore, NotAfter: f.NotAfter, Chain: w.chain(f.Chain), Fault: text(f.Fault)}
	}
	return h
}

// chain returns the places of certificates, after adding those that are new.
func (w *wire) chain(certificates [][]byte) []int {
	var places []int
	for _, c := range certificates {
		at := slices.IndexFunc(w.Certificates, func(known []byte) bool { return bytes.Equal(known, c) })
		if at < 0 {
			at = len(w.Certificates)
			w.Certificates = append(w.Certificates, c)
		}
		places = append(places, at)
	}
	return places
}

// certificates is the way back; a place that the file does not have is left out.
func (w *wire) certificates(places []int) [][]byte {
	var list [][]byte
	for _, at := range places {
		if at >= 0 && at < len(w.Certificates) {
			list = append(list, w.Certificates[at])
		}
	}
	return list
}

func failureOf(f *crawler.Failure) *failure {
	if f == nil {
		return nil
	}
	return &failure{Kind: text(f.Kind), Detail: text(f.Detail), Begun: f.Begun}
}

// observation is the way back; headers and bodies are still missing.
func (w *wire) observation() *crawler.Observation {
	obs := &crawler.Observation{Domain: string(w.Domain), At: w.At, Vantage: string(w.Vantage), Trouble: string(w.Trouble), Unrouted: w.Unrouted, Documents: facts(w.Papers)}
	for i := range w.Lookups {
		l := &w.Lookups[i]
		obs.Lookups = append(obs.Lookups, crawler.Lookup{
			Name: string(l.Name), Type: string(l.Type), Server: string(l.Server), At: l.At, Took: l.Took, RCode: string(l.RCode),
			Chain: plain(l.Chain), Addrs: l.Addrs, TTL: l.TTL, Answers: plain(l.Answers), TCP: l.TCP, Tries: l.Tries, Unchecked: l.Unchecked, Resolvers: l.Resolvers, Failure: l.Failure.failure(),
		})
	}
	for i := range w.Visits {
		v := &w.Visits[i]
		ov := crawler.Visit{
			Ask: crawler.Ask{Kind: crawler.AskKind(v.Ask.Kind), URL: string(v.Ask.URL), Addr: v.Ask.Addr, Via: crawler.Via(v.Ask.Via), Picture: v.Ask.Picture},
			At:  v.At, Took: v.Took, Failure: v.Failure.failure(), Failed: string(v.Failed),
		}
		for j := range v.Hops {
			ov.Hops = append(ov.Hops, w.page(&v.Hops[j]))
		}
		obs.Visits = append(obs.Visits, ov)
	}
	if w.Rendered != nil {
		p := w.page(w.Rendered)
		obs.Rendered = &p
	}
	obs.Drawing = w.Drawing.drawing()
	obs.Registration = w.Registration.registration()
	obs.Numbers = numbersBack(w.Numbers)
	return obs
}

// page is the way back from [wire.hopOf].
func (w *wire) page(h *hop) crawler.Page {
	p := crawler.Page{URL: string(h.URL), Via: crawler.Via(h.Via), Addr: h.Addr, Status: h.Status, Proto: string(h.Proto), Cut: h.Cut, At: h.At, Took: h.Took}
	if f := h.TLS; f != nil {
		p.TLS = &crawler.TLSFacts{Version: string(f.Version), Subject: string(f.Subject), Issuer: string(f.Issuer), Names: plain(f.Names),
			NotBefore: f.NotBefore, NotAfter: f.NotAfter, Chain: w.certificates(f.Chain), Fault: string(f.Fault)}
	}
	return p
}

func (f *failure) failure() *crawler.Failure {
	if f == nil {
		return nil
	}
	return &crawler.Failure{Kind: crawler.FailureKind(f.Kind), Detail: string(f.Detail), Begun: f.Begun}
}

func texts(list []string) []text {
	var out []text
	for _, s := range list {
		out = append(out, text(s))
	}
	return out
}

func plain(list []text) []string {
	var out []string
	for _, t := range list {
		out = append(out, string(t))
	}
	return out
}
