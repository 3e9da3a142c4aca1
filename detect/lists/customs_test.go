package lists

import (
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/region"
)

func TestDefaultLists(t *testing.T) {
	customs := DefaultCustoms()
	if len(customs) != 31 {
		t.Errorf("the table has %d provinces, want 31", len(customs))
	}
	for _, province := range region.All() {
		if _, ok := customs[province]; !ok {
			t.Errorf("the table lacks %s", province.Name())
		}
	}
	for i, word := range DefaultNameWords().words {
		if word == "" {
			t.Errorf("word %d of the site names is empty", i)
		}
	}
}

func TestListsOfUsers(t *testing.T) {
	for text, want := range map[string]string{
		"沪 permit":           "line 1",
		"\n火星 - -":           "line 2",
		"沪 maybe -":          "persons",
		"沪 - yes":            "phones",
		"\ufeff沪 - local\n":  "",
		"# nothing at all\n": "",
	} {
		if _, err := ReadCustoms(strings.NewReader(text)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("customs %q: error %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{"论坛": "line 1", "[words]\n": "no group", "[head]\n\xff\n": "UTF-8", "[head]\n某某\n": ""} {
		if _, err := ReadNameWords(strings.NewReader(text)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("words %q: error %v, want %q", text, err, want)
		}
	}
}

func FuzzListsOfUsers(f *testing.F) {
	f.Add("沪 permit local\n[head]\n中国 # remark\n")
	f.Fuzz(func(t *testing.T, text string) {
		ReadCustoms(strings.NewReader(text)) //nolint:errcheck // it must not panic
		if w, err := ReadNameWords(strings.NewReader(text)); err == nil {
			w.In("中国某某论坛")
		}
	})
}
