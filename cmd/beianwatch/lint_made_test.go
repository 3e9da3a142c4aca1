package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestLintMade plants every fault in a made inventory, and wants each found and
// none invented.
func TestLintMade(t *testing.T) { testLintMade(t, 20_000, 20) }

// TestLintMillion is the same at full size; its inventory is kept at the path
// that BEIANWATCH_LINT_MILLION names, to be measured.
func TestLintMillion(t *testing.T) {
	path := os.Getenv("BEIANWATCH_LINT_MILLION")
	if path == "" {
		t.Skip("BEIANWATCH_LINT_MILLION names no file to make")
	}
	stride := testLintMade(t, 1_000_000, 1000)
	if _, err := makeInventory(path, 1_000_000, 1000); err != nil {
		t.Fatal(err)
	}
	t.Logf("the inventory of 1,000,000 lines is kept at %s; every %d-th line has a fault", path, stride)
}

func testLintMade(t *testing.T, n, each int) (stride int) {
	dir := t.TempDir()
	list, config := filepath.Join(dir, "made.csv"), filepath.Join(dir, "config.yaml")
	stride, err := makeInventory(list, n, each)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "phone.dat"), phoneDat(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte("phone-data: "+filepath.Join(dir, "phone.dat")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"--config", config, "--lang", "en", "--out", dir, "lint", list, "--at", madeAt, "--quiet"}, nil, &out, &errOut)
	if code != exitFound || errOut.Len() > 0 {
		t.Fatalf("exit code %d, errors %s", code, &errOut)
	}
	if !strings.Contains(out.String(), fmt.Sprintf("line%s judged", "s")) {
		t.Errorf("the summary does not say how many lines were judged:\n%s", &out)
	}
	checkFound(t, filepath.Join(dir, "findings.csv"), n, each, stride)
	return stride
}

// checkFound compares findings.csv with what was planted.
func checkFound(t *testing.T, path string, n, each, stride int) {
	t.Helper()
	found := make([]int, len(plantings))
	invented := 0
	rows := 0
	readFindings(t, path, func(line int, domain, rule, severity, saw string) {
		rows++
		fault, _ := plantedAt(line-2, each, stride) // line 1 is the heading
		if fault >= 0 && plantings[fault].rule == rule && plantings[fault].severity == severity {
			found[fault]++
			return
		}
		if invented++; invented <= 10 {
			planted := "nothing"
			if fault >= 0 {
				planted = plantings[fault].name
			}
			t.Errorf("line %d (%s): invented %s %s: %s (planted: %s)", line, domain, rule, severity, saw, planted)
		}
	})
	for i, p := range plantings {
		if found[i] != each {
			t.Errorf("%s: %d of %d lines found by %s as %s", p.name, found[i], each, p.rule, p.severity)
		}
	}
	t.Logf("%d lines, %d kinds of faults, %d planted each: %d findings, %d invented", n, len(plantings), each, rows, invented)
}

func readFindings(t *testing.T, path string, each func(line int, domain, rule, severity, saw string)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range head {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		line, err := strconv.Atoi(row[column["Inventory line"]])
		if err != nil {
			t.Fatal(err)
		}
		each(line, row[column["Domain"]], row[column["Rule"]], row[column["Severity"]], row[column["Saw"]])
	}
}

// BenchmarkLint judges a made inventory of 20,000 lines, told as text.
func BenchmarkLint(b *testing.B) {
	list := filepath.Join(b.TempDir(), "made.csv")
	if _, err := makeInventory(list, 20_000, 20); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if code := run(b.Context(), []string{"lint", list, "--at", madeAt, "--quiet"}, nil, io.Discard, io.Discard); code != exitFound {
			b.Fatalf("exit code %d", code)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/20_000, "µs/line")
}
