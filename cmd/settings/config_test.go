package settings

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/schedule"
)

func readText(t testing.TB, text string) (Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Defaults()
	return s, s.readFile(path)
}

func TestConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	text := "per-ip: 7\nconfirm: [1s, 2m]\nvantage: {name: east, mainland: true}\nsuffix: {粤: any}\nfingerprints:\n  - {name: ours, kind: parked, title: [此名待租]}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Defaults()
	if err := s.readFile(path); err != nil {
		t.Fatal(err)
	}
	if s.PerIP != 7 || len(s.Confirm.Delays) != 2 || s.Confirm.Delays[1] != 2*time.Minute || !s.Vantage.Mainland || s.Suffix["粤"] != "any" || len(s.Fingerprints) != 1 {
		t.Errorf("read %+v", s)
	}
	if s.PerIPRate != Defaults().PerIPRate {
		t.Errorf("a key that is not there changed the default to %v", s.PerIPRate)
	}
}

func TestConfirm(t *testing.T) {
	for text, want := range map[string]Confirmation{
		"confirm: gov\n":                 Preset("gov"),
		"confirm: [30s, 2m]\n":           Delays(30*time.Second, 2*time.Minute),
		"confirm: 30s\n":                 Delays(30 * time.Second),
		"confirm: []\nper-ip: 3\n":       {},
		"confirm: \"1s, 2s\"\nper-ip: 3": Delays(time.Second, 2*time.Second),
	} {
		s, err := readText(t, text)
		if err != nil || s.Confirm.text != want.text || s.Confirm.Fails != want.Fails || len(s.Confirm.Delays) != len(want.Delays) {
			t.Errorf("%q: %+v, %v", text, s.Confirm, err)
		}
		var again Confirmation
		if err := again.Set(s.Confirm.String()); err != nil || again.text != want.text {
			t.Errorf("%q: its text %q reads as %+v, %v", text, s.Confirm.String(), again, err)
		}
	}
	gov := Preset("gov")
	if week := time.Duration(len(gov.Delays)) * gov.Delays[0]; len(gov.Delays) != 140 || gov.Fails != 7 || week != 7*24*time.Hour {
		t.Errorf("gov is %d looks in %v, %d failures", len(gov.Delays), week, gov.Fails)
	}
	s := Defaults()
	s.Confirm, s.Timeout = gov, 5*time.Second
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "15s") {
		t.Errorf("gov with a time-out of 5 s: %v", err)
	}
}

// TestBudget: the budget of drawing is a time or a number of pages.
func TestBudget(t *testing.T) {
	for text, want := range map[string]schedule.RenderOptions{
		"4h": {Budget: 4 * time.Hour}, "2000p": {Pages: 2000}, "0": {}, `"1h30m"`: {Budget: 90 * time.Minute}, "": {},
	} {
		s, err := readText(t, "render-budget: "+text+"\n")
		if err != nil || s.RenderBudget.RenderOptions != want {
			t.Errorf("%q: %+v, %v", text, s.RenderBudget, err)
		}
	}
	for _, text := range []string{"200", "p", "-3p", "0p", "-1h", "2h3p", "99999999999999999999p", "1e3p"} {
		var b Budget
		if err := b.Set(text); err == nil {
			t.Errorf("%q reads as %+v", text, b)
		}
	}
	s := Defaults()
	s.RenderBudget.Set("7p")
	if s.Fill(Usual{Drawing: time.Hour}); s.RenderBudget.Budget != 0 || s.RenderBudget.Pages != 7 {
		t.Errorf("filled: %+v", s.RenderBudget)
	}
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string]string{
		"networks: [{net: 203.0.113.0/24, name: cdn, per-ip: 20, per-ip-rate: 50, lane: address}, {net: '2001:db8::/32'}]\n": "",
		"networks: [{net: 203.0.113.0}]\n":                             "give a network",
		"networks: [{net: 203.0.113.0/24, lane: host}]\n":              "must be network",
		"networks: [{net: 203.0.113.0/24, per-ip: -1}]\n":              "0 (no limit)",
		"networks: [{net: 203.0.113.0/24}, {net: 203.0.113.128/25}]\n": "overlap",
		"networks: [{net: 203.0.113.0/24, per_ip: 3}]\n":               "per_ip",
	} {
		s, err := readText(t, text)
		if err == nil {
			s.Fill(Usual{PerIP: 2})
			_, err = s.Gate()
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
		s := Defaults()
		_ = decode([]byte(text), &s) // any answer but a panic
		var file map[string]any
		_ = decodeMap([]byte(text), &file)
	})
}

// TestNoPasswordInErrors: the excerpt of a wrong line shows its neighbours too.
func TestNoPasswordInErrors(t *testing.T) {
	for _, text := range []string{"db: postgres://user:Secret1@host/db\nper_ip: 1\n", "db: [postgresql://user:Sec@ret:Secret1@host/db\n"} {
		if _, err := readText(t, text); err == nil || strings.Contains(err.Error(), "Secret1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestDataDir(t *testing.T) {
	for _, c := range []struct{ db, dir, want string }{
		{"a/b/results.db", "", "a/b"},
		{"file:a/b/results.db", "", "a/b"},
		{"a/b/results.db", "c", "c"},
		{"postgres://h/d", "", "beianwatch-data"},
		{"postgres://h/d", "c", "c"},
	} {
		if got := (&Settings{DB: c.db, Dir: c.dir}).DataDir(); filepath.ToSlash(got) != c.want {
			t.Errorf("%+v gives %s", c, got)
		}
	}
}

// TestFlagsOverrideFile: the config file is read into the settings that the
// flags are bound to; what was given on the command line stays.
func TestFlagsOverrideFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	text := "per-ip: 7\ntimeout: 9s\nresolver: ['192.0.2.1:53', '192.0.2.2:53']\nconfirm: gov\ncontrol: [a.cn]\nwhois: true\nfail-on: notice\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Defaults()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	s.BindShared(flags)
	s.BindVisit(flags)
	s.BindFailOn(flags)
	if err := flags.Parse([]string{"--per-ip", "3", "--resolver", "192.0.2.9:53", "--confirm", "1s,2s", "--whois=false"}); err != nil {
		t.Fatal(err)
	}
	if err := s.ReadConfig(path, flags); err != nil {
		t.Fatal(err)
	}
	if s.PerIP != 3 || !slices.Equal(s.Resolvers, []string{"192.0.2.9:53"}) || s.Confirm.Text() != "1s,2s" || s.Confirm.Fails != 0 || s.WHOIS {
		t.Errorf("the file overrides flags: %+v", s)
	}
	s.Fill(Usual{Confirm: Preset("quick"), Timeout: time.Second, Pages: 2})
	if s.Timeout != 9*time.Second || !slices.Equal(s.Controls, []string{"a.cn"}) || s.FailOn != "notice" || s.Confirm.Text() != "1s,2s" || s.Pages != 2 {
		t.Errorf("what no flag gave is not the file's, or what nobody gave not as usual: %+v", s)
	}
}
