package registration

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/beianwatch/beianwatch/crawler"
)

// cnnicAnswer has the fields that whois.cnnic.cn gives, with a holder of ours.
const cnnicAnswer = `Domain Name: example.cn
ROID: 20030312s10001s00012345-cn
Domain Status: clientTransferProhibited
Domain Status: ok
Registrant: 青禾灌溉设备（平原）有限公司
Registrant Contact Email: hostmaster@example.cn
Sponsoring Registrar: 示例注册服务有限公司
Name Server: NS1.example.cn
Name Server: ns2.example.cn
Registration Time: 2003-03-17 12:20:05
Expiration Time: 2027-03-17 12:48:36
DNSSEC: unsigned
`

// icannAnswer has the fields that ICANN prescribes to the registries of 公司 and
// 网络 (Registration Data Policy).
const icannAnswer = `Domain Name: xn--fsq.xn--55qx5d
Registry Domain ID: D1-XN
Registrar WHOIS Server: whois.example.com
Updated Date: 2025-01-02T00:00:00Z
Creation Date: 2014-08-11T03:04:05Z
Registry Expiry Date: 2027-08-11T03:04:05Z
Registrar: Example Registrar Ltd.
Registrar IANA ID: 9999
Domain Status: ok https://icann.org/epp#ok
Registrant Name: REDACTED FOR PRIVACY
Registrant Organization: REDACTED FOR PRIVACY
Name Server: ns1.example.com
DNSSEC: unsigned
>>> Last update of WHOIS database: 2026-11-25T00:00:00Z <<<
`

func TestCNNIC(t *testing.T) {
	s := newWHOIS(t, says(cnnicAnswer))
	c := newClient(t, Options{WHOIS: map[string]string{"cn": s.addr()}}, s.addr())
	r := lookup(t, c, "www.shop.example.cn")
	if r.Failure != nil {
		t.Fatal(r.Failure)
	}
	if got := s.questions(); !slices.Equal(got, []string{"example.cn"}) {
		t.Errorf("asked for %q, want the registrable domain", got)
	}
	if r.Domain != "example.cn" || r.Protocol != crawler.ProtocolWHOIS || r.Server != s.addr() || r.Holder != "青禾灌溉设备（平原）有限公司" || r.Redacted ||
		r.Registrar != "示例注册服务有限公司" || !slices.Equal(r.Statuses, []string{"clientTransferProhibited", "ok"}) ||
		!slices.Equal(r.NameServers, []string{"ns1.example.cn", "ns2.example.cn"}) || string(r.Raw) != cnnicAnswer {
		t.Errorf("%+v", r)
	}
	if want := time.Date(2027, 3, 17, 4, 48, 36, 0, time.UTC); !r.Expires.Equal(want) {
		t.Errorf("expires %v, want %v: CNNIC's times are China's", r.Expires, want)
	}
	if want := time.Date(2003, 3, 17, 4, 20, 5, 0, time.UTC); !r.Registered.Equal(want) {
		t.Errorf("registered %v, want %v", r.Registered, want)
	}
}

func TestICANNForm(t *testing.T) {
	s := newWHOIS(t, says(strings.ReplaceAll(icannAnswer, "\n", "\r\n")))
	c := newClient(t, Options{WHOIS: map[string]string{"xn--55qx5d": s.addr()}}, s.addr())
	r := lookup(t, c, "xn--fsq.xn--55qx5d")
	if r.Failure != nil || r.Holder != "" || !r.Redacted || r.Registrar != "Example Registrar Ltd." || r.RegistrarID != "9999" ||
		!r.Expires.Equal(time.Date(2027, 8, 11, 3, 4, 5, 0, time.UTC)) || !slices.Equal(r.Statuses, []string{"ok"}) {
		t.Errorf("%+v, %v", r, r.Failure)
	}
}

func TestGB18030(t *testing.T) {
	data, err := simplifiedchinese.GB18030.NewEncoder().String(cnnicAnswer)
	if err != nil {
		t.Fatal(err)
	}
	s := newWHOIS(t, says(data))
	r := lookup(t, newClient(t, Options{WHOIS: map[string]string{"cn": s.addr()}}, s.addr()), "example.cn")
	if r.Failure != nil || r.Holder != "青禾灌溉设备（平原）有限公司" {
		t.Errorf("%+v, %v", r, r.Failure)
	}
}

// TestBadAnswers: whatever a server does, it is a Failure of the kind named, no
// fact is taken, and the raw answer is kept within its bound.
func TestBadAnswers(t *testing.T) {
	head, _, _ := strings.Cut(cnnicAnswer, "Registrant Contact")
	cases := map[string]struct {
		answer func(net.Conn, string)
		want   crawler.FailureKind
	}{
		"throttled":       {says("Queried interval is too short.\r\n"), crawler.FailThrottled},
		"no record":       {says("No matching record.\n"), crawler.FailNoRecord},
		"empty":           {says(""), crawler.FailGarbage},
		"HTML":            {says("<html><title>502 Bad Gateway</title></html>"), crawler.FailGarbage},
		"binary":          {says("\x00\x01\xff\xfe\x80\x80\x80"), crawler.FailGarbage},
		"another name":    {says(strings.ReplaceAll(cnnicAnswer, "example.cn", "other.cn")), crawler.FailGarbage},
		"half an answer":  {says(head), crawler.FailGarbage},
		"inside a name":   {says(head[:strings.Index(head, "设备")+4]), crawler.FailGarbage},
		"huge":            {says(cnnicAnswer + strings.Repeat("Domain Status: x\n", 100_000)), crawler.FailGarbage},
		"reset":           {func(c net.Conn, _ string) { c.Write([]byte(head)); c.(*net.TCPConn).SetLinger(0) }, crawler.FailReset},
		"slow drip":       {drip, crawler.FailTimeout},
		"nothing at all":  {func(c net.Conn, _ string) { c.Read(make([]byte, 1)) }, crawler.FailTimeout},
		"refusal in zh":   {says("查询过于频繁，请稍后再试\n"), crawler.FailThrottled},
		"only line feeds": {says("\n\n\n"), crawler.FailGarbage},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWHOIS(t, tc.answer)
			c := newClient(t, Options{WHOIS: map[string]string{"cn": s.addr()}, Timeout: patience(tc.want)}, s.addr())
			r := lookup(t, c, "example.cn")
			if r.Failure == nil || r.Failure.Kind != tc.want {
				t.Fatalf("failure %v, want %s", r.Failure, tc.want)
			}
			if r.Holder != "" || r.Registrar != "" || !r.Expires.IsZero() || r.Usable() || len(r.Raw) > answerMost {
				t.Errorf("facts from a failure: %+v", r)
			}
		})
	}
}

// drip writes a byte now and then, for ever.
func drip(conn net.Conn, _ string) {
	for i := 0; ; i++ {
		if _, err := conn.Write([]byte{cnnicAnswer[i%len(cnnicAnswer)]}); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestControlCharacters(t *testing.T) {
	s := newWHOIS(t, says(strings.Replace(cnnicAnswer, "Registrant: 青禾", "Registrant: \x1b[31m\u202e青禾\a", 1)))
	r := lookup(t, newClient(t, Options{WHOIS: map[string]string{"cn": s.addr()}}, s.addr()), "example.cn")
	if r.Failure != nil || strings.ContainsAny(r.Holder, "\x1b\u202e\a") || !strings.HasSuffix(r.Holder, "青禾灌溉设备（平原）有限公司") {
		t.Errorf("holder %q, %v", r.Holder, r.Failure)
	}
	long := newWHOIS(t, says(strings.Replace(cnnicAnswer, "Registrant: ", "Registrant: "+strings.Repeat("长", 200), 1)))
	if r := lookup(t, newClient(t, Options{WHOIS: map[string]string{"cn": long.addr()}}, long.addr()), "example.cn"); r.Failure != nil || r.Holder != "" {
		t.Errorf("a holder that would have to be cut is no holder: %q, %v", r.Holder, r.Failure)
	}
}

func TestGuardAndNames(t *testing.T) {
	s := newWHOIS(t, says(cnnicAnswer))
	forbidden := newClient(t, Options{WHOIS: map[string]string{"cn": s.addr()}}) // its port is not allowed
	if r := lookup(t, forbidden, "example.cn"); r.Failure == nil || r.Failure.Kind != crawler.FailGuard {
		t.Errorf("%v, want a refusal of the guard", r.Failure)
	}
	for _, name := range []string{"192.0.2.1", "2001:db8::1", "cn", "com.cn", "localhost", ""} {
		if r := lookup(t, forbidden, name); r.Failure == nil || r.Failure.Kind != crawler.FailNoService {
			t.Errorf("%q: %v, want no-service", name, r.Failure)
		}
	}
	if len(s.questions()) != 0 {
		t.Errorf("asked for %q", s.questions())
	}
}

// FuzzParse: no answer makes the parser panic, and what it takes is bounded and
// free of control characters.
func FuzzParse(f *testing.F) {
	f.Add([]byte(cnnicAnswer))
	f.Add([]byte(icannAnswer))
	f.Add([]byte("Queried interval is too short."))
	f.Add([]byte("No matching record.\n"))
	f.Add([]byte("Domain Name: example.cn\nRegistrant: \xc7\xe0\xba\xcc\nDNSSEC: x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		reg := &crawler.Registration{Domain: "example.cn", Raw: raw}
		failure := parse(reg)
		if failure != nil && (reg.Holder != "" || reg.Registrar != "" || reg.Statuses != nil) {
			t.Errorf("facts from a failure: %+v", reg)
		}
		for _, s := range append(append([]string{reg.Holder, reg.Registrar, reg.RegistrarID}, reg.Statuses...), reg.NameServers...) {
			if len(s) > valueMost || crawler.Detail(s) != s {
				t.Errorf("value %q", s)
			}
		}
		if len(reg.Statuses) > listMost || len(reg.NameServers) > listMost {
			t.Error("lists are bounded")
		}
	})
}
