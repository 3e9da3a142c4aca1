package register

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

func TestThreeStates(t *testing.T) {
	s := newStandIn(t, site{"example.cn", "鲁ICP备19034567号-2", "青禾灌溉设备有限公司"})
	b := open(t, Options{}, s.config())
	f := filing(t, b, "example.cn", crawler.FilingFiled)
	if f.Number != "鲁ICP备19034567号-2" || f.Subject != "青禾灌溉设备有限公司" || f.Nature != "企业" || f.Source != "ours" || f.CheckedAt.IsZero() ||
		f.ApprovedAt.Format("2006-01-02") != "2025-10-09" || !slices.Equal(f.AlsoNumbers, []string{"鲁ICP备19034567号"}) {
		t.Errorf("%+v", f)
	}
	f = filing(t, b, "nothing.cn", crawler.FilingUnfiled)
	if f.Source != "ours" || f.CheckedAt.IsZero() || f.Number != "" {
		t.Errorf("%+v", f)
	}
}

// TestFaultsAreUnknown: every form of error that the server is known to have,
// and some of its own making, is unknown and never unfiled.
func TestFaultsAreUnknown(t *testing.T) {
	for _, fault := range []string{
		`{"code":101,"msg":"参数错误,请指定search参数"}`,
		`{"code":102,"msg":"不是支持的查询类型"}`,
		`{"code":405,"message":"不允许的查询内容"}`,
		`{"code":122,"message":"工信部服务器异常","error":"x"}`,
		`{"code":122,"message":"查询失败"}`,
		`{"code":500,"message":"当前访问已被创宇盾拦截"}`,
		`{"code":500,"message":"验证码识别失败"}`,
		`{"code":500,"message":null}`,
		`{"code":401,"message":"未登录或会话已过期"}`,
		`{"code":200,"msg":"操作成功","success":true,"params":null}`,
		`{"code":200,"msg":"操作成功","success":true,"params":{"list":null,"total":0}}`,
		`{"code":200,"msg":"操作成功","success":true,"params":{"list":[]}}`,
		`{"code":200,"msg":"操作成功","success":true,"params":{"list":[],"total":3}}`,
		`{"code":200,"msg":"操作成功","success":false,"params":{"list":[],"total":0}}`,
		`{"code":200,"params":{"list":[{"domain":"example.cn"}],"total":1}}`,
		`{"code":200,"params":{"list":["x"],"total":1}}`,
		`{"code":200,"params":{"list":[{"domain":"other.cn","serviceLicence":"鲁ICP备19034567号-2"}],"total":1}}`,
		`{"code":200,"params":{"list":[],"total":-1}}`,
		`{"code":200,"params":{"list":[],"total":1e99}}`,
		`<html>创宇盾</html>`, ` `, `null`, `[]`, `{`, `"` + strings.Repeat("x", answerMost) + `"`, strings.Repeat("[", 20_000),
	} {
		s := newStandIn(t)
		c, err := newClient(s.config(), Options{Resolve: literal})
		if err != nil {
			t.Fatal(err)
		}
		s.set(func() { s.fault = fault })
		f, err := c.Lookup(context.Background(), "example.cn")
		if err != nil || f.Status != crawler.FilingUnknown || f.Reason == "" || len(f.Reason) > 200 {
			t.Errorf("%.60s: %s (%s), %v; want unknown", fault, f.Status, f.Reason, err)
		}
		a, err := c.Number(context.Background(), "鲁ICP备19034567号")
		if err != nil || a.Whole && len(a.Domains) > 0 && a.Domains[0] != "other.cn" || a.Reason == "" && !strings.Contains(fault, "other.cn") {
			t.Errorf("%.60s: %+v, %v", fault, a, err)
		}
		c.http.CloseIdleConnections()
	}
}

func TestLogin(t *testing.T) {
	s := newStandIn(t)
	s.token = "secret"
	cfg := s.config()
	if f := filing(t, open(t, Options{}, cfg), "nothing.cn", crawler.FilingUnknown); !strings.Contains(f.Reason, "log-in") {
		t.Errorf("reason %q", f.Reason)
	}
	t.Setenv("ICP_TOKEN", "secret")
	cfg.Headers = map[string]string{"Authorization": "Bearer ${ICP_TOKEN}"}
	filing(t, open(t, Options{}, cfg), "nothing.cn", crawler.FilingUnfiled)
}

// TestNumbers: what is filed under a number is read over all pages, and told
// whole only then.
func TestNumbers(t *testing.T) {
	var sites []site
	for i := range 60 {
		sites = append(sites, site{fmt.Sprintf("site%d.cn", i), fmt.Sprintf("鲁ICP备19034567号-%d", i%9+1), "青禾灌溉设备有限公司"})
	}
	s := newStandIn(t, sites...)
	b := open(t, Options{}, s.config())
	a := b.Number(context.Background(), "鲁ICP备19034567号")
	if a.Reason != "" || !a.Whole || len(a.Domains) != 60 || a.Subject != "青禾灌溉设备有限公司" || a.Source != "ours" || a.At.IsZero() {
		t.Errorf("%d domains, %+v", len(a.Domains), a)
	}
	if a := b.Number(context.Background(), "鲁ICP备99999999号"); a.Reason != "" || len(a.Domains) != 0 {
		t.Errorf("a number that nobody has: %+v", a)
	}
	s.set(func() {
		s.sites = append(s.sites, site{"stranger.cn", "鲁ICP备19034567号-1", "白水网络科技有限公司"})
	})
	b = open(t, Options{}, s.config())
	if a := b.Number(context.Background(), "鲁ICP备19034567号"); a.Whole {
		t.Error("a number under which two subjects are listed is told whole")
	}
}

func TestConfigErrors(t *testing.T) {
	good := Config{Name: "ours", Kind: KindQuery, URL: "http://127.0.0.1:16181", Controls: Controls{"a.cn", "b.cn"}}
	for want, change := range map[string]func(*Config){
		"a name of its own": func(c *Config) { c.Name = "inventory" },
		"icp-query or http": func(c *Config) { c.Kind = "ftp" },
		"{domain}":          func(c *Config) { c.Kind = KindHTTP },
		"no URL":            func(c *Config) { c.URL = "127.0.0.1:16181" },
		"controls":          func(c *Config) { c.Controls.Unfiled = "" },
		"allow-net":         func(c *Config) { c.AllowNet = []string{"10/8"} },
		"NO_SUCH_VARIABLE":  func(c *Config) { c.Headers = map[string]string{"Cookie": "x=${NO_SUCH_VARIABLE}"} },
		"{number}":          func(c *Config) { c.Number = "http://x/" },
		"FIELD=VALUE":       func(c *Config) { c.Answer.OK = []string{"code"} },
		"is none of":        func(c *Config) { c.Answer.Fields = map[string][]string{"phone": nil} },
		"0 (the default)":   func(c *Config) { c.Batch = -1 },
	} {
		cfg := good
		change(&cfg)
		b, err := Open([]Config{cfg}, Options{Resolve: literal})
		if err == nil {
			b.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want it to say %q", err, want)
		}
	}
	if _, err := Open([]Config{good, good}, Options{Resolve: literal}); err == nil || !strings.Contains(err.Error(), "taken") {
		t.Errorf("two of one name: %v", err)
	}
}

// TestPrivateNetworks: a register on a private address is asked only if its
// config allows that.
func TestPrivateNetworks(t *testing.T) {
	s := newStandIn(t)
	cfg := s.config()
	cfg.AllowNet = nil
	filing(t, open(t, Options{}, cfg), "nothing.cn", crawler.FilingUnknown)
	if q := s.questions(); len(q) != 0 {
		t.Errorf("asked %q", q)
	}
}
