package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
	"golang.org/x/mod/modfile"

	"github.com/beianwatch/beianwatch/cmd/settings"
)

// A container is what compose.yaml and docs/kubernetes.yaml say of one.
type container struct {
	name    string
	image   string
	command []string
	mounts  []string // "VOLUME:PATH"
	volumes []string // that may be named in mounts
}

// composed reads compose.yaml.
func composed(t *testing.T) (list []container) {
	t.Helper()
	var file struct {
		Services map[string]struct {
			Image     string
			Command   []string
			Volumes   []string
			DependsOn map[string]any `yaml:"depends_on"`
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal(packaged(t, "compose.yaml"), &file); err != nil {
		t.Fatal(yaml.FormatError(err, false, true))
	}
	for name, s := range file.Services {
		c := container{name: name, image: s.Image, command: s.Command, mounts: s.Volumes, volumes: []string{"./config"}}
		for v := range file.Volumes {
			c.volumes = append(c.volumes, v)
		}
		for on := range s.DependsOn {
			if _, there := file.Services[on]; !there {
				t.Errorf("%s depends on %s, which is not there", name, on)
			}
		}
		list = append(list, c)
	}
	return list
}

// A manifest is what we read of a Kubernetes object.
type manifest struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Data     map[string]string
	Spec     struct {
		Selector struct {
			MatchLabels map[string]string `yaml:"matchLabels"`
		}
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				Containers []struct {
					Image        string
					Args         []string
					VolumeMounts []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
				Volumes []struct{ Name string }
			}
		}
		VolumeClaimTemplates []manifest `yaml:"volumeClaimTemplates"`
	}
}

// manifests reads docs/kubernetes.yaml.
func manifests(t *testing.T) (list []manifest) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(packaged(t, "docs/kubernetes.yaml")))
	for {
		var m manifest
		err := d.Decode(&m)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(yaml.FormatError(err, false, true))
		}
		list = append(list, m)
	}
}

// orchestrated are the containers of docs/kubernetes.yaml.
func orchestrated(t *testing.T) (list []container) {
	t.Helper()
	for _, m := range manifests(t) {
		pod := m.Spec.Template
		for _, c := range pod.Spec.Containers {
			one := container{name: m.Metadata.Name, image: c.Image, command: c.Args}
			for _, mount := range c.VolumeMounts {
				one.mounts = append(one.mounts, mount.Name+":"+mount.MountPath)
			}
			for _, v := range pod.Spec.Volumes {
				one.volumes = append(one.volumes, v.Name)
			}
			for _, v := range m.Spec.VolumeClaimTemplates {
				one.volumes = append(one.volumes, v.Metadata.Name)
			}
			list = append(list, one)
			if fmt.Sprint(m.Spec.Selector.MatchLabels) != fmt.Sprint(pod.Metadata.Labels) {
				t.Errorf("%s selects %v, but its pods are %v", m.Metadata.Name, m.Spec.Selector.MatchLabels, pod.Metadata.Labels)
			}
		}
		if m.Kind != "Namespace" && m.Metadata.Namespace != "beianwatch" {
			t.Errorf("%s %s is in no namespace", m.Kind, m.Metadata.Name)
		}
	}
	return list
}

func packaged(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestPackagingCalls parses every call of the program in the packaging files
// as the program would, and holds them to the roles that they are to have.
func TestPackagingCalls(t *testing.T) {
	want := map[string]string{"compose.yaml": "[renderer scheduler web worker]", "docs/kubernetes.yaml": "[scheduler web worker]"}
	for file, containers := range map[string][]container{"compose.yaml": composed(t), "docs/kubernetes.yaml": orchestrated(t)} {
		var roles []string
		for _, c := range containers {
			for _, m := range c.mounts {
				if volume, _, _ := strings.Cut(m, ":"); !slices.Contains(c.volumes, volume) {
					t.Errorf("%s: %s mounts %s, but there is no such volume in %v", file, c.name, m, c.volumes)
				}
			}
			if c.image == "beianwatch" {
				roles = append(roles, c.called(t, file)...)
			}
		}
		slices.Sort(roles)
		if fmt.Sprint(roles) != want[file] {
			t.Errorf("%s has the roles %v", file, roles)
		}
	}
}

// called parses the container's command and gives its roles. Each path that it
// names must be in a volume.
func (c container) called(t *testing.T, file string) []string {
	t.Helper()
	p := &program{Settings: settings.Defaults()}
	cmd, rest, err := p.command().Find(c.command)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err != nil || cmd.Name() != "serve" || cmd.Flags().NArg() > 0 {
		t.Errorf("%s: %s: %v: %v", file, c.name, c.command, err)
		return nil
	}
	if err := p.Check(); err != nil {
		t.Errorf("%s: %s: %v", file, c.name, err)
	}
	for _, path := range []string{p.configPath, p.Dir, p.Out} {
		if path != "" && !slices.ContainsFunc(c.mounts, func(m string) bool { return strings.HasPrefix(path, strings.SplitN(m, ":", 3)[1]) }) {
			t.Errorf("%s: %s keeps %s outside its volumes", file, c.name, path)
		}
	}
	roles, err := cmd.Flags().GetStringSlice("role")
	if err != nil {
		t.Errorf("%s: %s: %v", file, c.name, err)
	}
	return roles
}

// TestPackagedConfig reads the config of the Kubernetes example as strictly as
// the program does.
func TestPackagedConfig(t *testing.T) {
	read := 0
	for _, m := range manifests(t) {
		text, ok := m.Data["beianwatch.yaml"]
		if m.Kind != "ConfigMap" || !ok {
			continue
		}
		s := settings.Defaults()
		path := filepath.Join(t.TempDir(), "beianwatch.yaml")
		err := os.WriteFile(path, []byte(text), 0o600)
		if err == nil {
			err = s.ReadConfig(path, pflag.NewFlagSet("", pflag.ContinueOnError))
		}
		if err == nil {
			err = s.Check()
		}
		if err != nil || s.DataDir() != "/data" || len(s.Calendar) != 1 {
			t.Errorf("%v: %+v", err, s)
		}
		read++
	}
	if read != 1 {
		t.Errorf("read %d configs", read)
	}
}

// TestContainerfile holds the image to the module: its Go is no older than
// go.mod asks for.
func TestContainerfile(t *testing.T) {
	text := packaged(t, "Containerfile")
	image := regexp.MustCompile(`golang:(\d+\.\d+)`).FindSubmatch(text)
	mod, err := modfile.Parse("go.mod", packaged(t, "go.mod"), nil)
	if err != nil || image == nil {
		t.Fatal(err, image)
	}
	if want := strings.Join(strings.SplitN(mod.Go.Version, ".", 3)[:2], "."); string(image[1]) != want {
		t.Errorf("built with Go %s, go.mod asks for %s", image[1], want)
	}
	for _, line := range []string{"CGO_ENABLED=0 go build", "./cmd/beianwatch", "main.version="} {
		if !bytes.Contains(text, []byte(line)) {
			t.Errorf("no %q", line)
		}
	}
}
