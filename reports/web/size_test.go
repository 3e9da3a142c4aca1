//go:build unix

package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// sizeEnv is the variable that says at which size pages are measured, as 1000000x60: domains
// and nights. Without it they are only called, at a small size.
const sizeEnv = "BEIANWATCH_SIZE"

// keptEnv is the variable that names the database that stays, to be measured again without
// being filled: a file of SQLite or the address of a database of PostgreSQL.
const keptEnv = "BEIANWATCH_SIZE_DB"

// sizeCalls is how often each page is called when it is measured.
const sizeCalls = 60

// TestAtSize calls every page and every call of the API that reads, with other parameters
// each time, over a database as many nights leave it. At a size that is asked for it tells
// how long the server takes; docs/bench/pages.sh runs it.
func TestAtSize(t *testing.T) {
	for _, e := range []struct {
		name string
		dsn  func(testing.TB) string
	}{
		{"sqlite", func(t testing.TB) string { return filepath.Join(t.TempDir(), "results.db") }},
		{"postgres", pgtest.DSN},
	} {
		t.Run(e.name, func(t *testing.T) {
			c := &crowd{domains: 1000, nights: 4}
			measured := os.Getenv(sizeEnv) != ""
			if measured {
				if _, err := fmt.Sscanf(os.Getenv(sizeEnv), "%dx%d", &c.domains, &c.nights); err != nil || c.nights < 2 {
					t.Fatalf("%s: want DOMAINSxNIGHTS, two nights at least", sizeEnv)
				}
			}
			dsn := os.Getenv(keptEnv)
			if dsn == "" {
				dsn = e.dsn(t)
			}
			c.s = serviceOn(t, dsn, rules.All)
			began := time.Now()
			if runs, err := c.s.Store.Runs(t.Context(), 0); err != nil {
				t.Fatal(err)
			} else if slices.Reverse(runs); len(runs) > 0 {
				c.runs, c.nights = runs, len(runs)
			} else {
				c.fill(t)
			}
			if measured {
				t.Logf("%d domains x %d nights: filled in %s, %s", c.domains, c.nights, time.Since(began).Round(time.Second), c.bytes(t))
			}
			c.measure(t, measured)
		})
	}
}

// bytes tells the size of the database.
func (c *crowd) bytes(t *testing.T) string {
	query := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if c.s.Store.Postgres() {
		query = `SELECT pg_database_size(current_database())`
	}
	var n int64
	if err := c.s.Store.Reader().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// A sized is a page or a call with its address, the i-th time.
type sized struct {
	name string
	at   func(i int) string
}

// sizedPages are the pages and calls that are measured.
func (c *crowd) sizedPages() []sized {
	last, before := c.runs[c.nights-1].ID, c.runs[c.nights-2].ID
	some := func(i int) int { return (i*7919 + 13) % c.domains }
	rule := func(i int) string { return rules.All[i%len(rules.All)].ID }
	tone := func(i int) string { return []string{"violation", "warning", "notice", "unknown", "pass"}[i%5] }
	owner := func(i int) string { return url.QueryEscape(c.owner(some(i))) }
	fixed := func(path string) func(int) string { return func(int) string { return path } }
	list := []sized{
		{"/domains?status=", func(i int) string { return "/domains?status=" + tone(i) }},
		{"/domains?status=&after=", func(i int) string { return "/domains?status=" + tone(i) + "&after=" + c.domain(some(i)) }},
		{"/domains?rule=", func(i int) string { return "/domains?rule=" + rule(i) }},
		{"/domains?rule=&status=", func(i int) string { return "/domains?rule=" + rule(i) + "&status=" + tone(i) }},
		{"/domains?owner=", func(i int) string { return "/domains?owner=" + owner(i) }},
		{"/domains?team=&status=", func(i int) string {
			return "/domains?status=" + tone(i) + "&team=" + url.QueryEscape(fmt.Sprintf("部门 %02d", i%60))
		}},
		{"/domains?province=", func(i int) string { return "/domains?province=" + url.QueryEscape("粤") + "&status=" + tone(i) }},
		{"/domains?network=", func(i int) string { return fmt.Sprintf("/domains?network=AS%d", 4800+i%37) }},
		{"/domains?network=&rule=", func(i int) string { return fmt.Sprintf("/domains?network=AS%d&rule=%s", 4800+i%37, rule(i)) }},
		{"/domains?liveness=", func(i int) string { return "/domains?liveness=" + []string{"serving", "down", "placeholder"}[i%3] }},
		{"/domains?q= (many)", func(i int) string { return fmt.Sprintf("/domains?q=%d", i%10) }},
		{"/domains?q= (one)", func(i int) string { return fmt.Sprintf("/domains?q=%07d", some(i)) }},
		{"/domains?q= (none)", func(i int) string { return fmt.Sprintf("/domains?q=none%d", i) }},
		{"/domains?due=", func(i int) string { return "/domains?due=" + []string{"overdue", "week"}[i%2] }},
		{"/domains?run= (the one before)", fixed("/domains?status=violation&run=" + before)},
		{"/domains/D", func(i int) string { return "/domains/" + c.domain(some(i)) }},
		{"/runs/R", func(i int) string { return "/runs/" + c.runs[i%c.nights].ID }},
		{"/runs/A..B", fixed("/runs/" + before + ".." + last)},
		{"/rules/R", func(i int) string { return "/rules/" + rule(i) }},
		{"/owners/O", func(i int) string { return "/owners/" + url.PathEscape(c.owner(some(i))) }},
		{"/api/v1/runs/latest/domains", func(i int) string { return "/api/v1/runs/latest/domains?status=" + tone(i) + "&rule=" + rule(i/5) }},
		{"/api/v1/runs/latest/domains?q=", func(i int) string { return fmt.Sprintf("/api/v1/runs/latest/domains?limit=200&q=%d", some(i)%1000) }},
		{"/api/v1/runs/latest/domains/D", func(i int) string { return "/api/v1/runs/latest/domains/" + c.domain(some(i)) }},
		{"/api/v1/findings?…", func(i int) string {
			return "/api/v1/findings?severity=" + tone(i%3) + []string{"&rule=" + rule(i), "&by_due=true", "&owner=" + owner(i), "&state=first"}[i%4]
		}},
		{"/api/v1/runs/R/changes", fixed("/api/v1/runs/" + last + "/changes")},
		{"/api/v1/runs/R", func(i int) string { return "/api/v1/runs/" + c.runs[i%c.nights].ID }},
	}
	for _, path := range []string{"/", "/domains", "/runs", "/rules", "/owners", "/waivers", "/inventory", "/calendar", "/check", "/account", "/users", "/audit",
		"/api/v1/runs", "/api/v1/findings", "/api/v1/runs/latest/figures", "/api/v1/rules", "/api/v1/waivers", "/api/v1/inventories", "/api/runs", "/healthz", "/metrics", "/openapi.json"} {
		list = append(list, sized{path, fixed(path)})
	}
	return list
}

// measure calls the pages, and tells of each the median, the 95th of a hundred calls and the
// longest, and the 95th of processor time, the slowest page first.
func (c *crowd) measure(t *testing.T, measured bool) {
	h := Handler(Config{Actions: c.s, Version: "test"})
	calls := 2
	if measured {
		calls = sizeCalls
	}
	type took struct {
		line string
		p95  time.Duration
	}
	var all []took
	for _, p := range c.sizedPages() {
		var times, used []time.Duration
		for i := range calls {
			r := httptest.NewRequest(http.MethodGet, "http://localhost"+p.at(i), nil)
			w := httptest.NewRecorder()
			began, before := time.Now(), cpu(t)
			h.ServeHTTP(w, r)
			times, used = append(times, time.Since(began)), append(used, cpu(t)-before)
			if w.Code != http.StatusOK && !strings.HasPrefix(p.at(i), "/runs/"+c.runs[0].ID) {
				body, _ := io.ReadAll(w.Body)
				t.Errorf("%s: %d %.300s", p.at(i), w.Code, body)
				break
			}
		}
		slices.Sort(times)
		slices.Sort(used)
		at := func(list []time.Duration, part int) float64 { return ms(list[(len(list)-1)*part/100]) }
		all = append(all, took{fmt.Sprintf("%-34s %8.1f %8.1f %8.1f %8.1f", p.name, at(times, 50), at(times, 95), at(times, 100), at(used, 95)), times[(len(times)-1)*95/100]})
	}
	if !measured {
		return
	}
	slices.SortFunc(all, func(a, b took) int { return int(b.p95 - a.p95) })
	t.Logf("%-34s %8s %8s %8s %8s  (ms)", "page", "p50", "p95", "max", "cpu p95")
	for _, a := range all {
		t.Log(a.line)
	}
}

// cpu is the processor time of this process; on PostgreSQL the server's comes on top.
func cpu(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
