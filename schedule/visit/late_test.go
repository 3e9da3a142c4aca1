package visit

import (
	"context"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestLateLookIsLeftToTheBrowser: a look whose server took nearly all of its time reads no
// files of the page any more, and leaves the page to a browser, whose turn makes it anew.
func TestLateLookIsLeftToTheBrowser(t *testing.T) {
	n := newInternet(t)
	n.set(func() {
		n.zone["shell.cn"], n.pages["shell.cn/"] = webAddr, `<!doctype html><title>青禾灌溉</title><div id="app"></div><script src="/app.js"></script>`
	})
	s := n.scanner(t)
	s.Policy.Render = detect.RenderAuto
	s.Draw = func(context.Context, *crawler.Observation, crawler.Ask, crawler.Look) { t.Error("it draws by itself") }
	for late, want := range map[bool]crawler.AskKind{false: crawler.AskScript, true: crawler.AskHome} {
		own := s.Deferring()
		target := filed("shell.cn")
		v := &visit{s: own, t: target, obs: &crawler.Observation{Domain: target.Domain, At: time.Now()}}
		v.in = detect.Input{Target: target, Obs: v.obs, Policy: own.EffectivePolicy()}
		if !v.resolve(t.Context()) {
			t.Fatal(v.obs.Trouble)
		}
		v.session = own.Web.Session(v.obs)
		defer v.session.Close()
		v.session.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
		if late {
			v.obs.At = v.obs.At.Add(-own.ownLimit())
		}
		_, end := v.fetch(t.Context())
		if last := v.obs.Visits[len(v.obs.Visits)-1].Ask.Kind; !end.Render || last != want || v.obs.Trouble != "" {
			t.Errorf("late %v: left to the browser %v, last asked for %s, trouble %q", late, end.Render, last, v.obs.Trouble)
		}
	}
}
