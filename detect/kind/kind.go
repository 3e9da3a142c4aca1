// Package kind tells what sort of page was served: the site's own, a server's
// default page, a parked name, a provider's block page, a challenge to us.
// Fingerprints are data ([Fingerprint]); a few kinds have a shape instead of
// words and are told by it: a page drawn by script, a blank one, one that is
// nothing but a log-in form.
//
// It does not decide what follows from the kind, and it never guesses: an
// ordinary page that happens to use such words stays [Normal].
package kind

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A Kind is what sort of page was served, and what told so.
type Kind struct {
	Name        Name
	Fingerprint string // the name of the fingerprint that matched ("nginx", "aliyun-block"), "" if none did
	Cause       string // whose page it is, from the fingerprint ("Aliyun", "nginx"), "" if not known
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

// Of tells what sort of page an answer is. answer is nil, or has no status, if
// only a file is judged: then the bytes alone speak. p is nil if the answer is
// no page.
//
// A page that was not read whole ([page.Page.Fault]) is never called blank, a
// log-in form or an error for what it lacks: that could be in the part not
// read.
func (f *Fingerprints) Of(answer *crawler.Page, p *page.Page) Kind {
	l := newLook(answer, p)
	k, ok := f.match(l)
	if !ok || general[k.Fingerprint] {
		// A firewall's title can head the page of a name that is not filed.
		if block, ok := stated(l, refusedFiling); ok {
			return block
		}
	}
	if ok && k.Name == Error && general[k.Fingerprint] { // 403 heads the pages of firewalls too
		if wall, said := stated(l, ownStates); said && wall.Name == Challenge {
			return wall
		}
	}
	if ok && k.Name == Block {
		if saw, cloaked := Cloaks(p); cloaked {
			return Kind{Name: SPAShell, Saw: saw} // what it shows depends on who looks
		}
	}
	if ok {
		return k
	}
	if k, ok := stated(l, ownStates); ok && !(k.Name == Error && Refuses(l.status)) {
		return k
	}
	if k, ok := byStatus(l); ok {
		return k
	}
	if k, ok := byShape(l); ok {
		return k
	}
	return Kind{Name: Normal}
}

// general are fingerprints that tell a kind by words of many.
var general = map[string]bool{"firewall-title": true, "firewall-title-is": true, "waf-text": true, "error-title-is": true, "error-text": true}

// Refuses reports whether status is one by which a server turns us away and says
// nothing of the site. 521 is the script challenge of a Chinese firewall, 418 and
// 412 are those of two others; 566 and 567 are those of Tencent's EdgeOne, which
// tells clients apart by their handshake (edgeone.ai/zh/document/58009).
func Refuses(status int) bool { return statusNames[status] != "" }

// minServed is how many visible characters an answer with an error status, or
// with one of a redirect that leads nowhere, must
// have to pass for a page that a visitor reads all the same: some sites serve
// their home page with status 404. The error pages of servers and frameworks
// that have as many are known by their fingerprints.
const minServed = 800

// byStatus tells the kind of an answer without a fingerprint by its status.
func byStatus(l *look) (Kind, bool) {
	switch {
	case Refuses(l.status):
		return Kind{Name: Challenge, Fingerprint: statusNames[l.status], Saw: l.statusLine()}, true
	case l.status >= 300 && l.visible < minServed && !ownContent(l):
		return Kind{Name: Error, Saw: l.statusLine()}, true
	}
	return Kind{}, false
}

// ownContent reports whether an answer with an error status is a page of the site
// all the same: it has a title, a foot and something to say between them, and no
// word of an error. The error pages of sites say that they are one, and little
// else.
func ownContent(l *look) bool {
	p := l.page
	if p == nil || l.title == "" || !p.HasFoot || p.Fault != page.FaultNone {
		return false
	}
	c, ok := l.coreWithin(maxTold)
	if !ok {
		return true // it says more than any error page does
	}
	if c.size < minOwn || c.back {
		return false
	}
	failure := &ownStates[len(ownStates)-1]
	said, _ := failure.inCore(c)
	return said == 0 && failure.inTitle(l) == 0
}

// minOwn is how many characters such a page says beside its frame.
const minOwn = 60

// statusNames are the fingerprint names of plain refusals; constant strings, so
// that millions of them cost nothing.
var statusNames = map[int]string{
	401: "status-401", 403: "status-403", 405: "status-405", 412: "status-412",
	418: "status-418", 429: "status-429", 503: "status-503", 521: "status-521",
	566: "status-566", 567: "status-567",
}
