package browser

import (
	"maps"
	"net/netip"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// say puts an event among those of every page that is open, as the browser would.
func (p *Pool) say(method, params string) {
	p.mu.Lock()
	c := p.now.conn
	p.mu.Unlock()
	c.mu.Lock()
	pages := maps.Clone(c.sessions)
	c.mu.Unlock()
	delete(pages, "") // the browser itself
	for _, hear := range pages {
		hear(event{method: method, params: []byte(params)})
	}
}

// TestPictureJudgesWhatStands: what decides whether a picture is taken reads facts that
// do not change while it does, although the page goes on.
func TestPictureJudgesWhatStands(t *testing.T) {
	pages := map[string]wholePage{"/": {page: `<h1>青禾灌溉</h1>`}}
	everyBrowser(t, func(t *testing.T, program string) {
		opt := loopback(t, program, slowSite(t, pages))
		heard := make(chan struct{})
		opt.Harmless = func(url string) bool {
			if url == "http://second.example/" {
				close(heard)
			}
			return false
		}
		var p *Pool
		look := func(obs *crawler.Observation) (bool, []string) {
			for _, name := range []string{"first", "second"} {
				p.say("Network.webSocketCreated", `{"requestId":"`+name+`","url":"ws://`+name+`.example/"}`)
				p.say("Network.webSocketFrameError", `{"requestId":"`+name+`","errorMessage":"refused"}`)
			}
			<-heard // then the first is in the facts
			if !obs.Drawing.Whole() {
				t.Errorf("the facts change: %+v", obs.Drawing.Flaws)
			}
			return false, nil
		}
		p = pool(t, opt)
		if obs := draw(t, p, "/", look); obs.Drawing.Whole() || !obs.Rendered.Cut {
			t.Errorf("what came last is lost: %+v, cut: %v", obs.Drawing, obs.Rendered.Cut)
		}
	})
}

// TestAddressesAreThoseOfTheStart: what still asks for addresses when a drawing is over
// does not look at its observation.
func TestAddressesAreThoseOfTheStart(t *testing.T) {
	obs := &crawler.Observation{Lookups: []crawler.Lookup{{Name: "a.cn", Type: "A", Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}}}
	resolve := New(Options{}).resolve(obs)
	obs.Lookups[0] = crawler.Lookup{Name: "b.cn"}
	if addrs, err := resolve(t.Context(), "a.cn"); err != nil || len(addrs) != 1 {
		t.Errorf("addresses %v, %v", addrs, err)
	}
}
