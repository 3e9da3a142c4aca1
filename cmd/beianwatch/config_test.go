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
	if s.PerIP != 7 || len(s.Confirm.Delays) != 2 || s.Confirm.Delays[1] != 2*time.Minute || !s.Vantage.Mainland || s.Suffix["粤"] != "any" || len(s.Fingerprints) != 1 {
		t.Errorf("read %+v", s)
	}
	if s.Timeout != defaults().Timeout {
		t.Errorf("a key that is not there changed the default to %v", s.Timeout)
	}
}

func TestConfirm(t *testing.T) {
	for text, want := range map[string]confirmation{
		"confirm: gov\n":                 presetOf("gov"),
		"confirm: [30s, 2m]\n":           delays(30*time.Second, 2*time.Minute),
		"confirm: 30s\n":                 delays(30 * time.Second),
		"confirm: []\nper-ip: 3\n":       {},
		"confirm: \"1s, 2s\"\nper-ip: 3": delays(time.Second, 2*time.Second),
	} {
		s, err := readText(t, text)
		if err != nil || s.Confirm.text != want.text || s.Confirm.Fails != want.Fails || len(s.Confirm.Delays) != len(want.Delays) {
			t.Errorf("%q: %+v, %v", text, s.Confirm, err)
		}
		var again confirmation
		if err := again.Set(s.Confirm.String()); err != nil || again.text != want.text {
			t.Errorf("%q: its text %q reads as %+v, %v", text, s.Confirm.String(), again, err)
		}
	}
	gov := presetOf("gov")
	if week := time.Duration(len(gov.Delays)) * gov.Delays[0]; len(gov.Delays) != 140 || gov.Fails != 7 || week != 7*24*time.Hour {
		t.Errorf("gov is %d looks in %v, %d failures", len(gov.Delays), week, gov.Fails)
	}
	s := defaults()
	s.Confirm, s.Timeout = gov, 5*time.Second
	if err := s.check(); err == nil || !strings.Contains(err.Error(), "15s") {
		t.Errorf("gov with a time-out of 5 s: %v", err)
	}
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string]string{
		"networks: [{net: 203.0.113.0/24, name: cdn, per-ip: 20, per-ip-rate: 50, lane: address}, {net: '2001:db8::/32'}]\n": "",
		"networks: [{net: 203.0.113.0}]\n":                             "give a network",
		"networks: [{net: 203.0.113.0/24, lane: host}]\n":              "say network",
		"networks: [{net: 203.0.113.0/24, per-ip: -1}]\n":              "0 (no limit)",
		"networks: [{net: 203.0.113.0/24}, {net: 203.0.113.128/25}]\n": "overlap",
		"networks: [{net: 203.0.113.0/24, per_ip: 3}]\n":               "per_ip",
	} {
		s, err := readText(t, text)
		if err == nil {
			_, err = s.gate()
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestBadConfig(t *testing.T) {
	for text, want := range map[string]string{
		"per_ip: 7\n":            "per_ip",
		"per-ip: many\n":         "per-ip",
		"confirm: weekly\n":      "quick, nightly or gov",
		"confirm: [1s, -2s]\n":   "quick, nightly or gov",
		"confirm: {a: b}\n":      "quick, nightly or gov",
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
