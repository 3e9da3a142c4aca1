package settings

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// TestConfigKeys: what a config may hold and no flag sets is told in the manual
// of both languages.
func TestConfigKeys(t *testing.T) {
	s := Defaults()
	flags := s.Flags()
	for _, manual := range []string{".md", ".zh-CN.md"} {
		var text []byte
		for _, page := range []string{"configuration", "machines", "registers", "fingerprints", "notifications", "inventory", "witness"} {
			one, err := os.ReadFile("../../docs/" + page + manual)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, one...)
		}
		for _, key := range Keys() {
			if flags.Lookup(key) == nil && !strings.Contains(string(text), key) {
				t.Errorf("%s does not tell of %s", manual, key)
			}
		}
	}
}

// TestEveryFlagIsAKey: every flag of the settings can stand in the config file,
// and every key is described in both languages.
func TestEveryFlagIsAKey(t *testing.T) {
	s := Defaults()
	s.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(Keys(), f.Name) {
			t.Errorf("--%s is no key of the config file", f.Name)
		}
	})
	zh, en := ConfigKeys("zh"), ConfigKeys("en")
	for i, k := range zh {
		if k.Text == "" || en[i].Text == "" || k.Text == en[i].Text {
			t.Errorf("%s is not described in both languages: %q, %q", k.Name, k.Text, en[i].Text)
		}
		if k.Default == "" && k.Example == "" && s.Flags().Lookup(k.Name) == nil {
			t.Errorf("%s has neither a default nor an example", k.Name)
		}
	}
}

// TestTemplate: the file to begin with is read as it is, and with every key set,
// and then with a key of each.
func TestTemplate(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		text := Template(lang)
		if s, err := readText(t, text); err != nil || s.Lang != Defaults().Lang || s.DB != Defaults().DB {
			t.Errorf("%s: as it is: %v, %+v", lang, err, s)
		}
		var set strings.Builder
		for line := range strings.SplitSeq(text, "\n") {
			if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "# ") {
				set.WriteString(line[1:] + "\n")
			} else if strings.HasPrefix(line, "#  ") { // a further line of a value
				set.WriteString(line[1:] + "\n")
			}
		}
		s, err := readText(t, set.String())
		if err != nil {
			t.Fatalf("%s: with every key: %v\n%s", lang, err, set.String())
		}
		if s.Lang == "" || len(s.Calendar) != 1 || len(s.Notify.Channels) != 1 || !s.Vantage.Mainland || s.Keep != 30 {
			t.Errorf("%s: read %+v", lang, s)
		}
		for _, k := range ConfigKeys(lang) {
			if !strings.Contains(text, "\n#"+k.Name+":") {
				t.Errorf("%s: the template has no %s", lang, k.Name)
			}
		}
	}
}

// TestSchema: the schema is JSON, knows every key and no other.
func TestSchema(t *testing.T) {
	data, err := Schema("zh")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Schema     string `json:"$schema"`
		Additional *bool  `json:"additionalProperties"`
		Properties map[string]struct {
			Type        string `json:"type"`
			Description string `json:"description"`
			Items       struct {
				Properties map[string]any `json:"properties"`
			} `json:"items"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Schema != SchemaDraft || schema.Additional == nil || *schema.Additional {
		t.Errorf("head of the schema: %s, %v", schema.Schema, schema.Additional)
	}
	for _, k := range ConfigKeys("zh") {
		if p, ok := schema.Properties[k.Name]; !ok || p.Description != k.Text {
			t.Errorf("%s: %+v", k.Name, p)
		}
	}
	if got := schema.Properties["per-ip"].Type; got != "integer" {
		t.Errorf("per-ip is a %s", got)
	}
	if _, ok := schema.Properties["calendar"].Items.Properties["cron"]; !ok {
		t.Errorf("calendar has no cron: %+v", schema.Properties["calendar"])
	}
}

// TestVantage: a name alone, name and mainland, and the flag's name.
func TestVantage(t *testing.T) {
	for text, want := range map[string]Vantage{
		"vantage: east\n":                         {Name: "east"},
		"vantage: {name: east, mainland: true}\n": {"east", true},
		"vantage: east\nvantage-mainland: true\n": {"east", true},
	} {
		s, err := readText(t, text)
		if err != nil || s.Vantage != want {
			t.Errorf("%q: %+v, %v", text, s.Vantage, err)
		}
	}
}

// TestMistakesInWords: what is wrong with a config is told in both languages, with
// its line and what to write, and without Go's own words.
func TestMistakesInWords(t *testing.T) {
	for text, want := range map[string]string{
		"per-ip: abc\n":         "第 1 行：\"abc\" 的类型不对：应为整数",
		"lang: en\nper_ip: 3\n": "第 2 行：没有名为 \"per_ip\" 的设置：是否指 per-ip？",
		"timeout: 5\n":          "timeout：\"5\" 缺少单位：请写 5s（秒）",
		"whois: perhaps\n":      "应为true 或 false",
		"lang: en\nlang: zh\n":  "重复的键",
		"db: [a\n":              "YAML 写法有误",
		"confirm: weekly\n":     "quick、nightly",
	} {
		_, err := readText(t, text)
		said := message.Explain(err, "zh")
		if err == nil || !strings.Contains(said, want) || strings.Contains(said, "settings.") || strings.Contains(said, "unmarshal") {
			t.Errorf("%q: %s, want %s", text, said, want)
		}
	}
}

// TestNearest: what was probably meant.
func TestNearest(t *testing.T) {
	words := []string{"check", "scan", "lint", "serve", "report", "diff", "explain", "demo"}
	for typed, want := range map[string]string{"chek": "check", "chk": "check", "sacn": "scan", "repot": "report", "expl": "explain", "xyzzy": "", "": ""} {
		if got := Nearest(typed, words); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
