package browser

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/network"

	"github.com/beianwatch/beianwatch/crawler"
)

// A page of more or larger parts than this is drawn each time: to ask for all of
// them would cost a site as much as a visitor does.
const (
	maxParts    = 80
	maxSource   = 4 << 20  // bytes of one part
	maxSources  = 16 << 20 // of all, together with the document
	maxPartsURL = 8 << 10  // of their addresses together
)

// fetched is an answer that the page may be made of.
type fetched struct {
	url    string
	status int   // 0: none came
	utf8   bool  // the browser read it as UTF-8
	size   int64 // bytes of its body so far, after content-coding
}

// scriptsOf are the scripts that our own client got in this visit, by their address.
func scriptsOf(obs *crawler.Observation) map[string]*crawler.Page {
	list := map[string]*crawler.Page{}
	for i := range obs.Visits {
		v := &obs.Visits[i]
		if p := v.Last(); v.Ask.Kind == crawler.AskScript && p != nil && len(v.Hops) == 1 && !p.Cut {
			list[withoutFragment(p.URL)] = p
		}
	}
	return list
}

// fetch notes a request that can bring text. What cannot be asked for again, or
// would be answered otherwise if our own client asked, makes the page fickle.
func (t *traffic) fetch(e *network.EventRequestWillBeSent) {
	if e.Type == network.ResourceTypeEventSource {
		t.fickle = true
	}
	if !carries(e.Type) || t.harmless(e.Request.URL) || t.fickle || t.fetched[e.RequestID] != nil {
		return // of one that is redirected, the first address counts
	}
	data := e.Type == network.ResourceTypeXHR || e.Type == network.ResourceTypeFetch
	if e.Request.Method != "GET" || e.Request.HasPostData || data && !sameOrigin(e.Request.URL, e.DocumentURL) || len(t.fetched) > maxParts {
		t.fickle = true
		return
	}
	t.fetched[e.RequestID] = &fetched{url: withoutFragment(e.Request.URL)}
}

// sources returns what the page was made of; nil if that is more than answers
// that can be asked for again, or may depend on the moment.
func (d *drawing) sources(ctx context.Context) *crawler.Sources {
	if !d.steady() {
		return nil
	}
	d.traffic.mu.Lock()
	list := make(map[network.RequestID]fetched, len(d.traffic.fetched))
	for id, f := range d.traffic.fetched {
		list[id] = *f
	}
	d.traffic.mu.Unlock()
	s, texts, size, names := &crawler.Sources{}, [][]byte(nil), 0, 0
	for id, f := range list {
		if f.status == 0 {
			return nil
		}
		body, known := d.body(ctx, id, &f)
		size, names = size+len(body), names+len(f.url)
		if !known || size > maxSources || names > maxPartsURL {
			return nil
		}
		texts = append(texts, body)
		if id == d.first {
			s.Document = body
			continue
		}
		s.Parts = append(s.Parts, crawler.NewPart(f.url, f.status, body))
	}
	if s.Document == nil || slices.ContainsFunc(s.Parts, func(p crawler.Part) bool { return !foreseen(p.URL, texts) }) {
		return nil
	}
	slices.SortFunc(s.Parts, func(a, b crawler.Part) int { return strings.Compare(a.URL+a.Digest, b.URL+b.Digest) })
	s.Parts = slices.Compact(s.Parts)
	return s
}

// body returns the bytes of an answer, false if they are not known. Of a script that our
// own client got as well, and that had as many bytes for both, its own are taken: to hand
// over a bundle costs the browser a tenth of what it costs to draw the page.
func (d *drawing) body(ctx context.Context, id network.RequestID, f *fetched) ([]byte, bool) {
	if own := d.own[f.url]; own != nil && id != d.first && own.Status == f.status && int64(len(own.Body)) == f.size {
		return own.Body, true
	}
	res, err := call(ctx, d.tab.s, network.GetResponseBody, network.GetResponseBodyParams{RequestID: id})
	if err != nil || !res.Base64encoded && !f.utf8 && id != d.first && !ascii(res.Body) {
		return nil, false // the bytes of a text in another encoding are not known
	}
	return res.Body, true
}

// steady reports whether the page has done nothing whose outcome may be another
// one next time although every answer is the same.
func (d *drawing) steady() bool {
	d.mu.Lock()
	plain := !d.beyond && d.dialogs == 0 && d.moves == 1 && !d.torn
	d.mu.Unlock()
	d.traffic.mu.Lock()
	defer d.traffic.mu.Unlock()
	return plain && d.facts.Whole() && !d.traffic.fickle
}

// foreseen reports whether an address can be the same in a later drawing: every
// word in it that has a figure, and so may be a time or drawn by lot, stands in
// one of the answers.
func foreseen(address string, texts [][]byte) bool {
	_, rest, _ := strings.Cut(address, "://")
	_, rest, _ = strings.Cut(rest, "/")
	if u, err := url.PathUnescape(rest); err == nil {
		rest = u
	}
	for word := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune("/?&=#.,;:+~!@()[]{}'\" ", r) }) {
		if len(word) < minFickle || !strings.ContainsAny(word, "0123456789") {
			continue
		}
		if !slices.ContainsFunc(texts, func(text []byte) bool { return bytes.Contains(text, []byte(word)) }) {
			return false
		}
	}
	return true
}

// minFickle is the length of the shortest word that may be a time: a date
// without the year, 1128.
const minFickle = 4

func sameOrigin(a, b string) bool {
	x, err := url.Parse(a)
	y, err2 := url.Parse(b)
	return err == nil && err2 == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Host, y.Host)
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

func ascii(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return c >= 0x80 })
}
