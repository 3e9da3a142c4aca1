// Package kind tells what sort of page was served: the site's own, a server's
// default page, a parked name, a provider's block page, a challenge to us.
// Fingerprints are data.
package kind

// A Kind is what sort of page was served, and what told so.
type Kind struct {
	Name        Name
	Fingerprint string // the name of the fingerprint that matched ("nginx", "aliyun-block"), "" if none did
	Saw         string // the words that decided
}

// Name is the kind in one word; the words are part of the JSONL contract
// (field "page_kind").
type Name string

// The kinds of page.
const (
	Normal            Name = "normal"
	DefaultServer     Name = "default-server"
	Suspended         Name = "suspended"
	UnderConstruction Name = "under-construction"
	Parked            Name = "parked"
	Block             Name = "block"
	Challenge         Name = "challenge"
	SPAShell          Name = "spa-shell"
	Error             Name = "error"
	Blank             Name = "blank"
	Listing           Name = "listing"
	Login             Name = "login"
)
