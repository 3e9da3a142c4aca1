package register

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// ask asks a service whose answer is fixed.
func askOnce(t *testing.T, cfg Config, serve http.HandlerFunc) (crawler.Filing, crawler.NumberAnswer) {
	t.Helper()
	s := httptest.NewServer(serve)
	defer s.Close()
	cfg.Name, cfg.Kind, cfg.AllowNet, cfg.Every, cfg.Timeout = "theirs", KindHTTP, []string{"127.0.0.1"}, time.Nanosecond, time.Second
	cfg.Controls = Controls{"a.cn", "b.cn"}
	cfg.URL, cfg.Number = s.URL+cfg.URL, s.URL+"/number?q={number}"
	c, err := newClient(cfg, Options{Resolve: literal})
	if err != nil {
		t.Fatal(err)
	}
	defer c.http.CloseIdleConnections()
	f, err := c.Lookup(context.Background(), "example.cn")
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Number(context.Background(), "鲁ICP备19034567号")
	if err != nil {
		t.Fatal(err)
	}
	return f, a
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, body) }
}

// TestServices: forms of answers that services in the world give.
func TestServices(t *testing.T) {
	const filed, unfiled, unknown = crawler.FilingFiled, crawler.FilingUnfiled, crawler.FilingUnknown
	for name, tc := range map[string]struct {
		answer Answer
		serve  http.HandlerFunc
		want   crawler.FilingStatus
	}{
		"flat, capitals":     {Answer{}, say(200, `{"code":200,"message":"successful","data":{"Domain":"example.cn","UnitName":"青禾灌溉设备有限公司","MainLicence":"鲁ICP备19034567号","ServiceLicence":"鲁ICP备19034567号-2","NatureName":"企业","UpdateRecordTime":"2025-10-09 16:00:40"}}`), filed},
		"nested":             {Answer{}, say(200, `{"subject":{"name":"青禾灌溉设备有限公司","nature":"企业","license":"鲁ICP备19034567号","updateTime":"2025/10/9"},"website":{"name":"x","domain":"www.example.cn","license":"鲁ICP备19034567号-2"}}`), filed},
		"Chinese fields":     {Answer{}, say(200, `{"result":[{"域名":"example.cn","主办单位":"青禾灌溉设备有限公司","主办单位性质":"企业","网站备案号":"鲁ICP备19034567号-2","审核日期":"2025-10-09"}]}`), filed},
		"own names":          {Answer{Fields: map[string][]string{"number": {"beian.no"}, "subject": {"who"}, "nature": {"sort"}}, Records: "rows"}, say(200, `{"rows":[{"beian":{"no":"鲁ICP备19034567号-2"},"who":"青禾灌溉设备有限公司","sort":"企业"}]}`), filed},
		"empty list":         {Answer{}, say(200, `{"code":200,"data":[]}`), unfiled},
		"404 as told":        {Answer{EmptyStatus: []int{404}}, say(404, `nothing`), unfiled},
		"code as told":       {Answer{Empty: []string{"code=404"}}, say(200, `{"code":404,"msg":"无备案"}`), unfiled},
		"404 untold":         {Answer{}, say(404, `nothing`), unknown},
		"429":                {Answer{}, say(429, ``), unknown},
		"500":                {Answer{}, say(500, `{"code":200,"data":[]}`), unknown},
		"redirect":           {Answer{}, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }, unknown},
		"another code":       {Answer{}, say(200, `{"code":"500","data":[]}`), unknown},
		"code not as wanted": {Answer{OK: []string{"status=1"}}, say(200, `{"data":[]}`), unknown},
		"null":               {Answer{}, say(200, `{"code":200,"data":null}`), unknown},
		"empty object":       {Answer{}, say(200, `{"code":200,"data":{}}`), unknown},
		"no such place":      {Answer{Records: "rows"}, say(200, `{"code":200,"data":[]}`), unknown},
		"a word for number":  {Answer{}, say(200, `{"data":{"icp":"未备案","name":"x"}}`), unknown},
		"another domain":     {Answer{}, say(200, `{"data":[{"domain":"other.cn","icp":"鲁ICP备19034567号-2"}]}`), unknown},
		"two without domain": {Answer{}, say(200, `{"data":[{"icp":"鲁ICP备19034567号-2"},{"icp":"鲁ICP备19034567号-3"}]}`), unknown},
		"half": {Answer{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			fmt.Fprint(w, `{"data":[]}`)
		}, unknown},
	} {
		t.Run(name, func(t *testing.T) {
			f, a := askOnce(t, Config{URL: "/?q={domain}", Answer: tc.answer}, tc.serve)
			if f.Status != tc.want || (tc.want == unknown) != (f.Reason != "") {
				t.Fatalf("%s (%s), want %s", f.Status, f.Reason, tc.want)
			}
			if tc.want == filed && (f.Number != "鲁ICP备19034567号-2" || f.Subject != "青禾灌溉设备有限公司" || f.Nature != "企业" || f.Source != "theirs") {
				t.Errorf("%+v", f)
			}
			if a.Whole && len(a.Domains) > 0 {
				t.Errorf("a list without a total is told whole: %+v", a)
			}
		})
	}
}

func TestServiceRequests(t *testing.T) {
	var got []string
	cfg := Config{URL: "/ask", Method: "POST", Body: `{"name":"{domain}{number}"}`, Headers: map[string]string{"X-Key": "k"}}
	_, a := askOnce(t, cfg, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.Header.Get("X-Key")+" "+r.Header.Get("Content-Type")+" "+string(body))
		fmt.Fprint(w, `{"total":2,"list":[{"domain":"example.cn","icp":"鲁ICP备19034567号-1","name":"x"},{"domain":"www.other.cn","icp":"鲁ICP备19034567号-2","name":"x"}]}`)
	})
	if want := []string{`POST k application/json {"name":"example.cnexample.cn"}`}; len(got) != 2 || got[0] != want[0] {
		t.Errorf("sent %q", got)
	}
	if !a.Whole || strings.Join(a.Domains, " ") != "example.cn other.cn" {
		t.Errorf("%+v", a)
	}
}

// FuzzAnswers: no JSON makes an adapter panic or say "unfiled" where the list
// is not there and empty; facts are bounded and fit to be shown.
func FuzzAnswers(f *testing.F) {
	f.Add(`{"code":200,"params":{"list":[{"domain":"example.cn","serviceLicence":"鲁ICP备19034567号-2"}],"total":1}}`)
	f.Add(`{"code":200,"success":true,"params":{"list":[],"total":0}}`)
	f.Add(`{"code":500,"message":null}`)
	f.Add(`{"data":{"icp":"B2-20201234","name":"\u001b[31m","website":{"domain":"http://例子.中国/"}}}`)
	f.Add(`[[[[{"CODE":2e2}]]]]`)
	c := &client{fields: newFields(nil)}
	f.Fuzz(func(t *testing.T, body string) {
		v, err := read([]byte(body))
		if err != nil {
			return
		}
		said(v)
		holds(v, []string{"code=200", "params.total=0"})
		records, _, _ := c.queryPage(v)
		more, err := c.records(v)
		if err == nil && more == nil && !strings.Contains(body, "[") {
			t.Errorf("no record without a list in %q", body)
		}
		for _, r := range append(records, more...) {
			for _, s := range []string{r.number, r.base, r.subject, r.nature, r.domain} {
				if len(s) > 253 || crawler.Detail(s) != s && len(s) <= 200 {
					t.Errorf("fact %q", s)
				}
			}
		}
	})
}
