package settings

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestConfigKeys: what a config may hold and no flag sets is told in the manual
// of both languages.
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
	for _, manual := range []string{".md", ".zh-CN.md"} {
		var text []byte
		for _, page := range []string{"configuration", "machines", "registers", "fingerprints", "notifications", "inventory", "witness"} {
			one, err := os.ReadFile("../../docs/" + page + manual)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, one...)
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
