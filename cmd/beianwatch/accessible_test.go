package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/reports/store"
)

// axeEnv is the variable that names axe.min.js of the npm package axe-core.
const axeEnv = "BEIANWATCH_AXE"

// someDomain is a site of the demo on which something is found.
const someDomain = "hengrun-zhoucheng.example"

// pagesOfDemo are the dashboard's pages over the demo, those that take a parameter with one.
func pagesOfDemo(t *testing.T, db string) []string {
	t.Helper()
	s, err := store.Open(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	runs, err := s.Runs(context.Background(), 2)
	if err != nil || len(runs) < 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	return []string{"/", "/domains", "/domains?status=violation", "/domains/" + someDomain, "/runs", "/runs/" + runs[0].ID, "/runs/" + runs[1].ID + ".." + runs[0].ID,
		"/rules", "/rules/footer-number-missing", "/owners", "/owners/" + "人力资源部", "/waivers", "/inventory", "/calendar", "/check", "/self-check", "/account", "/users", "/audit", "/login", "/nothing-here"}
}

// serveTwoNights serves the dashboard over two nights of the demo, with all its pages.
func serveTwoNights(t *testing.T) (p *person, pages []string) {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes two runs over the demo")
	}
	prog, at, inventory := serveDemo(t, 2, func(p *program, inventory string) {
		p.PublicCheck = true
		p.Calendar = []settings.CalendarEntry{{Name: "nightly", Cron: "CRON_TZ=Asia/Shanghai 0 2 1 1 *", Inventory: inventory}}
	})
	p = openBrowser(t, at)
	p.goTo("/inventory") // and an inventory that is being looked at
	data, err := os.ReadFile(inventory)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(list, append(data, "no domain\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(`input[type=file]`, []string{list}))
	p.press(`form[enctype] button`)
	p.see(`button[name=begin]`)
	return p, append(pagesOfDemo(t, prog.DB), read[string](p, `location.pathname`))
}

// TestAxe: axe-core finds nothing serious on any page, light or dark, in either language, on a
// wide screen or a phone.
func TestAxe(t *testing.T) {
	script, err := os.ReadFile(os.Getenv(axeEnv))
	if err != nil {
		if os.Getenv("BEIANWATCH_NPM") == "1" {
			t.Fatalf("%s: %v", axeEnv, err)
		}
		t.Skipf("%s names no axe.min.js", axeEnv)
	}
	p, pages := serveTwoNights(t)
	for _, look := range []struct {
		theme, lang string
		width       int64
	}{{"light", "zh", 1280}, {"dark", "en", 390}} {
		p.do(chromedp.EmulateViewport(look.width, 900))
		p.goTo("/rules")
		p.choose("theme", look.theme)
		p.choose("lang", look.lang)
		for _, path := range pages {
			p.goTo(path)
			read[bool](p, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
			read[bool](p, string(script)+"; true")
			text := read[string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))}))))`)
			var found []struct {
				ID, Impact, Help string
				Nodes            []string
			}
			if err := json.Unmarshal([]byte(text), &found); err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if f.Impact == "serious" || f.Impact == "critical" {
					t.Errorf("%s (%s, %s): %s %s: %s\n\t%s", path, look.theme, look.lang, f.Impact, f.ID, f.Help, strings.Join(f.Nodes, "\n\t"))
				}
			}
			if wide := read[int](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%s at %d px: the page is %d px too wide", path, look.width, wide)
			}
		}
	}
}

// choose sets theme or language by the form of every page.
func (p *person) choose(name, value string) {
	p.t.Helper()
	read[int](p, fmt.Sprintf(`fetch("/settings", {method: "POST", body: new URLSearchParams({%s: %q, to: "/healthz"})}).then(r => r.status)`, name, value))
}

// controls finds what can be used on a page, marks each, and tells how many there are.
const controls = `(() => {
	let n = 0;
	for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary"))
		if (!e.disabled && e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0) e.dataset.control = n++;
	document.activeElement.blur(); window.getSelection().removeAllRanges(); window.scrollTo(0, 0);
	return n;
})()`

// focused tells which control has the focus: its number, and whether one can see that it has it.
const focused = `(() => {
	const e = document.activeElement;
	if (!e || e.dataset.control === undefined) return "";
	const s = getComputedStyle(e), b = e.getBoundingClientRect();
	const shown = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1 && b.width > 0 && b.height > 0 && b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth;
	return e.dataset.control + (shown ? "" : " unseen " + e.outerHTML.slice(0, 120));
})()`

// TestKeyboard: Tab alone reaches every control of every page, one sees where one is, and the
// first stop leads past the menu.
func TestKeyboard(t *testing.T) {
	p, pages := serveTwoNights(t)
	for _, path := range pages {
		p.goTo(path)
		n := read[int](p, controls)
		reached := map[string]bool{}
		for range 2*n + 30 { // a date has several stops
			p.do(chromedp.KeyEvent(kb.Tab))
			at := read[string](p, focused)
			if at == "" {
				continue // before the first one, or behind the last
			}
			number, unseen, _ := strings.Cut(at, " unseen ")
			if unseen != "" && !reached[number] {
				t.Errorf("%s: the focus cannot be seen: %s", path, unseen)
			}
			if reached[number] = true; len(reached) == n {
				break
			}
		}
		if len(reached) != n {
			t.Errorf("%s: Tab reaches %d of %d controls", path, len(reached), n)
		}
		p.goTo(path)
		if got := read[int](p, `(document.activeElement.blur(), 0)`); got != 0 {
			t.Fatal("blur")
		}
		p.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
		if got := read[string](p, `location.hash`); got != "#main" && path != "/login" {
			t.Errorf("%s: the first stop does not lead to the content: %q", path, got)
		}
	}
}
