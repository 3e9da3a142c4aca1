package number

import (
	"slices"
	"strings"
	"testing"
)

// TestLongScripts: a bundle of which only parts are read holds the numbers that its parts
// hold, however they are written and wherever they stand.
func TestLongScripts(t *testing.T) {
	filler := strings.Repeat(`function e(t,n){return n.c(t)?"<div class=\"x\">青禾</div>":null};`, 400) // 27 kB
	numbers := []string{
		`t("备案号：京ICP备20031415号-1")`,
		`"\u4eacICP\u590720031417\u53f7-2"`,
		`h("<b>粤<i>ICP</i>备<span style='` + strings.Repeat("m", 300) + `'>20031418</span>号</b>")`,
		`"IPC","ICP","icp"`,
	}
	read := func(parts ...string) (list []string) {
		for _, n := range shown("<p>青禾灌溉</p><script>" + strings.Join(parts, ";") + "</script>").ICP {
			list = append(list, n.Number+" "+n.Raw)
		}
		slices.Sort(list)
		return list
	}
	want := read(numbers...)
	if len(want) != 3 {
		t.Fatalf("numbers %q", want)
	}
	for name, parts := range map[string][]string{
		"behind one another": append([]string{filler}, numbers...),
		"far from each":      {numbers[0], filler, numbers[1], filler, numbers[2], filler, numbers[3]},
		"at the end":         {filler, numbers[3], filler, numbers[2], numbers[1], numbers[0]},
		"among many letters": {filler, strings.Repeat(`"ICP";`, 2*maxLettered), numbers[2], filler, numbers[1], numbers[0]},
	} {
		if got := read(parts...); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
