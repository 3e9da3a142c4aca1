package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/beianwatch/beianwatch/crawler/disktest"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
)

// bare is a home page without a number: it is kept, and has a report of its own.
const bare = `<!doctype html><html><head><meta charset="utf-8"><title>青禾灌溉</title></head><body><h1>青禾灌溉设备</h1>
<p>喷灌机、滴灌带和过滤设备，用于大田、果园和温室。</p><footer>版权所有 © 2026 青禾灌溉设备有限公司 地址：平原县东关路 18 号 电话：0534-0000000</footer></body></html>`

// A disk that is full in the middle of a run ends the command with what is to be done; with
// room the same command goes on, and in the end there is all that there would have been: one
// verdict a name, its evidence, its report.
func TestDiskFull(t *testing.T) {
	for _, what := range []string{"database", "evidence", "reports"} {
		t.Run(what, func(t *testing.T) { t.Parallel(); testDiskFull(t, what) })
	}
}

func testDiskFull(t *testing.T, what string) {
	const sites = 240
	d, dir := disktest.New(t, 24<<10), t.TempDir()
	at := map[string]string{"database": dir, "evidence": dir, "reports": filepath.Join(dir, "out")}
	at[what] = d.Path
	var asked atomic.Int32
	var once sync.Once
	full := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > sites/3 {
			once.Do(func() { d.Fill(); close(full) })
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, strings.ReplaceAll(bare, "青禾", r.Host)) //nolint:errcheck // the client may go
	}))
	defer server.Close()
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	resolver := oneAddress(t, "site")
	var list strings.Builder
	list.WriteString("domain,filing_status,filing_number\n")
	for i := range sites {
		fmt.Fprintf(&list, "site%d.example.cn,filed,京ICP备12345678号-1\n", i)
	}
	inventory := filepath.Join(dir, "inventory.csv")
	if err := os.WriteFile(inventory, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(at["database"], "results.db")
	scan := func(lang string) (code int, out, said string) {
		var o, e bytes.Buffer
		code = run(context.Background(), []string{"scan", inventory, "--quiet", "--lang", lang, "--format", "jsonl", "--db", db, "--dir", at["evidence"], "--out", at["reports"],
			"--resolver", resolver, "--allow-net", "127.0.0.0/8", "--mainland-net", "127.0.0.0/8", "--map-port", "80:" + port, "--evidence", "all",
			"--per-ip", "0", "--per-ip-rate", "0", "--render", "never", "--confirm", "1s", "--control", "site0.example.cn"}, strings.NewReader(""), &o, &e)
		return code, o.String(), e.String()
	}
	for lang, cure := range map[string]string{"en": "make room", "zh": "腾出空间"} {
		code, out, said := scan(lang)
		t.Logf("%s", said)
		if code != exitTrouble || !strings.Contains(said, cure) || out != "" {
			t.Errorf("exit code %d, %d bytes of results: %s", code, len(out), said)
		}
	}
	<-full
	d.MakeRoom()
	code, out, said := scan("en")
	if code != exitFound {
		t.Fatalf("with room: exit code %d: %s", code, said)
	}
	domains := map[string]bool{}
	for line := range strings.Lines(out) {
		var r struct{ Domain, Liveness string }
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Liveness != "serving" {
			t.Errorf("%v: %s", err, line)
		}
		domains[r.Domain] = true
	}
	if n := strings.Count(out, "\n"); n != sites || len(domains) != sites {
		t.Errorf("%d lines of %d domains", n, len(domains))
	}
	st, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	runs, err := st.Runs(t.Context(), 0)
	if err != nil || len(runs) != 1 || runs[0].State != reports.RunDone || runs[0].Verdicts != sites {
		t.Fatalf("%+v, %v", runs, err)
	}
	err = st.Results(t.Context(), runs[0].ID, func(r store.Result) error {
		obs, err := schedule.ReadEvidence(at["evidence"], runs[0].ID, r.Evidence)
		if err == nil && (obs.Domain != r.Record.Domain || len(obs.Visits) == 0) {
			err = errors.New("it is of another site, or of none")
		}
		if err != nil {
			t.Errorf("evidence of %s: %v", r.Record.Domain, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	var told bytes.Buffer
	if code := run(t.Context(), []string{"evidence", "verify", "--db", db, "--dir", at["evidence"], "--lang", "en"}, strings.NewReader(""), &told, &told); code != exitClean {
		t.Errorf("evidence verify: exit code %d: %s", code, told.String())
	}
	checkReports(t, filepath.Join(at["reports"], runs[0].ID), sites)
}

// checkReports looks whether the reports of a run are whole, and nothing else is there.
func checkReports(t *testing.T, dir string, sites int) {
	t.Helper()
	count := map[string]int{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		ext := filepath.Ext(path)
		switch count[ext]++; {
		case err != nil:
			return err
		case ext == ".html" && !bytes.HasSuffix(bytes.TrimSpace(data), []byte("</html>")), ext == ".json" && !json.Valid(data), len(data) == 0:
			t.Errorf("%s is not whole: %d bytes", path, len(data))
		case e.Name() == "results.jsonl" && bytes.Count(data, []byte("\n")) != sites:
			t.Errorf("%s has %d lines", path, bytes.Count(data, []byte("\n")))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if count[".html"] != sites+1 || count[".json"] != sites+1 {
		t.Errorf("files: %v", count)
	}
}
