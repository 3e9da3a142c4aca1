package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

// A person drives the dashboard in a real browser.
type person struct {
	t   *testing.T
	ctx context.Context
	at  string
}

// serveDemo serves the dashboard over the demo internet, without a calendar, and gives its
// address and the path of the demo's inventory. So many nights are scanned
// before, and change may change the settings.
func serveDemo(t *testing.T, nights int, change func(p *program, inventory string)) (p *program, at, inventory string) {
	t.Helper()
	p = &program{Settings: settings.Defaults(), out: new(bytes.Buffer), errOut: new(bytes.Buffer)}
	p.Out, p.Lang, p.Quiet, p.Listen = t.TempDir(), "zh", true, "127.0.0.1:0"
	ctx, cancel := context.WithCancel(context.Background())
	box, files, err := p.openBox(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p.Render = "never" // the browser is the person's
	if change != nil {
		change(p, files.Inventory)
	}
	for ago := nights - 1; ago >= 0; ago-- {
		if err := p.demoNight(ctx, box, files, ago); err != nil {
			t.Fatal(err)
		}
	}
	roles, err := p.roles(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	told, done := make(chan string, 1), make(chan error, 1)
	p.listening = func(address string) { told <- strings.TrimSuffix(address, "/") }
	go func() { done <- p.serve(ctx, roles) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		box.Close()
	})
	select {
	case at = <-told:
	case err := <-done:
		t.Fatalf("serve ended: %v", err)
	}
	return p, at, files.Inventory
}

// openBrowser starts a browser for a test; without one the test is skipped.
func openBrowser(t *testing.T, at string) *person {
	t.Helper()
	path, err := browser.Find("")
	if err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	p := &person{t, ctx, at}
	p.do(chromedp.EmulateViewport(1280, 900))
	return p
}

// personPatience is how long one step may take: a run over the demo is one.
const personPatience = 90 * time.Second

// do carries out steps.
func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	done := make(chan error, 1)
	go func() { done <- chromedp.Do(p.ctx, steps...) }()
	select {
	case err := <-done:
		if err != nil {
			p.t.Fatal(err)
		}
	case <-time.After(personPatience):
		page, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.href+"\n"+document.body.innerText.slice(0,600)`))
		p.t.Fatalf("the page is not as expected: %s", page)
	}
}

func (p *person) goTo(path string) { p.t.Helper(); p.do(chromedp.Navigate(p.at + path)) }

// see waits until something is shown.
func (p *person) see(selector string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(selector, chromedp.NodeVisible))
}

// press clicks, and waits for the page that it leads to where it leads to one.
func (p *person) press(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(selector, chromedp.NodeVisible))
}

// read evaluates an expression in the page, a promise too.
func read[T any](p *person, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// TestDashboard goes the way of a compliance team's morning, and of somebody without the
// right to it.
func TestDashboard(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes two runs over the demo")
	}
	prog, at, demoInventory := serveDemo(t, 0, nil)
	p := openBrowser(t, at)
	p.goTo("/")
	if !strings.Contains(read[string](p, `document.querySelector("h1").innerText`), "还没有完成的检查") {
		t.Error("the first page of an empty dashboard does not say what to do")
	}

	// Upload an inventory with a line that is no use, see that, and begin a run.
	data, err := os.ReadFile(demoInventory)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "清单.csv")
	if err := os.WriteFile(list, append(data, "这不是 域名\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	p.goTo("/inventory")
	p.do(chromedp.SetUploadFiles(`input[type=file]`, []string{list}))
	p.press(`form[enctype] button`)
	p.see(`button[name=begin]`)
	if text := read[string](p, `document.querySelector("main").innerText`); !strings.Contains(text, "有问题的行") || !strings.Contains(text, "这不是 域名") {
		t.Errorf("the line that is no use is not shown: %.400s", text)
	}
	if n := read[int](p, `fetch(document.querySelector("a[href$='corrected.xlsx']").href).then(r => r.arrayBuffer()).then(b => b.byteLength)`); n < 5000 {
		t.Errorf("a corrected workbook of %d bytes", n)
	}
	p.press(`button[name=begin]`)

	// Watch the progress move, until the page of the finished run takes its place.
	p.see(`#progress progress`)
	first := read[string](p, `location.pathname`)
	moved := read[bool](p, `new Promise(done => new MutationObserver(() => done(true)).observe(document.querySelector("#progress"), {childList: true, subtree: true}))`)
	if !moved {
		t.Error("the progress does not move")
	}
	p.see(`table.bars`)

	// Filter without leaving the page, and open a finding.
	p.goTo("/domains")
	p.do(chromedp.SetValue(`select[name=rule]`, "footer-number-missing"))
	read[bool](p, `(document.querySelector("select[name=rule]").dispatchEvent(new Event("change", {bubbles: true})), true)`)
	p.see(`form[action="/domains/bulk"] input[type=hidden][name=rule][value="footer-number-missing"] ~ div`)
	if got := read[string](p, `location.search`); !strings.Contains(got, "rule=footer-number-missing") {
		t.Errorf("the filter is not in the address: %s", got)
	}
	if n := read[int](p, `fetch([...document.querySelectorAll("a")].find(a => a.innerText === "CSV").href).then(r => r.text()).then(t => t.split("\n").length)`); n < 3 {
		t.Errorf("an export of %d lines", n)
	}
	read[bool](p, `(window.name = document.querySelector("#results tbody a").innerText, true)`)
	p.press(`#results tbody a`)
	p.see(`#snippet button.copy`)
	name := read[string](p, `window.name`)
	if got := read[string](p, `document.querySelector("#snippet pre").innerText`); !strings.Contains(got, "beian.miit.gov.cn") {
		t.Errorf("the snippet: %s", got)
	}
	p.press(`#snippet button.copy`)
	if got := read[string](p, `new Promise(done => { const b = document.querySelector("#snippet button.copy"); (function look() { b.innerText === "已复制" ? done(b.innerText) : setTimeout(look, 50) })() })`); got != "已复制" {
		t.Errorf("the button says %q", got)
	}

	// Waive it.
	p.goTo("/waivers?domain=" + name + "&rule=footer-number-missing")
	p.do(chromedp.SetValue(`input[name=until]`, "2099-12-31"), chromedp.SendKeys(`input[name=reason]`, "已受理整改"))
	p.press(`form.inline button`)
	p.see(`.flash`)
	if text := read[string](p, `document.querySelector("main").innerText`); !strings.Contains(text, name) || !strings.Contains(text, "已受理整改") {
		t.Errorf("the waiver is not listed: %.300s", text)
	}

	// A second run, stopped and resumed, and compared with the first.
	p.goTo("/inventory")
	p.press(`form[action="/runs"] button`)
	p.see(`form[action$="/stop"] button`)
	p.press(`form[action$="/stop"] button`)
	p.see(`form[action$="/resume"] button`)
	second := read[string](p, `location.pathname`)
	p.press(`form[action$="/resume"] button`)
	p.see(`table.bars`)
	p.goTo(first + ".." + strings.TrimPrefix(second, "/runs/"))
	if text := read[string](p, `document.querySelector("main").innerText`); !strings.Contains(text, "个域名没有变化") {
		t.Errorf("the comparison: %.300s", text)
	}

	// Switch the language, and see that it stays.
	p.press(`button[name=lang][value=en]`)
	p.see(`button[name=lang][value=zh]`)
	p.goTo("/")
	if got := read[string](p, `document.documentElement.lang + document.querySelector("h1").innerText`); !strings.HasPrefix(got, "enOverview") {
		t.Errorf("in English: %s", got)
	}
	if blocked := read[int](p, `document.querySelectorAll("script:not([src]), style, [style]").length`); blocked != 0 {
		t.Errorf("%d inline scripts or styles", blocked)
	}

	// Who may only look is refused the rest.
	ctx := context.Background()
	s, err := store.Open(ctx, prog.DB)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	k, err := account.Open(ctx, s, nil)
	if err == nil {
		err = k.Put(ctx, account.User{Name: "kan", Role: account.RoleViewer}, "only looking here")
	}
	if err != nil {
		t.Fatal(err)
	}
	read[bool](p, `new Promise(done => (function look() { fetch("/runs", {redirect: "manual"}).then(r => r.type === "opaqueredirect" ? done(true) : setTimeout(look, 200)) })())`)
	p.goTo("/runs")
	p.do(chromedp.SendKeys(`input[name=name]`, "kan"), chromedp.SendKeys(`input[name=password]`, "only looking here"))
	p.press(`form.narrow button`)
	p.see(`table.list, table.stack`)
	if n := read[int](p, `document.querySelectorAll("form[action='/runs']").length`); n != 0 {
		t.Error("a viewer is offered to begin a run")
	}
	for _, path := range []string{"/runs", "/waivers", "/inventory", first + "/stop"} {
		if got := read[int](p, fmt.Sprintf(`fetch(%q, {method: "POST", body: new URLSearchParams({inventory: "x"})}).then(r => r.status)`, path)); got != 403 {
			t.Errorf("a viewer's POST %s is answered %d", path, got)
		}
	}
}
