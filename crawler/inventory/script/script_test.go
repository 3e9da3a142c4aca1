package script

import "testing"

func TestSimplify(t *testing.T) {
	for s, want := range map[string]string{"網站備案號": "网站备案号", "已註銷": "已注销", "网站abc": "网站abc", "": ""} {
		if got := Simplify(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}
