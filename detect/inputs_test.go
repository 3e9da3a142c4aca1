package detect

import (
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// steadyCase is a look whose outcomes may be kept.
func steadyCase() (*crawler.Target, *crawler.Observation) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	addrs := []netip.Addr{netip.MustParseAddr("192.0.2.10"), netip.MustParseAddr("192.0.2.11")}
	header := func() http.Header { return http.Header{"Content-Type": {"text/html"}, "Date": {at.String()}} }
	hop := crawler.Page{URL: "http://example.cn/", Addr: netip.AddrPortFrom(addrs[0], 80), Status: 301, Proto: "HTTP/1.1",
		Header: http.Header{"Location": {"https://example.cn/"}}, At: at, Took: time.Second}
	answer := crawler.Page{URL: "https://example.cn/", Via: crawler.ViaHTTP, Addr: netip.AddrPortFrom(addrs[0], 443), Status: 200, Proto: "HTTP/1.1",
		Header: header(), Body: []byte(`<script>var token="a1b2c3d4";</script><p>京ICP备20000001号-1</p>`), At: at, Took: time.Second, TLS: &crawler.TLSFacts{Version: "TLS 1.3"}}
	return &crawler.Target{Line: 7, Domain: "example.cn", Filing: crawler.Filing{Number: "京ICP备20000001号-1"}},
		&crawler.Observation{Domain: "example.cn", At: at,
			Lookups: []crawler.Lookup{{Name: "example.cn", Type: "A", Server: "192.0.2.53:53", At: at, Took: time.Second, RCode: "NOERROR", Addrs: addrs,
				TTL: time.Minute, Answers: []string{"a"}, Tries: 1, Chain: []string{"cdn.example.cn"}}},
			Visits: []crawler.Visit{{Ask: crawler.Ask{Kind: crawler.AskHome}, At: at, Took: time.Second, Hops: []crawler.Page{hop, answer}}}}
}

func TestInputsTellLooksApart(t *testing.T) {
	policy := DefaultPolicy()
	var was Inputs
	of := func(change func(*crawler.Target, *crawler.Observation)) (Inputs, bool) {
		target, obs := steadyCase()
		change(target, obs)
		in, ok := InputsOf(target, obs, policy, "")
		if known, _ := InputsOf(target, obs, policy, was.Page); known != in {
			t.Errorf("%+v, and of the page before %+v", in, known)
		}
		return in, ok
	}
	first, ok := of(func(*crawler.Target, *crawler.Observation) {})
	was = first
	if !ok || was.Look == "" || was.Page == "" {
		t.Fatalf("no inputs of a plain look: %+v", was)
	}
	answer := func(o *crawler.Observation) *crawler.Page { return &o.Visits[0].Hops[1] }
	for name, change := range map[string]func(*crawler.Target, *crawler.Observation){
		"line": func(t *crawler.Target, _ *crawler.Observation) { t.Line = 8 },
		"time": func(_ *crawler.Target, o *crawler.Observation) { o.At = o.At.Add(time.Hour); answer(o).At = o.At },
		"token": func(_ *crawler.Target, o *crawler.Observation) {
			answer(o).Body = []byte(`<script>var token="0000e5f6";</script><p>京ICP备20000001号-1</p>`)
		},
		"date header": func(_ *crawler.Target, o *crawler.Observation) { answer(o).Header.Set("Date", "later") },
		"rotation":    func(_ *crawler.Target, o *crawler.Observation) { slices.Reverse(o.Lookups[0].Addrs) },
		"other of the name's addresses": func(_ *crawler.Target, o *crawler.Observation) {
			answer(o).Addr = netip.AddrPortFrom(o.Lookups[0].Addrs[1], 443)
		},
	} {
		if got, ok := of(change); !ok || got != was {
			t.Errorf("%s: another input", name)
		}
	}
	for name, change := range map[string]func(*crawler.Target, *crawler.Observation){
		"number": func(_ *crawler.Target, o *crawler.Observation) {
			answer(o).Body = []byte("<p>京ICP备20000002号-1</p>")
		},
		"content type": func(_ *crawler.Target, o *crawler.Observation) { answer(o).Header.Set("Content-Type", "text/plain") },
		"fingerprint":  func(_ *crawler.Target, o *crawler.Observation) { answer(o).Header.Set("Server", "CloudWAF") },
		"way":          func(_ *crawler.Target, o *crawler.Observation) { o.Visits[0].Hops = o.Visits[0].Hops[1:] },
		"url":          func(_ *crawler.Target, o *crawler.Observation) { answer(o).URL += "index.html" },
		"certificate":  func(_ *crawler.Target, o *crawler.Observation) { answer(o).TLS.Fault = "expired" },
		"address": func(_ *crawler.Target, o *crawler.Observation) {
			o.Lookups[0].Addrs[0] = netip.MustParseAddr("192.0.2.12")
		},
		"filing":  func(t *crawler.Target, _ *crawler.Observation) { t.Filing.Status = crawler.FilingUnfiled },
		"owner":   func(t *crawler.Target, _ *crawler.Observation) { t.Owner = "web team" },
		"vantage": func(_ *crawler.Target, o *crawler.Observation) { o.Vantage = "lab" },
	} {
		if got, _ := of(change); got == was {
			t.Errorf("%s: the same input", name)
		}
	}
	for name, change := range map[string]func(*crawler.Target, *crawler.Observation){
		"trouble": func(_ *crawler.Target, o *crawler.Observation) { o.Trouble = "no file handles" },
		"drawn":   func(_ *crawler.Target, o *crawler.Observation) { o.Rendered = &crawler.Page{} },
		"cut":     func(_ *crawler.Target, o *crawler.Observation) { answer(o).Cut = true },
		"failure": func(_ *crawler.Target, o *crawler.Observation) {
			o.Visits[0].Failure = &crawler.Failure{Kind: crawler.FailReset}
		},
		"an error": func(_ *crawler.Target, o *crawler.Observation) { answer(o).Status = 500 },
		"inner page": func(_ *crawler.Target, o *crawler.Observation) {
			o.Visits = append(o.Visits, crawler.Visit{Ask: crawler.Ask{Kind: crawler.AskInner}})
		},
	} {
		if _, ok := of(change); ok {
			t.Errorf("%s: such a look must be judged each time", name)
		}
	}
	target, obs := steadyCase()
	answer(obs).Status, answer(obs).Body, answer(obs).Header = 304, nil, http.Header{}
	if got, ok := InputsOf(target, obs, policy, ""); !ok || got.Look != was.Look || got.Page != "" {
		t.Errorf("a 304 has %+v", got)
	}
}

// TestInputsKnowEveryField fails when a type of the crawler or a Case's Input
// has got a field of which InputsOf must be told.
func TestInputsKnowEveryField(t *testing.T) {
	for typ, known := range map[reflect.Type][]string{
		reflect.TypeFor[Input]():            {"Target", "Obs", "File", "At", "Policy", "Attempts"},
		reflect.TypeFor[crawler.Lookup]():   {"Name", "Type", "Server", "At", "Took", "RCode", "Chain", "Addrs", "TTL", "Answers", "TCP", "Tries", "Failure", "Unchecked", "Resolvers"},
		reflect.TypeFor[crawler.Visit]():    {"Ask", "At", "Took", "Hops", "Failure", "Failed"},
		reflect.TypeFor[crawler.Page]():     {"URL", "Via", "Addr", "Status", "Proto", "Header", "Body", "Cut", "At", "Took", "TLS"},
		reflect.TypeFor[crawler.TLSFacts](): {"Version", "Subject", "Issuer", "Names", "NotBefore", "NotAfter", "Chain", "Fault"},
	} {
		for i := range typ.NumField() {
			if name := typ.Field(i).Name; !slices.Contains(known, name) {
				t.Errorf("%s has the new field %s: if a rule or a record reads it, InputsOf must write it; then name it here", typ, name)
			}
		}
	}
}
