package crawler

import (
	"net/http"
	"net/netip"
	"time"
)

// An Observation is what one visit to one domain saw, when, and from where.
// It is written once and never changed: a later visit is a new Observation.
type Observation struct {
	Domain  string    // A-label in lower case without the trailing dot, or an IP literal
	At      time.Time // when the visit began
	Vantage string    // the network we visited from, as the config names it
	Lookups []Lookup  // every DNS question and its answer, in the order asked
	Visits  []Visit   // every request with its redirects, in the order made
	// Unrouted are the addresses that were left out because this machine has no
	// route to them (IPv6 where there is none): nothing follows for the site.
	Unrouted   []netip.Addr
	Rendered   *Page    // the DOM after scripts ran, if a browser was used
	Drawing    *Drawing // how it was drawn, if a browser was used; set too where no page came of it
	Screenshot []byte   // JPEG of the footer of the rendered page, if one was taken
	// Documents are the local files that the inventory names for this domain,
	// in its order; nil if none were read.
	Documents    []DocumentFacts
	Numbers      []NumberAnswer // what registers say of the numbers that the page shows, if any was asked
	Registration *Registration  // what WHOIS or RDAP says of the domain, if it was asked
	// Trouble says why we were stopped (no file handles, no resolver, the
	// deadline of the whole run): our fault, so the outcome is unknown.
	Trouble string
}

// A Lookup is one DNS question with its answer.
type Lookup struct {
	Name    string        // the name asked for, an A-label
	Type    string        // "A", "AAAA", "CNAME", "NS"
	Server  string        // host:port of the upstream that answered last
	At      time.Time     // when the answer (or the failure) came
	Took    time.Duration // from the first packet to the answer
	RCode   string        // "NOERROR", "NXDOMAIN", "SERVFAIL"…; empty if no server answered
	Chain   []string      // CNAME targets in order
	Addrs   []netip.Addr  // addresses found at the end of the chain
	TTL     time.Duration // the least TTL in the chain
	Answers []string      // the answer section in presentation form
	TCP     bool          // the answer came over TCP after truncation
	Tries   int           // packets sent, over all upstreams
	// Unchecked: the answer came only with checking disabled (CD=1), after
	// SERVFAIL: the name's DNSSEC is broken, and resolvers that check it fail.
	Unchecked bool
	Resolvers int      // with a Failure: how many resolvers failed to answer
	Failure   *Failure // set when no usable answer came
}

// A Visit is one thing asked of the site, with every hop on the way.
type Visit struct {
	Ask     Ask
	At      time.Time
	Took    time.Duration
	Hops    []Page   // every HTTP answer in order; the last one is what a person would see
	Failure *Failure // set when the chain ended without an answer
	Failed  string   // the URL that failed, if Failure is set
}

// Last returns the final answer of the visit, or nil if the chain ended in a
// failure or nothing was received.
func (v *Visit) Last() *Page {
	if v.Failure != nil || len(v.Hops) == 0 {
		return nil
	}
	return &v.Hops[len(v.Hops)-1]
}

// A Page is one HTTP answer as received. Body holds the bytes after
// content-coding and before charset decoding; the bytes are the evidence.
type Page struct {
	URL    string
	Via    Via // how we came here from the hop before
	Addr   netip.AddrPort
	Status int
	Proto  string // "HTTP/1.1"
	Header http.Header
	Body   []byte
	// Cut: the body was longer than the limit, ended early, or could not be
	// decompressed (then it is as received and Content-Encoding is still in Header).
	Cut  bool
	At   time.Time
	Took time.Duration
	TLS  *TLSFacts // nil over plain HTTP
	// Scripts that a browser ran are gone from here: a rendered page has the
	// serialised DOM as its Body and "rendered" as its Via.
}

// Via says how a hop was reached.
type Via string

// The ways from one hop to the next.
const (
	ViaStart    Via = ""         // the first request of a visit
	ViaHTTP     Via = "http"     // a 3xx answer with Location, or a Refresh header
	ViaMeta     Via = "meta"     // an unconditional meta refresh
	ViaScript   Via = "script"   // an unconditional script assignment
	ViaFrame    Via = "frame"    // a frameset or iframe that is the whole page
	ViaRendered Via = "rendered" // rendered in a browser
)

// TLSFacts are what a TLS handshake showed. A fault is recorded and does not
// stop the visit.
type TLSFacts struct {
	Version   string // "TLS 1.3"
	Subject   string
	Issuer    string
	Names     []string // subject alternative names, at most 20
	NotBefore time.Time
	NotAfter  time.Time
	Chain     [][]byte // the certificates as the server sent them, DER, its own first; at most 10 of 16 KiB each
	Fault     string   // why verification fails, empty if it does not
}

// An Ask is one more thing worth asking of a site. Asks are chosen by
// detect.Wants and carried out by the crawler.
type Ask struct {
	Kind AskKind
	URL  string     // what to request; AskHome, AskHTTPS, AskWWW and AskHTTPSWWW build their own if it is empty
	Addr netip.Addr // for AskNoName: the address to ask without the name; for AskAddress: the address of URL's host to dial
	Via  Via        // for AskFollow: what pointed there
	// Picture, for AskRender: a picture of the page is wanted whatever it shows.
	Picture bool
}

// AskKind says what an Ask is for.
type AskKind string

// The kinds of Ask.
const (
	AskHome     AskKind = "home"      // http://name/
	AskHTTPS    AskKind = "https"     // https://name/
	AskWWW      AskKind = "www"       // http://www.name/
	AskHTTPSWWW AskKind = "https-www" // https://www.name/
	AskAddress  AskKind = "address"   // the URL, its host dialled at Addr alone: does another address of the name serve?
	AskLookup   AskKind = "lookup"    // no request: ask DNS for A and AAAA of URL's host (the domain, if URL is empty) as far as they are not known
	AskNoName   AskKind = "no-name"   // the same address without the name: is the name blocked, or the server down?
	AskFollow   AskKind = "follow"    // where the page itself points without condition (meta, script, frame)
	AskScript   AskKind = "script"    // a script or fragment of the page that may hold the footer
	AskPart     AskKind = "part"      // a script, style sheet, data file or frame that a drawing was made of: is it as it was?
	AskInner    AskKind = "inner"     // a same-site page beyond the home page; robots.txt is honoured
	AskRender   AskKind = "render"    // draw the page in a browser
	AskRobots   AskKind = "robots"    // the robots.txt that an AskInner had to read first; the crawler asks it by itself
)
