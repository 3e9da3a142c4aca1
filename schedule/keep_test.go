package schedule

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// nights are two series of runs over the same sites: one keeps outcomes, the
// other judges everything each night. They must never differ.
type nights struct {
	t       *testing.T
	b       *bed
	path    string // of the inventory
	keeping string // data folders
	judging string
	policy  func(*detect.Policy)
	opt     Options
}

// run makes one night of each series and compares them; it gives the number of
// names that kept their outcomes.
func (n *nights) run(name string, at time.Time) (kept int) {
	n.t.Helper()
	opt := n.opt
	opt.JudgeAll = false
	now, kept := n.night(n.keeping, at, opt)
	opt.JudgeAll = true
	want, none := n.night(n.judging, at, opt)
	if none != 0 {
		n.t.Errorf("%s: %d names kept what must be judged", name, none)
	}
	if diff := cmp.Diff(want, now); diff != "" {
		n.t.Errorf("%s: kept outcomes differ from judged ones (- judged, + kept):\n%s", name, diff)
	}
	return kept
}

func (n *nights) night(dir string, at time.Time, opt Options) (map[string]*reports.Record, int) {
	n.t.Helper()
	look := n.b.looker(n.t, nil, 2*time.Second, 50*time.Millisecond, 50*time.Millisecond)
	look.At = at
	if n.policy != nil {
		n.policy(look.Policy)
	}
	ctx := context.Background()
	st, err := store.Open(ctx, filepath.Join(dir, "results.db"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer st.Close()
	r, err := Open(ctx, Config{Store: st, Dir: dir, Looker: look, Options: opt})
	if err != nil {
		n.t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // everything is stored by now
	rd, err := r.Begin(ctx, Start{Inventory: n.path})
	if err != nil {
		n.t.Fatal(err)
	}
	run, err := rd.Run(ctx)
	if err != nil {
		n.t.Fatal(err)
	}
	records := map[string]*reports.Record{}
	err = st.Results(ctx, run.ID, func(res store.Result) error {
		if since := time.Since(res.Record.At); since > time.Minute || since < -time.Second {
			n.t.Errorf("%s was looked at %v ago", res.Record.Domain, since)
		}
		if len(res.Record.Findings()) > 0 && res.Record.Liveness == detect.Serving {
			if obs, err := ReadEvidence(dir, run.ID, res.Evidence); err != nil || len(obs.Visits) == 0 || len(obs.Visits[0].Last().Body) == 0 {
				n.t.Errorf("%s: the evidence %+v cannot be read: %v", res.Record.Domain, res.Evidence, err)
			}
		}
		res.Record.Run, res.Record.At = "", time.Time{}
		res.Record.Detail.Looks = nil // times
		records[res.Record.Domain] = res.Record
		return nil
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return records, rd.Progress().Kept
}

// write makes the inventory; rows are what follows the domain.
func (n *nights) write(rows map[string]string, order ...string) {
	var s strings.Builder
	s.WriteString("domain,filing_status,filing_number,approved_at,owner\n")
	for _, name := range order {
		s.WriteString(name + "," + rows[name] + "\n")
	}
	if err := os.WriteFile(n.path, []byte(s.String()), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

func TestKeptOutcomes(t *testing.T) {
	for _, etags := range []bool{false, true} {
		t.Run(fmt.Sprintf("etags=%v", etags), func(t *testing.T) { t.Parallel(); testKept(t, etags) })
	}
}

func testKept(t *testing.T, etags bool) {
	b := newBed(t, 2)
	b.etags = etags
	withToken := func(token string) string { return page + `<script>var token="` + token + `";</script>` }
	bare := strings.ReplaceAll(page, `<a href="https://beian.miit.gov.cn/">京ICP备20000001号-1</a>`, "京ICP备20000001号-1")
	b.pages = map[string]string{
		"bare.cn": bare, "token.cn": withToken("a1b2c3d4"), "barer.cn": bare + `<script>var token="00aa11bb";</script>`,
		"nothing.cn": strings.ReplaceAll(page, "京ICP备20000001号-1", ""),
	}
	// A page whose foot a script draws is judged with the script.
	b.pages["drawn.cn"] = strings.ReplaceAll(page, page[strings.Index(page, "<footer>"):], `<div id="footer"></div><script src="/foot.js"></script></body></html>`)
	b.pages["drawn.cn/foot.js"] = `document.getElementById("footer").innerHTML = "京ICP备20000001号-1";`
	order := []string{"good.cn", "drawn.cn", "bare.cn", "token.cn", "barer.cn", "nothing.cn", "moves.cn", "row.cn", "young.cn", "dead.cn", "none.cn"}
	rows := map[string]string{}
	for _, name := range order {
		rows[name] = "filed,京ICP备20000001号-1,,"
		b.name(name, webAddr(0))
	}
	b.name("dead.cn", refusedAddr)
	delete(b.zone, "none.cn")
	dir := t.TempDir()
	n := &nights{t: t, b: b, path: filepath.Join(dir, "inventory.csv"), keeping: filepath.Join(dir, "keeping"), judging: filepath.Join(dir, "judging"),
		opt: Options{Concurrency: 8, FullEvery: 1000}}
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	rows["young.cn"] = "filed,京ICP备20000001号-1," + at.AddDate(0, 0, -29).Format(time.DateOnly) + ","
	b.pages["young.cn"] = strings.ReplaceAll(page, "京公网安备11010502030143号", "") // owes it from the thirtieth day on
	n.write(rows, order...)
	const serving = 9
	check := func(name string, want int) {
		t.Helper()
		b.set(func(b *bed) { b.spared = 0 })
		if got := n.run(name, at); got != want {
			t.Errorf("%s: %d names kept their outcomes, not %d", name, got, want)
		}
		at = at.Add(12 * time.Hour)
		if b.spared > 0 != (etags && want > 0) {
			t.Errorf("%s: %d answers were spared", name, b.spared)
		}
	}
	check("first night", 0)
	check("the same pages", serving)
	b.set(func(b *bed) {
		b.pages["token.cn"] = withToken("99999999")
		b.pages["barer.cn"] = bare + `<script>var token="7777";</script>`
	})
	check("other tokens", serving-1) // young.cn owes a number from this night on
	n.write(rows, "row.cn", "drawn.cn", "good.cn", "bare.cn", "token.cn", "barer.cn", "nothing.cn", "moves.cn", "young.cn", "dead.cn", "none.cn")
	check("lines in another order", serving)
	b.set(func(b *bed) {
		b.pages = maps.Clone(b.pages)
		b.pages["good.cn"] = strings.ReplaceAll(page, "京ICP备20000001号-1", "")
		b.pages["bare.cn"] = strings.ReplaceAll(page, "beian.miit.gov.cn", "www.miitbeian.gov.cn")
		b.pages["drawn.cn/foot.js"] = `document.getElementById("footer").innerHTML = "粤ICP备20000009号";`
		b.zone["moves.cn"] = webAddr(1)
	})
	rows["row.cn"] = "filed,粤ICP备20000009号,,web team"
	n.write(rows, order...)
	check("real changes", serving-5)
	check("and none again", serving)
	n.policy = func(p *detect.Policy) { p.PoliceDue = 90 * 24 * time.Hour }
	check("another policy", 0)
	check("the same policy", serving)
	at = at.AddDate(0, 0, 10)
	check("ten days later", serving)
	at = at.AddDate(0, 0, 40)
	check("too long ago", 0)
}

// TestLyingServer: a server that says "not modified" of a changed page is
// believed for some nights and no longer.
func TestLyingServer(t *testing.T) {
	b := newBed(t, 1)
	b.etags, b.fixed = true, `"always"`
	b.name("liar.cn", webAddr(0))
	dir := t.TempDir()
	n := &nights{t: t, b: b, path: filepath.Join(dir, "inventory.csv"), keeping: filepath.Join(dir, "keeping"), opt: Options{Concurrency: 8, FullEvery: 1000}}
	n.write(map[string]string{"liar.cn": "filed,京ICP备20000001号-1,,"}, "liar.cn")
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	n.night(n.keeping, at, n.opt)
	b.set(func(b *bed) { b.pages = map[string]string{"liar.cn": "<p>卖地址</p>"} })
	if _, kept := n.night(n.keeping, at, n.opt); kept != 1 {
		t.Errorf("%d names kept their outcomes on the server's word, not 1", kept)
	}
	n.opt.FullEvery = 1
	b.set(func(b *bed) { b.spared = 0 })
	records, kept := n.night(n.keeping, at.Add(24*time.Hour), n.opt)
	if kept != 0 || b.spared != 0 {
		t.Errorf("%d names kept, %d answers spared on a night in full: %+v", kept, b.spared, records)
	}
}

func TestInFullIsSpread(t *testing.T) {
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	full := 0
	for i := range 7000 {
		domain := fmt.Sprintf("site%d.cn", i)
		if inFull(domain, now.Add(-day), now, 7) {
			full++
		}
		if !inFull(domain, now.Add(-7*day), now, 7) || !inFull(domain, now.Add(-day), now, 1) {
			t.Fatalf("%s is not asked for in full after its nights", domain)
		}
	}
	if full < 900 || full > 1100 {
		t.Errorf("%d of 7000 names are asked for in full on one night, not a seventh", full)
	}
}
