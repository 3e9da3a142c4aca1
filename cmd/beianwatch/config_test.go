package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func readText(t testing.TB, text string) (settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := defaults()
	return s, s.readConfig(path)
}

func TestConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	text := "per-ip: 7\nconfirm: [1s, 2m]\nvantage: {name: east, mainland: true}\nsuffix: {粤: any}\nfingerprints:\n  - {name: ours, kind: parked, title: [此名待租]}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := defaults()
	if err := s.readConfig(path); err != nil {
		t.Fatal(err)
	}
	if s.PerIP != 7 || len(s.Confirm) != 2 || s.Confirm[1] != 2*time.Minute || !s.Vantage.Mainland || s.Suffix["粤"] != "any" || len(s.Fingerprints) != 1 {
		t.Errorf("read %+v", s)
	}
	if s.Timeout != defaults().Timeout {
		t.Errorf("a key that is not there changed the default to %v", s.Timeout)
	}
}

func TestBadConfig(t *testing.T) {
	for text, want := range map[string]string{
		"per_ip: 7\n":            "per_ip",
		"per-ip: many\n":         "per-ip",
		"fingerprints: ! 0\n":    "",
		"calendar:\n  cron: x\n": "",
		"suffix: [粤]\n":          "",
	} {
		if _, err := readText(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
}

// FuzzConfig: no config may panic.
func FuzzConfig(f *testing.F) {
	f.Add("per-ip: 7\nconfirm: [1s]\n")
	f.Add("! 0")
	f.Add("calendar: [{name: n, cron: '0 2 * * *', inventory: i}]")
	f.Fuzz(func(t *testing.T, text string) {
		s := defaults()
		_ = decode([]byte(text), &s) // any answer but a panic
	})
}
