package lists

import (
	"strings"
	"testing"
)

func TestHarmlessScripts(t *testing.T) {
	h := DefaultHarmlessScripts()
	for address, want := range map[string]bool{
		"https://hm.baidu.com/hm.js?abc": true, "//s4.cnzz.com/z_stat.php?id=1": true, "HTTPS://HM.BAIDU.COM/hm.js": true, "https://www.googletagmanager.com/gtag/js?id=1": true,
		"https://www.googletagmanager.com/gtm.js?id=1": false, "https://evil-cnzz.com/x.js": false, "https://hm.baidu.com.a.cn/": false, "https://a.cn/?hm.baidu.com": false,
		"/js/jquery.js": false, "https://cdn.bootcdn.net/jquery.js": false, "data:text/javascript,1": false, "": false,
	} {
		if got := h.Match(address); got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
	for _, bad := range []string{"localhost", "https://hm.baidu.com", "a.cn b.cn", "*.*"} {
		if _, err := ReadHarmlessScripts(strings.NewReader("hm.baidu.com\n" + bad)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzHarmlessScripts(f *testing.F) {
	f.Add("*.cnzz.com/z # counter", "https://s4.cnzz.com/z_stat.php")
	f.Fuzz(func(t *testing.T, table, address string) {
		if h, err := ReadHarmlessScripts(strings.NewReader(table)); err == nil {
			h.Match(address)
		}
	})
}
