package html

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// TestListing reads the list back as the script does: the gravest first, words by
// their places, pages by their folders.
func TestListing(t *testing.T) {
	l, err := newListing(t.TempDir(), sampleHTML("zh").Rules)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	clean := &reports.Record{Domain: "xn--fsq092h.xn--fiqs8s", Liveness: detect.Serving, Outcomes: []detect.Outcome{{Rule: "footer-number-missing", Verdict: detect.Pass}}}
	unseen := &reports.Record{Domain: "b.example", Liveness: detect.Unseen, Outcomes: []detect.Outcome{{Rule: "footer-number-missing", Verdict: detect.Unknown, Reason: detect.ReasonNotSeen}}}
	found := reporttest.Record()
	found.Detail.Team = "市场部"
	for _, one := range []struct {
		record *reports.Record
		page   string
	}{{clean, ""}, {unseen, ""}, {found, "domains/3f/www.example.cn.html"}} {
		if err := l.add(one.record, one.page); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := l.write(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Owners, Places, Whys, Rules []any
		IDs, Reasons                []string
		Rows                        [][]any
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, b.Bytes())
	}
	if len(got.Rows) != 3 || got.Rows[0][0] != "www.example.cn" || got.Rows[1][0] != "b.example" || got.Rows[2][0] != clean.Domain {
		t.Fatalf("rows %v", got.Rows)
	}
	at := func(row, column int) int { return int(got.Rows[row][column].(float64)) }
	owner, ok := got.Owners[at(0, 2)].([]any)
	if !ok || owner[0] != "门户组（市场部）" || owner[1] != "门户组 (市场部)" {
		t.Errorf("owner %v", got.Owners[at(0, 2)])
	}
	if place, ok := got.Places[at(0, 3)].([]any); !ok || place[0] != "北京" {
		t.Errorf("province %v", got.Places[at(0, 3)])
	}
	rules := got.Rows[0][5].([]any)
	if len(rules) != 3 || got.IDs[int(rules[0].(float64))/4] != "footer-link-missing" || int(rules[0].(float64))%4 != 3 {
		t.Errorf("rules %v of %v", rules, got.IDs)
	}
	if got.Rows[0][6] != "3f/" || got.Rows[1][6] != "" || got.Rows[2][7] == "" {
		t.Errorf("pages and names of %v", got.Rows)
	}
	if got.Reasons[at(1, 4)] != string(detect.ReasonNotSeen) || at(0, 4) != 0 {
		t.Errorf("reasons %v of %v", got.Reasons, got.Rows)
	}
}
