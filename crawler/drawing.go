package crawler

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// A Drawing is how a browser drew a page: what the page itself, in
// [Observation.Rendered], does not say.
type Drawing struct {
	URL      string        // the address that was asked for
	Browser  string        // product and version: "HeadlessChrome/156.0.8078.108"
	At       time.Time     // when the drawing began
	Took     time.Duration // wall time, without the wait for a free tab
	Requests int           // requests that the page made, pictures included
	// Flaws are why the page is not whole; none: it is. At most maxFlaws are kept.
	Flaws []Flaw
	// Failure is why the address gave the browser no page at all, with the
	// browser's own word (net::ERR_…) in its detail; nil if a page came or our
	// browser failed. It is the site's answer to a visitor's browser.
	Failure *Failure
	// Boxes are what a visitor sees in the picture; none where no picture was taken.
	Boxes []Box
	// Clicks are those that were tried on texts of the page, as its drawer was told.
	Clicks []Click
	// Sources are what the page was made of, if all of it can be asked for again;
	// nil if not, if nobody wanted to know, and in evidence.
	Sources *Sources
}

// A Look is asked what more is wanted of a page that a browser has just drawn into an
// observation, which it must not change: whether a picture of its foot, and which of its
// texts are to be clicked, to see what that opens. It is asked again once they were.
type Look func(*Observation) (picture bool, click []string)

// A Box is where something stands in the picture of a drawn page, in its pixels from
// the left upper corner.
type Box struct {
	X, Y, Width, Height int
	Text                string // what is read there, at most some 240 bytes of it …
	Foot                bool   // … or that the page's markup names it as its foot
}

// A Click is what a script of a page does when a visitor clicks on a text.
type Click struct {
	Text   string   // as it was to be clicked
	Opened []string // what it would have opened, in a window or in the page's place; at most eight
	// Sure says that it opens nothing else: the text was clicked where a visitor sees it,
	// and nothing was refused that may have led further.
	Sure bool
}

// Sources are the answers that a drawn page was made of: from the same ones the
// same browser makes the same page.
type Sources struct {
	Document []byte // the page's own document, decoded by the browser
	Parts    []Part // its scripts, style sheets, data and frames, in the order of their URLs
}

// A Part is one answer that a drawn page was made of.
type Part struct {
	URL    string // as it was first asked for, before redirects
	Status int
	Digest string // of the body
}

// NewPart names an answer. A mark of the byte order, which browsers take off, is
// left out.
func NewPart(url string, status int, body []byte) Part {
	sum := sha256.Sum256(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	return Part{url, status, hex.EncodeToString(sum[:16])}
}

// A Flaw is one reason why a drawn page may lack what a visitor sees.
type Flaw struct {
	Reason DrawReason
	URL    string // what failed, cut; empty where it is no single request
	Detail string // the browser's word or the status
}

// DrawReason says why a drawing is not whole.
type DrawReason string

// The reasons.
const (
	// DrawRequest: a script, style sheet, data request or frame failed by the
	// network, our guard, a limit or our time, or a firewall refused it to us.
	DrawRequest DrawReason = "script-failed"
	// DrawIncomplete: the page did not come to an end: it went on to other
	// addresses without end, its process died, or its DOM passed the limit.
	DrawIncomplete DrawReason = "rendering-incomplete"
	DrawLate       DrawReason = "not-drawn-in-time" // the time of one page was over
	DrawDialog     DrawReason = "dialog"            // it asked a question that only a person answers
	DrawRequests   DrawReason = "too-many-requests" // it made more requests than one page may
)

// maxFlaws bounds what is kept of the reasons: the first ones say enough.
const maxFlaws = 20

// Whole reports whether the page was drawn to its end with all that a visitor
// gets.
func (d *Drawing) Whole() bool { return d != nil && d.Failure == nil && len(d.Flaws) == 0 }

// Add keeps a flaw, if it is not known yet and there is room.
func (d *Drawing) Add(f Flaw) {
	f.URL, f.Detail = Detail(f.URL), Detail(f.Detail)
	if len(d.Flaws) >= maxFlaws {
		return
	}
	for _, g := range d.Flaws {
		if g == f {
			return
		}
	}
	d.Flaws = append(d.Flaws, f)
}
