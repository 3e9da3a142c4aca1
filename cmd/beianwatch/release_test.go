package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/cmd/settings"
)

// parsedCall parses a call of the program as the program would.
func parsedCall(t *testing.T, where, line string) *program {
	t.Helper()
	p := &program{Settings: settings.Defaults()}
	words := strings.Fields(line)
	cmd, rest, err := p.command().Find(words)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil && cmd.Args != nil {
		err = cmd.Args(cmd, cmd.Flags().Args())
	}
	if err != nil || cmd.Name() == "beianwatch" {
		t.Errorf("%s: beianwatch %s: %v", where, line, err)
	}
	return p
}

// TestUnit parses the calls of the systemd unit, and reads the config that comes with
// it as strictly as the program does: what it writes must be below the folder that
// the unit may write.
func TestUnit(t *testing.T) {
	const unit = "packaging/systemd/beianwatch.service"
	text := string(packaged(t, unit))
	calls := regexp.MustCompile(`(?m)^Exec\w+=/usr/bin/beianwatch (.+)$`).FindAllStringSubmatch(text, -1)
	if len(calls) != 2 {
		t.Fatalf("%d calls", len(calls))
	}
	for _, c := range calls {
		parsedCall(t, unit, c[1])
		if !strings.Contains(c[1], "/etc/beianwatch/beianwatch.yaml") {
			t.Errorf("%s does not read the config", c[1])
		}
	}
	s := settings.Defaults()
	if err := s.ReadConfig(filepath.Join(top, "packaging/deb/beianwatch.yaml"), pflag.NewFlagSet("", pflag.ContinueOnError)); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
	const state = "/var/lib/beianwatch"
	if !strings.Contains(text, "\nStateDirectory=beianwatch\n") || s.DataDir() != state || !strings.HasPrefix(s.Out, state+"/") {
		t.Errorf("data %s, reports %s", s.DataDir(), s.Out)
	}
}

// TestRelease holds .goreleaser.yaml to what is there: files, scripts and calls.
func TestRelease(t *testing.T) {
	var file struct {
		Before struct{ Hooks []string }
		Builds []struct {
			Main    string
			Env     []string
			Ldflags []string
		}
		Nfpms []struct {
			Scripts  map[string]string
			Contents []struct{ Src, Dst string }
		}
	}
	if err := yaml.Unmarshal(packaged(t, ".goreleaser.yaml"), &file); err != nil {
		t.Fatal(yaml.FormatError(err, false, true))
	}
	var paths []string
	made := ""
	for _, hook := range file.Before.Hooks {
		made += hook + "\n"
		if _, call, ok := strings.Cut(hook, "go run ./cmd/beianwatch "); ok {
			call, _, _ = strings.Cut(call, " >")
			parsedCall(t, ".goreleaser.yaml", call)
		}
	}
	for _, b := range file.Builds {
		paths = append(paths, b.Main)
		if len(b.Env) != 1 || b.Env[0] != "CGO_ENABLED=0" || !strings.Contains(strings.Join(b.Ldflags, " "), "-X main.version=") {
			t.Errorf("%+v", b)
		}
	}
	for _, n := range file.Nfpms {
		for _, script := range n.Scripts {
			paths = append(paths, script)
		}
		for _, c := range n.Contents {
			if strings.HasPrefix(c.Src, ".release/") {
				if dir := strings.TrimSuffix(c.Src, "/*.1"); !strings.Contains(made, dir) {
					t.Errorf("nothing makes %s", c.Src)
				}
				continue
			}
			paths = append(paths, c.Src)
		}
	}
	if len(paths) < 6 {
		t.Fatalf("read only %q", paths)
	}
	for _, path := range paths {
		if _, err := os.Stat(filepath.Join(top, path)); err != nil {
			t.Error(err)
		}
	}
}
