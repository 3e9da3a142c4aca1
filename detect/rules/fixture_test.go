package rules

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/phone"
)

// A fixture is one case of testdata/rules/RULE/NAME.txtar: a head that says
// which form it shows and where such a form is met, the file case.yaml with
// what is filed, what was seen and what the rule must say, and the pages.
// Pages are our own: none is a copy of anybody's.
type fixture struct {
	Domain    string            `yaml:"domain"`    // example.cn if not given
	File      string            `yaml:"file"`      // judged as a file of this name
	At        string            `yaml:"at"`        // YYYY-MM-DD; 2026-11-23 if not given
	Place     string            `yaml:"place"`     // a key of places; mainland if not given
	Vantage   string            `yaml:"vantage"`   // "mainland": we look from there
	Expect    crawler.Expect    `yaml:"expect"`    //
	AliasOf   string            `yaml:"alias_of"`  //
	ServerIPs []netip.Addr      `yaml:"server_ip"` // where the inventory says that the site runs
	Filing    filingFixture     `yaml:"filing"`    //
	Documents []documentFixture `yaml:"documents"` // that the inventory lists
	Open      []openFixture     `yaml:"open"`      // findings of earlier runs; [] is a history without any
	Looks     int               `yaml:"looks"`     // looks of this run with the same result, this one included; 1 if not given
	Share     shareFixture      `yaml:"share"`     // the policy goes by a share of the looks; not if not given
	Earlier   []lookFixture     `yaml:"earlier"`   // looks of this run before those of Looks
	DNS       []lookupFixture   `yaml:"dns"`       // default: the domain has the address of Place
	Visits    []visitFixture    `yaml:"visits"`    // default: http://DOMAIN/ answers 200 with page.html
	Rendered  *hopFixture       `yaml:"rendered"`  // the page as a browser drew it
	Drawing   *drawingFixture   `yaml:"drawing"`   // how it was drawn; whole if not given
	Encoding  string            `yaml:"encoding"`  // the pages are sent in this encoding
	People    peopleFixture     `yaml:"people"`    // whom the inventory says to call
	Want      wantFixture       `yaml:"want"`
	Holder    holderFixture     `yaml:"holder"`   // what the inventory says of the domain
	Registry  *registryFixture  `yaml:"registry"` // what WHOIS or RDAP says of it
	Numbers   []numberFixture   `yaml:"numbers"`  // what a register says of numbers
}

type drawingFixture struct {
	Flaws   []crawler.DrawReason `yaml:"flaws"`   // why it is not whole
	Failure crawler.FailureKind  `yaml:"failure"` // what the browser got in place of a page
	Broken  bool                 `yaml:"broken"`  // our browser could not draw
	URL     string               `yaml:"url"`     // the address that was opened; that of the answer if not given
	Opened  map[string]string    `yaml:"opened"`  // what a click on a text opens, and surely nothing else
	Unsure  bool                 `yaml:"unsure"`  // no click was sure to open nothing
}

type peopleFixture struct {
	Phone      string   `yaml:"phone"`
	Mobile     string   `yaml:"mobile"`
	VerifiedAt string   `yaml:"phone_verified_at"`
	Read       bool     `yaml:"read"`   // the whole inventory was read
	Others     []string `yaml:"others"` // other subjects with the mobile
	More       bool     `yaml:"more"`
	Segments   bool     `yaml:"segments"` // data on mobile ranges are at hand
}

type shareFixture struct {
	Looks int `yaml:"looks"`
	Fails int `yaml:"fails"`
}

type lookFixture struct {
	Liveness detect.Liveness `yaml:"liveness"`
	Cause    string          `yaml:"cause"`
	Times    int             `yaml:"times"`
}

type filingFixture struct {
	Status     crawler.FilingStatus `yaml:"status"`
	Number     string               `yaml:"number"`
	Also       []string             `yaml:"also"`
	Subject    string               `yaml:"subject"`
	Nature     string               `yaml:"nature"`
	Province   string               `yaml:"province"`
	SiteName   string               `yaml:"site_name"`
	Provider   string               `yaml:"access_provider"`
	Approvals  []string             `yaml:"approvals"` // categories; ["none"] for none at all
	Police     string               `yaml:"police_number"`
	PoliceDue  bool                 `yaml:"police_due"`
	ApprovedAt string               `yaml:"approved_at"`
	Address    string               `yaml:"cert_address"`
	CreditCode string               `yaml:"credit_code"`
	CheckedAt  string               `yaml:"checked_at"`
}

// An openFixture is a finding that stood before.
type openFixture struct {
	Rule  string `yaml:"rule"`
	Since string `yaml:"since"`
	Due   string `yaml:"due"`
}

// open fills in what was found before.
func (f *fixture) open(t *testing.T, c *detect.Case) *detect.Case {
	t.Helper()
	if f.Open == nil {
		return c
	}
	c.Open = []detect.OpenFinding{}
	for _, o := range f.Open {
		c.Open = append(c.Open, detect.OpenFinding{Rule: o.Rule, Title: Find(o.Rule).Title, Since: day(t, o.Since), Due: day(t, o.Due)})
	}
	return c
}

// A paperFixture is a document of the inventory and, if it was read, what was
// measured of it.
type documentFixture struct {
	Kind    string `yaml:"kind"`
	Path    string `yaml:"path"` // a.jpg if not given
	Expires string `yaml:"expires"`
	Read    *struct {
		Fault     crawler.DocumentFault `yaml:"fault"`
		Size      int64                 `yaml:"size"`
		Format    string                `yaml:"format"`
		Width     int                   `yaml:"width"`
		Height    int                   `yaml:"height"`
		Sharpness float64               `yaml:"sharpness"`
		Dark      float64               `yaml:"dark"`
		Light     float64               `yaml:"light"`
		Edges     crawler.SheetEdge     `yaml:"edges"`
	} `yaml:"read"`
}

// documents fills in what the inventory lists and what was read of it.
func (f *fixture) documents(t *testing.T, target *crawler.Target, obs *crawler.Observation) {
	t.Helper()
	for _, p := range f.Documents {
		if p.Path == "" {
			p.Path = "a.jpg"
		}
		d := crawler.Document{Kind: p.Kind, Path: p.Path, Expires: day(t, p.Expires)}
		target.Holder.Documents = append(target.Holder.Documents, d)
		if r := p.Read; r != nil {
			obs.Documents = append(obs.Documents, crawler.DocumentFacts{Document: d, Fault: r.Fault, Size: r.Size, Format: r.Format, Width: r.Width,
				Height: r.Height, Sharpness: r.Sharpness, Marks: 0.3, Dark: r.Dark, Light: r.Light, Edges: r.Edges})
		}
	}
}

type lookupFixture struct {
	Name    string              `yaml:"name"`
	Place   string              `yaml:"place"`
	Failure crawler.FailureKind `yaml:"failure"`
	// Resolvers is how many failed; 2 if not given.
	Resolvers int `yaml:"resolvers"`
}

type visitFixture struct {
	Ask     crawler.AskKind     `yaml:"ask"`  // home if not given
	URL     string              `yaml:"url"`  // of a follow or a request without the name
	Hops    []hopFixture        `yaml:"hops"` //
	Failure crawler.FailureKind `yaml:"failure"`
	Failed  string              `yaml:"failed"`
}

type hopFixture struct {
	URL    string            `yaml:"url"`
	Via    crawler.Via       `yaml:"via"`
	Status int               `yaml:"status"` // 200 if not given
	Page   string            `yaml:"page"`   // a file of the archive
	Cut    bool              `yaml:"cut"`
	Place  string            `yaml:"place"`
	Header map[string]string `yaml:"header"`
}

type wantFixture struct {
	Verdict  detect.Verdict  `yaml:"verdict"`
	Severity detect.Severity `yaml:"severity"`
	Reason   detect.Reason   `yaml:"reason"`
	Liveness detect.Liveness `yaml:"liveness"`
	Saw      string          `yaml:"saw"`     // part of what the finding saw, in Chinese
	Fix      string          `yaml:"fix"`     // part of the fix, in Chinese
	Snippet  string          `yaml:"snippet"` // the whole snippet
	Quote    string          `yaml:"quote"`   // part of a quote
}

// places are addresses of each sort. Only those of documentation are made up
// here; the shared ones are in the embedded data with their country.
var places = map[string]string{
	"mainland":        "192.0.2.10",
	"abroad":          "203.0.113.10",
	"shared-mainland": "223.5.5.5",
	"shared-abroad":   "1.1.1.1",
	"unknown":         "10.0.0.10",
}

func fixturePolicy(t *testing.T) *detect.Policy {
	t.Helper()
	nets, err := mainland.New([]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		strings.NewReader("203.0.113.0/24 US\n223.5.5.0/24 shared TestCDN\n1.1.1.0/24 shared TestCDN\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := detect.DefaultPolicy()
	p.Networks = nets
	p.Providers, err = lists.ReadProviders(strings.NewReader("# made up\n192.0.2.0/24 青山云\n198.51.100.0/24 白水云\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func readFixture(t *testing.T, path string) (fixture, *txtar.Archive) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f fixture
	for _, file := range a.Files {
		if file.Name != "case.yaml" {
			continue
		}
		if err := yaml.NewDecoder(bytes.NewReader(file.Data), yaml.Strict()).Decode(&f); err != nil {
			t.Fatalf("reading case.yaml of %s: %v", path, err)
		}
	}
	return f, a
}

// newCase builds the case that a fixture tells of.
func (f *fixture) newCase(t *testing.T, a *txtar.Archive) *detect.Case {
	t.Helper()
	at := day(t, f.At)
	if f.At == "" {
		at = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	}
	policy := fixturePolicy(t)
	policy.VantageMainland = f.Vantage == "mainland"
	if f.File != "" {
		obs := detect.FileObservation(f.File, f.body(t, a, "page.html"), at)
		f.draw(t, a, obs)
		return detect.NewCase(detect.Input{Target: &crawler.Target{Filing: f.Filing.filing(t)}, Obs: obs, File: f.File, At: at, Policy: policy}, nil)
	}
	if f.Domain == "" {
		f.Domain = "example.cn"
	}
	target := &crawler.Target{Domain: f.Domain, Filing: f.Filing.filing(t), Holder: f.People.holder(t), Expect: f.Expect, AliasOf: f.AliasOf, ServerIPs: f.ServerIPs}
	if f.People.Segments {
		policy.Segments = fixtureSegments(t)
	}
	if f.Share.Fails > 0 {
		policy.Looks, policy.Fails = f.Share.Looks, f.Share.Fails
	}
	in := detect.Input{Target: target, Obs: f.observation(t, a, at), At: at, Policy: policy}
	f.documents(t, target, in.Obs)
	f.registration(t, a, &in)
	f.numbers(t, &in)
	for _, e := range f.Earlier {
		for range e.Times {
			in.Attempts = append(in.Attempts, detect.Attempt{At: at, Liveness: e.Liveness, Cause: e.Cause})
		}
	}
	c := detect.NewCase(in, nil)
	for range f.Looks - 1 {
		in.Attempts = append(in.Attempts, detect.Attempt{At: at, Liveness: c.Liveness, Cause: c.Cause})
	}
	return f.open(t, detect.NewCase(in, c))
}

func (f *fixture) observation(t *testing.T, a *txtar.Archive, at time.Time) *crawler.Observation {
	t.Helper()
	obs := &crawler.Observation{Domain: f.Domain, At: at}
	if f.DNS == nil {
		f.DNS = []lookupFixture{{Name: f.Domain, Place: f.Place}}
	}
	for _, d := range f.DNS {
		l := crawler.Lookup{Name: d.Name, Type: "A", Server: "192.0.2.53:53", At: at, TTL: time.Minute}
		if d.Failure != "" {
			l.Failure, l.Resolvers = &crawler.Failure{Kind: d.Failure}, cmp.Or(d.Resolvers, 2)
		} else {
			l.Addrs = []netip.Addr{addressOf(t, d.Place).Addr()}
		}
		obs.Lookups = append(obs.Lookups, l)
	}
	if f.Visits == nil {
		f.Visits = []visitFixture{{Hops: []hopFixture{{Page: "page.html"}}}}
	}
	for _, v := range f.Visits {
		obs.Visits = append(obs.Visits, f.visit(t, a, v))
	}
	f.draw(t, a, obs)
	return obs
}

// draw fills in what a browser made of the page.
func (f *fixture) draw(t *testing.T, a *txtar.Archive, obs *crawler.Observation) {
	t.Helper()
	if f.Rendered == nil && f.Drawing == nil {
		return
	}
	d := drawingFixture{}
	if f.Drawing != nil {
		d = *f.Drawing
	}
	if hops := obs.Visits[0].Hops; d.URL == "" && len(hops) > 0 {
		d.URL = hops[len(hops)-1].URL
	}
	drawn := f.visit(t, a, visitFixture{Ask: crawler.AskRender, URL: d.URL})
	if f.Rendered != nil {
		drawn = f.visit(t, a, visitFixture{Ask: crawler.AskRender, URL: d.URL, Hops: []hopFixture{*f.Rendered}})
		drawn.Hops[0].Via = crawler.ViaRendered
		obs.Rendered, drawn.Hops = &drawn.Hops[0], nil
	}
	if d.Broken {
		drawn.Failure = &crawler.Failure{Kind: crawler.FailOurs}
	} else {
		obs.Drawing = &crawler.Drawing{URL: d.URL, Browser: "test"}
		for _, why := range d.Flaws {
			obs.Drawing.Add(crawler.Flaw{Reason: why, URL: "https://example.cn/app.js"})
		}
		for text, url := range d.Opened {
			obs.Drawing.Clicks = append(obs.Drawing.Clicks, crawler.Click{Text: text, Opened: []string{url}, Sure: true})
		}
		if d.Failure != "" {
			obs.Drawing.Failure = &crawler.Failure{Kind: d.Failure}
		}
	}
	obs.Visits = append(obs.Visits, drawn)
	if obs.Drawing == nil || d.Unsure || len(d.Opened) > 0 {
		return
	}
	c := detect.NewCase(detect.Input{Target: &crawler.Target{Domain: f.Domain}, Obs: obs, File: f.File, Policy: fixturePolicy(t)}, nil)
	for _, text := range c.Clickable() {
		obs.Drawing.Clicks = append(obs.Drawing.Clicks, crawler.Click{Text: text, Sure: true})
	}
}

func (f *fixture) visit(t *testing.T, a *txtar.Archive, v visitFixture) crawler.Visit {
	t.Helper()
	if v.Ask == "" {
		v.Ask = crawler.AskHome
	}
	start := map[crawler.AskKind]string{crawler.AskHome: "http://" + f.Domain + "/", crawler.AskHTTPS: "https://" + f.Domain + "/",
		crawler.AskWWW: "http://www." + f.Domain + "/", crawler.AskHTTPSWWW: "https://www." + f.Domain + "/"}[v.Ask]
	if start == "" {
		start = v.URL
	}
	visit := crawler.Visit{Ask: crawler.Ask{Kind: v.Ask, URL: v.URL}}
	for i, h := range v.Hops {
		p := crawler.Page{URL: h.URL, Via: h.Via, Status: h.Status, Cut: h.Cut, Header: http.Header{}}
		if p.URL == "" && i == 0 {
			p.URL = start
		}
		if p.Status == 0 {
			p.Status = 200
		}
		if h.Place == "" {
			h.Place = f.Place
		}
		p.Addr = addressOf(t, h.Place)
		p.Header.Set("Content-Type", "text/html")
		for k, val := range h.Header {
			p.Header.Set(k, val)
		}
		if h.Page != "" {
			p.Body = f.body(t, a, h.Page)
		}
		visit.Hops = append(visit.Hops, p)
	}
	if v.Failure != "" {
		visit.Failure, visit.Failed = &crawler.Failure{Kind: v.Failure}, v.Failed
		if visit.Failed == "" {
			visit.Failed = start
		}
	}
	return visit
}

func (f *fixture) body(t *testing.T, a *txtar.Archive, name string) []byte {
	t.Helper()
	for _, file := range a.Files {
		if file.Name != name {
			continue
		}
		if f.Encoding == "" {
			return file.Data
		}
		enc, err := htmlindex.Get(f.Encoding)
		if err != nil {
			t.Fatal(err)
		}
		body, err := enc.NewEncoder().Bytes(file.Data)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	t.Fatalf("the archive has no file %s", name)
	return nil
}

func (f filingFixture) filing(t *testing.T) crawler.Filing {
	t.Helper()
	filing := crawler.Filing{Status: f.Status, Number: f.Number, AlsoNumbers: f.Also, Subject: f.Subject, Nature: f.Nature, SiteName: f.SiteName,
		AccessProvider: f.Provider, PoliceNumber: f.Police, PoliceDue: f.PoliceDue, ApprovedAt: day(t, f.ApprovedAt), CheckedAt: day(t, f.CheckedAt),
		Province: f.Province, CertAddress: f.Address, CreditCode: f.CreditCode,
		Source: "inventory", ApprovalsKnown: f.Approvals != nil}
	for _, category := range f.Approvals {
		if category != "none" {
			filing.Approvals = append(filing.Approvals, crawler.Approval{Category: category})
		}
	}
	return filing
}

func (f peopleFixture) holder(t *testing.T) crawler.Holder {
	t.Helper()
	h := crawler.Holder{Phone: f.Phone, Mobile: f.Mobile, PhoneVerifiedAt: day(t, f.VerifiedAt)}
	if f.Read || f.Others != nil {
		h.Sharing = &crawler.Sharing{Others: f.Others, More: f.More}
		if list := MobilesOf(f.Mobile, f.Phone); len(list) > 0 {
			h.Sharing.Mobile = list[0]
		}
	}
	return h
}

// fixtureSegments says that 1391234 is of Guangdong, 1301234 of Beijing and
// 1651234 a reseller's.
func fixtureSegments(t *testing.T) *phone.Segments {
	t.Helper()
	data := []byte("2601\x00\x00\x00\x00")
	record := func(text string) uint32 {
		at := uint32(len(data))
		data = append(data, text+"\x00"...)
		return at
	}
	guangdong, beijing := record("广东|深圳|518000|0755"), record("北京|北京|100000|010")
	binary.LittleEndian.PutUint32(data[4:], uint32(len(data)))
	for _, e := range []struct{ segment, record uint32 }{{1301234, beijing}, {1391234, guangdong}, {1651234, guangdong}} {
		data = append(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(data, e.segment), e.record), 1)
	}
	s, err := phone.ReadSegments(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func addressOf(t *testing.T, place string) netip.AddrPort {
	t.Helper()
	if place == "" {
		place = "mainland"
	}
	addr, ok := places[place]
	if !ok {
		t.Fatalf("no place is called %q", place)
	}
	return netip.AddrPortFrom(netip.MustParseAddr(addr), 80)
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// fixtures returns the paths of a rule's fixtures.
func fixtures(t *testing.T, rule string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "rules", rule, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
