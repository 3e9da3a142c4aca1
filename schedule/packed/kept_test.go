package packed

import (
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestJudgedOfKept: a page that kept its outcomes was judged by no policy, and its evidence is
// written all the same.
func TestJudgedOfKept(t *testing.T) {
	c := &detect.Case{Target: &crawler.Target{Domain: "a.cn"}, Obs: &crawler.Observation{}}
	data, err := Judged(c)
	if err != nil {
		t.Fatal(err)
	}
	policy := detect.DefaultPolicy()
	in, err := ReadJudged(data, c.Obs, policy)
	if err != nil || in.Target.Domain != "a.cn" || in.Policy == nil || in.Policy.Looks != policy.Looks || in.Policy.Fails != policy.Fails {
		t.Errorf("%+v, %v", in, err)
	}
}
