package register

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A site is one record of the stand-in.
type site struct{ domain, number, subject string }

// standIn speaks as a self-hosted HG-ha/ICP_Query does: HTTP 200 whatever
// happens, a code, and msg or message.
type standIn struct {
	*httptest.Server
	mu    sync.Mutex
	sites []site
	fault string // the answer in place of any other
	asked []string
	token string // wanted as a bearer, if set
}

func newStandIn(t *testing.T, sites ...site) *standIn {
	t.Helper()
	s := &standIn{sites: append([]site{{"control-filed.cn", "京ICP备10000001号-1", "青山软件有限公司"}}, sites...)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	search := r.FormValue("search")
	s.asked = append(s.asked, search)
	switch {
	case s.token != "" && r.Header.Get("Authorization") != "Bearer "+s.token:
		w.WriteHeader(401)
		fmt.Fprint(w, `{"code":401,"message":"未登录或会话已过期"}`)
		return
	case s.fault != "":
		fmt.Fprint(w, s.fault)
		return
	case r.URL.Path != "/query/web":
		fmt.Fprint(w, `{"code":102,"msg":"不是支持的查询类型"}`)
		return
	case search == "":
		fmt.Fprint(w, `{"code":101,"msg":"参数错误,请指定search参数"}`)
		return
	}
	var list []map[string]any
	for _, v := range s.sites {
		if base := v.number[:len(v.number)-2]; search == v.domain || search == base {
			list = append(list, map[string]any{"contentTypeName": "", "domain": v.domain, "domainId": 110000731411, "leaderName": "", "limitAccess": "否",
				"mainId": 230000170723, "mainLicence": base, "natureName": "企业", "serviceId": 110000507416, "serviceLicence": v.number,
				"unitName": v.subject, "updateRecordTime": "2025-10-09 16:00:40"})
		}
	}
	page, _ := strconv.Atoi(r.FormValue("pageNum"))
	size, _ := strconv.Atoi(r.FormValue("pageSize"))
	from := min((page-1)*size, len(list))
	part := list[from:min(from+size, len(list))]
	if part == nil {
		part = []map[string]any{}
	}
	json.NewEncoder(w).Encode(map[string]any{"code": 200, "msg": "操作成功", "success": true,
		"params": map[string]any{"list": part, "total": len(list), "pageNum": page, "pageSize": size}})
}

func (s *standIn) set(change func()) { s.mu.Lock(); defer s.mu.Unlock(); change() }

func (s *standIn) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func (s *standIn) config() Config {
	return Config{Name: "ours", Kind: KindQuery, URL: s.URL, AllowNet: []string{"127.0.0.0/8"}, Every: time.Nanosecond, Timeout: time.Second,
		Controls: Controls{"control-filed.cn", "control-unfiled.cn"}}
}

// literal resolves IP literals alone.
func literal(_ context.Context, host string) ([]netip.Addr, error) {
	a, err := netip.ParseAddr(host)
	return []netip.Addr{a}, err
}

func open(t *testing.T, opt Options, configs ...Config) *Book {
	t.Helper()
	opt.Resolve = literal
	b, err := Open(configs, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func filing(t *testing.T, b *Book, domain string, want crawler.FilingStatus) crawler.Filing {
	t.Helper()
	f := b.Filing(context.Background(), domain)
	if f.Status != want || (want == crawler.FilingUnknown) != (f.Reason != "") {
		t.Errorf("%s is %s (%s), want %s", domain, f.Status, f.Reason, want)
	}
	return f
}
