// Package mainland tells whether an address is in mainland China, from an
// embedded data set and the networks that a user declares. It includes
// IP2Location LITE data available from http://www.ip2location.com (CC BY-SA 4.0).
//
// It knows where an address is registered, not where a packet ends: addresses
// of anycast and CDN networks are marked [Place.Shared] and prove little.
package mainland

import (
	"io"
	"net/netip"

	"github.com/phuslu/iploc"
)

// Attribution is the notice that the licence of the embedded data asks for
// (CC BY-SA 4.0); show it wherever the program names its sources.
const Attribution = "This site or product includes IP2Location LITE data available from http://www.ip2location.com."

// A Place is where an address is, as far as data can tell.
type Place struct {
	Country  string // ISO 3166 code, "" if not known; HK, MO and TW are codes of their own
	Mainland bool
	Known    bool   // false for private and unlisted addresses
	Shared   string // the name of the CDN or anycast network: the address says little about the server
	Source   string // "flag", "file", "embedded"
	Disputed string // whose network it is, where sources disagree on its place: then it is not Known
}

// Networks knows where addresses are. It never changes after [New] and is safe
// for use by many goroutines.
type Networks struct {
	flag   table // --mainland-net
	file   table // the user's file: countries
	shared table // the user's file, then the embedded list: CDN and anycast networks

	disputed table // the embedded list of networks that sources place differently
}

// New returns what is known with the user's own networks on top: nets are in
// the mainland whatever the data says, and user is a file of lines in the form
// that [Networks.read] describes; nil for none. The longest prefix wins within
// a source; flags win over the file, the file over the embedded data.
func New(nets []netip.Prefix, user io.Reader) (*Networks, error) {
	n := &Networks{}
	for _, list := range []struct {
		name, text string
		into       *table
	}{{"shared.txt", sharedText, &n.shared}, {"disputed.txt", disputedText, &n.disputed}} {
		if err := readNamed(list.name, list.text, list.into); err != nil {
			return nil, err
		}
	}
	for _, p := range nets {
		n.flag.add(p, "CN")
	}
	if user != nil {
		if err := n.read(user); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// Of tells where an address is. An address that a user has placed is not
// Shared because of the embedded list: the user knows more about it.
func (n *Networks) Of(addr netip.Addr) Place {
	addr = addr.Unmap().WithZone("")
	if !addr.IsValid() {
		return Place{}
	}
	if country, ok := n.flag.find(addr); ok {
		return placed(country, "flag")
	}
	if country, ok := n.file.find(addr); ok {
		return placed(country, "file")
	}
	if private(addr) {
		return Place{}
	}
	if name, ok := n.disputed.find(addr); ok {
		return Place{Disputed: name}
	}
	p := Place{}
	// The data set says "" or "ZZ" of what it does not list.
	if country := iploc.IPCountry(addr); country != "" && country != "ZZ" {
		p = placed(country, "embedded")
	}
	p.Shared, _ = n.shared.find(addr)
	return p
}

func placed(country, source string) Place {
	return Place{Country: country, Mainland: country == "CN", Known: true, Source: source}
}

// private tells whether no data set can know where the address is: it exists
// in many places or in none.
func private(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || carrierNAT.Contains(a)
}

// carrierNAT is the shared address space of RFC 6598, which netip does not
// count as private.
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")
