package settings

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestConfigKeys: what a config may hold and no flag sets is told in both
// manuals.
func TestConfigKeys(t *testing.T) {
	s := Defaults()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	s.BindShared(flags)
	s.BindVisit(flags)
	s.BindRead(flags)
	s.BindKeep(flags)
	s.BindDocuments(flags)
	s.BindFailOn(flags)
	s.BindServe(flags)
	for _, manual := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile("../../" + manual)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys(reflect.TypeFor[Settings]()) {
			if flags.Lookup(key) == nil && !strings.Contains(string(text), key) {
				t.Errorf("%s does not tell of %s", manual, key)
			}
		}
	}
}

// keys are the YAML keys of the settings.
func keys(of reflect.Type) (out []string) {
	for i := range of.NumField() {
		f := of.Field(i)
		switch name, rest, _ := strings.Cut(f.Tag.Get("yaml"), ","); {
		case rest == "inline":
			out = append(out, keys(f.Type)...)
		case name != "" && name != "-":
			out = append(out, name)
		}
	}
	return out
}
