package web

import (
	"net/http"
	"net/url"
	"testing"
)

// FuzzCookies: whatever a site sets goes into the jar of its visit and back to no
// other site.
func FuzzCookies(f *testing.F) {
	f.Add("a=b; Path=/; Domain=a.cn")
	f.Add("a=b; Domain=cn")
	f.Add("a=b; Domain=.com.cn; Max-Age=-1")
	f.Add("__Host-a=\x00\x1b[31m; Expires=Thu, 01 Jan 2099 00:00:00 GMT")
	f.Add("=; ; ;domain=b.cn")
	own, other := &url.URL{Scheme: "http", Host: "www.a.cn", Path: "/"}, &url.URL{Scheme: "http", Host: "b.cn", Path: "/"}
	f.Fuzz(func(t *testing.T, line string) {
		j := &jar{}
		j.SetCookies(own, (&http.Response{Header: http.Header{"Set-Cookie": {line}}}).Cookies())
		before := j.changes()
		j.SetCookies(own, (&http.Response{Header: http.Header{"Set-Cookie": {line}}}).Cookies())
		if j.changes() != before {
			t.Errorf("%q: the same cookie counts as a change", line)
		}
		if got := j.Cookies(other); len(got) > 0 {
			t.Errorf("%q: another site is sent %v", line, got)
		}
	})
}
