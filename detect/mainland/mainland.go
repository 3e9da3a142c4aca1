// Package mainland tells whether an address is in mainland China, from an
// embedded data set and the networks that a user declares. It includes
// IP2Location LITE data available from http://www.ip2location.com (CC BY-SA 4.0).
package mainland

// A Place is where an address is, as far as data can tell.
type Place struct {
	Country  string // ISO 3166 code, "" if not known; HK, MO and TW are codes of their own
	Mainland bool
	Known    bool   // false for private and unlisted addresses
	Shared   string // the name of the CDN or anycast network: the address says little about the server
	Source   string // "flag", "file", "embedded"
}
