package wacz

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// seen is an observation with all that an export shows: DNS, a redirect to https, the
// same page twice, a certificate, a drawing and its picture.
func seen(t testing.TB) *crawler.Observation {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	addr := netip.MustParseAddrPort("203.0.113.7:443")
	page := crawler.Page{URL: "https://www.example.cn/Über?b=2&a=1", Addr: addr, Status: 200, Proto: "HTTP/1.1", At: noon,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte("<html><title>示例</title><footer>京ICP备12345678号-1</footer></html>"),
		TLS: &crawler.TLSFacts{Version: "TLS 1.3", NotBefore: noon, NotAfter: noon, Chain: [][]byte{server.Certificate().Raw}}}
	again := page
	again.URL, again.At = "https://www.example.cn/about", noon.Add(time.Second)
	return &crawler.Observation{
		Domain: "example.cn", At: noon, Vantage: "cn-east",
		Lookups: []crawler.Lookup{{Name: "example.cn", Type: "A", Server: "192.0.2.1:53", At: noon, RCode: "NOERROR",
			Addrs: []netip.Addr{addr.Addr()}, Answers: []string{"example.cn.\t600\tIN\tA\t203.0.113.7"}}},
		Visits: []crawler.Visit{
			{Ask: crawler.Ask{Kind: crawler.AskHome}, At: noon, Hops: []crawler.Page{
				{URL: "http://example.cn:80/", Addr: addr, Status: 301, Proto: "HTTP/1.1", At: noon, Header: http.Header{"Location": {page.URL}}}, page}},
			{Ask: crawler.Ask{Kind: crawler.AskInner}, At: noon, Hops: []crawler.Page{again}},
		},
		Rendered:   &crawler.Page{URL: page.URL, Via: crawler.ViaRendered, Status: 200, At: noon, Body: []byte("<html>drawn</html>")},
		Screenshot: []byte("\xff\xd8\xff\xe0 no real picture"),
	}
}

func testKey(t testing.TB) *Key {
	t.Helper()
	key, err := OpenKey(filepath.Join(t.TempDir(), "keys", "evidence.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// packed is the observation as WACZ.
func packed(t testing.TB, key *Key, stamp *StampServer) []byte {
	t.Helper()
	var b bytes.Buffer
	err := Write(t.Context(), &b, &Package{Observation: seen(t), Name: "20261123T040000-0001", Title: "example.cn", Main: "https://www.example.cn/Über?b=2&a=1",
		MainTitle: "示例", Software: "beianwatch test", Created: noon, Files: []File{{"verdict.json", []byte("{}\n")}}}, key, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verified(t *testing.T, data []byte) *Report {
	t.Helper()
	r, err := Verify(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsWrittenIsWhole(t *testing.T) {
	key := testKey(t)
	data := packed(t, key, nil)
	r := verified(t, data)
	if len(r.Problems) > 0 || !r.Signed || r.Fingerprint != key.Fingerprint() || r.Records != 7 || r.Parts != 10 || !r.Stamped.IsZero() {
		t.Fatalf("%+v", r)
	}
	files := unzipped(t, data)
	index := files["indexes/index.cdxj"]
	for _, want := range []string{"cn,example)/ 20261123040000 {", "cn,example)/%c3%9cber?a=1&b=2 20261123040000 {", `"mime":"warc/revisit"`, "screenshot:https://www.example.cn/"} {
		if !strings.Contains(index, want) {
			t.Errorf("the index has no %q:\n%s", want, index)
		}
	}
	if !strings.Contains(files["pages/pages.jsonl"], `"title":"示例"`) || !strings.Contains(files["evidence/dns.txt"], "203.0.113.7") ||
		!strings.Contains(files["evidence/tls/1.pem"], "BEGIN CERTIFICATE") || !strings.Contains(files["evidence/observation.json"], `"certificates"`) {
		t.Errorf("%q", files)
	}
}

// unzipped are the files of a package.
func unzipped(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	return files
}

// rezipped packs files again, as somebody would who changed one.
func rezipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryChangeIsNoticed(t *testing.T) {
	data := packed(t, testKey(t), nil)
	for name, body := range unzipped(t, data) {
		changed := unzipped(t, data)
		changed[name] = body + " "
		if name == digestFile { // blanks around it mean nothing
			changed[name] = strings.Replace(body, `"created": "2026`, `"created": "2027`, 1)
			changed[name] = strings.Replace(changed[name], `"signature": "`, `"signature": "A`, 1)
		}
		if r := verified(t, rezipped(t, changed)); len(r.Problems) == 0 {
			t.Errorf("%s was changed, and nothing was said", name)
		}
		delete(changed, name)
		if name == packageFile {
			continue // nothing is left to check
		}
		if r := verified(t, rezipped(t, changed)); len(r.Problems) == 0 {
			t.Errorf("%s was taken away, and nothing was said", name)
		}
	}
	more := unzipped(t, data)
	more["evidence/other.txt"] = "slipped in"
	if r := verified(t, rezipped(t, more)); len(r.Problems) == 0 {
		t.Error("a file was added, and nothing was said")
	}
}

// TestAnotherSignature has somebody change a file, its digest and the manifest's, as
// anybody can; but not sign it.
func TestAnotherSignature(t *testing.T) {
	files := unzipped(t, packed(t, testKey(t), nil))
	old := files["evidence/dns.txt"]
	files["evidence/dns.txt"] = strings.ReplaceAll(old, "203.0.113.7", "203.0.113.8")
	files[packageFile] = strings.Replace(files[packageFile], hashOf([]byte(old)), hashOf([]byte(files["evidence/dns.txt"])), 1)
	var d digestDocument
	if err := json.Unmarshal([]byte(files[digestFile]), &d); err != nil {
		t.Fatal(err)
	}
	d.Hash = hashOf([]byte(files[packageFile]))
	forged, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	files[digestFile] = string(forged)
	if r := verified(t, rezipped(t, files)); r.Signed || len(r.Problems) != 1 {
		t.Errorf("%+v", r)
	}
	var signed signedData
	if err := json.Unmarshal(d.SignedData, &signed); err != nil {
		t.Fatal(err)
	}
	signed.Hash = d.Hash
	if d.SignedData, err = json.Marshal(signed); err == nil {
		forged, err = json.Marshal(d)
	}
	if err != nil {
		t.Fatal(err)
	}
	files[digestFile] = string(forged)
	if r := verified(t, rezipped(t, files)); r.Signed || len(r.Problems) != 1 {
		t.Errorf("%+v", r)
	}
}

// TestTimeBesideTheSignature has somebody change the one word of the signature that it
// does not cover.
func TestTimeBesideTheSignature(t *testing.T) {
	files := unzipped(t, packed(t, testKey(t), nil))
	files[digestFile] = strings.Replace(files[digestFile], `"created": "2026`, `"created": "2016`, 1)
	if r := verified(t, rezipped(t, files)); len(r.Problems) != 1 || !r.Signed || !r.Created.Equal(noon) {
		t.Errorf("%+v", r)
	}
}

func TestTheKeyStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "evidence.pem")
	first, err := OpenKey(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := OpenKey(path)
	if err != nil || second.Fingerprint() != first.Fingerprint() {
		t.Fatal("the key is another one", err)
	}
	if err := makeKey(path); err != nil {
		t.Fatal(err)
	}
	if third, err := OpenKey(path); err != nil || third.Fingerprint() != first.Fingerprint() {
		t.Error("a key was replaced", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Error(left, err)
	}
	if err := os.WriteFile(path, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(path); err == nil {
		t.Error("anything is a key")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(packed(f, testKey(f), nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Verify(bytes.NewReader(data), int64(len(data)), nil)
		if err == nil && r == nil {
			t.Fatal("neither a report nor an error")
		}
	})
}
