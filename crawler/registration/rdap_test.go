package registration

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// rdapAnswer is a registry's domain object (RFC 9083) with what a thin registry
// leaves out: the registrant is there, its name is not.
const rdapAnswer = `{"objectClassName":"domain","handle":"1_DOMAIN_COM-X","ldhName":"EXAMPLE.COM","rdapConformance":["rdap_level_0"],
"status":["client transfer prohibited","redemption period"],
"entities":[
 {"objectClassName":"entity","handle":"9999","roles":["registrar"],"publicIds":[{"type":"IANA Registrar ID","identifier":"9999"}],
  "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Example Registrar, Inc."]]]},
 {"objectClassName":"entity","roles":["registrant"],
  "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","%s"],["org",{},"text","%s"]]]}],
"events":[{"eventAction":"registration","eventDate":"1995-08-14T04:00:00Z"},{"eventAction":"expiration","eventDate":"2027-08-13T04:00:00Z"}],
"nameservers":[{"objectClassName":"nameserver","ldhName":"NS1.EXAMPLE.COM"}]}`

func answerRDAP(name, org string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rdap+json")
		fmt.Fprintf(w, rdapAnswer, name, org)
	}
}

func TestRDAP(t *testing.T) {
	var path, accept string
	s := newRDAP(t, func(w http.ResponseWriter, r *http.Request) {
		path, accept = r.URL.Path, r.Header.Get("Accept")
		answerRDAP("Somebody", "青禾灌溉设备有限公司")(w, r)
	})
	c := newClient(t, Options{RDAPServer: s.URL + "/rdap"}, s.URL)
	r := lookup(t, c, "www.example.com")
	if r.Failure != nil {
		t.Fatal(r.Failure)
	}
	if path != "/rdap/domain/example.com" || !strings.Contains(accept, "application/rdap+json") {
		t.Errorf("asked for %s, accepting %s", path, accept)
	}
	if r.Protocol != crawler.ProtocolRDAP || r.Holder != "青禾灌溉设备有限公司" || r.Registrar != "Example Registrar, Inc." || r.RegistrarID != "9999" ||
		!slices.Equal(r.Statuses, []string{"client transfer prohibited", "redemption period"}) || !slices.Equal(r.NameServers, []string{"ns1.example.com"}) ||
		!r.Expires.Equal(time.Date(2027, 8, 13, 4, 0, 0, 0, time.UTC)) || r.Registered.Year() != 1995 {
		t.Errorf("%+v", r)
	}
}

func TestRedacted(t *testing.T) {
	for _, words := range [][2]string{{"REDACTED FOR PRIVACY", "REDACTED FOR PRIVACY"}, {"", ""}, {"", "Domains By Proxy, LLC"}, {"Data Protected", ""}} {
		s := newRDAP(t, answerRDAP(words[0], words[1]))
		r := lookup(t, newClient(t, Options{RDAPServer: s.URL}, s.URL), "example.com")
		if r.Failure != nil || r.Holder != "" || !r.Redacted {
			t.Errorf("%q: holder %q, redacted %v, %v", words, r.Holder, r.Redacted, r.Failure)
		}
	}
}

func TestBadRDAP(t *testing.T) {
	say := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, body) }
	}
	cases := map[string]struct {
		serve http.HandlerFunc
		want  crawler.FailureKind
	}{
		"404":           {say(404, `{"errorCode":404,"title":"Not Found"}`), crawler.FailNoRecord},
		"429":           {say(429, ""), crawler.FailThrottled},
		"403":           {say(403, ""), crawler.FailDenied},
		"503":           {say(503, "busy"), crawler.FailDenied},
		"not JSON":      {say(200, "<html>"), crawler.FailGarbage},
		"an error body": {say(200, `{"errorCode":500}`), crawler.FailGarbage},
		"an entity":     {say(200, `{"objectClassName":"entity","handle":"x"}`), crawler.FailGarbage},
		"another name":  {say(200, `{"objectClassName":"domain","ldhName":"other.com"}`), crawler.FailGarbage},
		"odd types":     {say(200, `{"objectClassName":"domain","ldhName":["example.com"],"entities":{"roles":1}}`), crawler.FailGarbage},
		"huge":          {say(200, `{"a":"`+strings.Repeat("x", answerMost)+`"}`), crawler.FailGarbage},
		"deep":          {say(200, strings.Repeat("[", 60_000)), crawler.FailGarbage},
		"redirect loop": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, crawler.FailProtocol},
		"to metadata": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/x", http.StatusFound)
		}, crawler.FailGuard},
		"slow": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, crawler.FailTimeout},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newRDAP(t, tc.serve)
			r := lookup(t, newClient(t, Options{RDAPServer: s.URL, Timeout: patience(tc.want)}, s.URL), "example.com")
			if r.Failure == nil || r.Failure.Kind != tc.want {
				t.Fatalf("failure %v, want %s", r.Failure, tc.want)
			}
			if r.Holder != "" || r.Registrar != "" || len(r.Raw) > answerMost {
				t.Errorf("facts from a failure: %+v", r)
			}
		})
	}
}

func TestBootstrap(t *testing.T) {
	s := newRDAP(t, answerRDAP("", "青禾灌溉设备有限公司"))
	file := fmt.Sprintf(`{"version":"1.0","publication":"2026-11-01T00:00:00Z","services":[[["com","net"],["%s/"]],[["top"],["http://203.0.113.9/"]]]}`, s.URL)
	c := newClient(t, Options{Bootstrap: []byte(file)}, s.URL)
	if r := lookup(t, c, "example.com"); r.Failure != nil || r.Server != s.URL+"/" {
		t.Errorf("%+v, %v", r, r.Failure)
	}
	if r := lookup(t, c, "example.org"); r.Failure == nil || r.Failure.Kind != crawler.FailNoService {
		t.Errorf("%v, want no-service", r.Failure)
	}
	for _, bad := range []string{"", "{", `{"services":7}`, "null"} {
		if _, err := New(Options{Guard: c.opt.Guard, Bootstrap: []byte(bad)}); err == nil {
			t.Errorf("a bootstrap file %q was taken", bad)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-1": 0, "soon": 0, "Wed, 25 Nov 2026 00:10:00 GMT": 10 * time.Minute, "Tue, 24 Nov 2026 00:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("Retry-After %q: %v, want %v", value, got, want)
		}
	}
}

// FuzzRDAP: no JSON makes the reader panic, and what it takes is bounded.
func FuzzRDAP(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(rdapAnswer, "a", "b")))
	f.Add([]byte(`{"objectClassName":"domain","ldhName":"example.com","entities":[{"roles":["registrant"]}],"redacted":[{}]}`))
	f.Add([]byte(`{"objectClassName":"domain","ldhName":"example.com","entities":[{"vcardArray":["vcard",[["fn",{},"text",[[]]]]]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		reg := &crawler.Registration{Domain: "example.com", Raw: raw}
		if readRDAP(reg) != nil && (reg.Holder != "" || reg.Registrar != "" || reg.Statuses != nil) {
			t.Errorf("facts from a failure: %+v", reg)
		}
		for _, s := range []string{reg.Holder, reg.Registrar, reg.RegistrarID} {
			if len(s) > valueMost || crawler.Detail(s) != s {
				t.Errorf("value %q", s)
			}
		}
	})
}
