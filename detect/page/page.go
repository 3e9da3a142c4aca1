// Package page reads a home page once: bytes to text, text tag by tag to what
// the rules ask about. It does not judge.
package page

// A Page is one HTML document, read.
type Page struct {
	URL     string // base for relative links
	Charset string // the encoding that was used, a WHATWG name ("utf-8", "gb18030", "big5", "utf-16le")
	Fault   Fault  // why the page could not be read whole; empty if it was

	Title       string // collapsed, as written
	Description string // meta description
	Keywords    string // meta keywords
	Generator   string // meta generator

	// Text is the text that a visitor sees, in document order, folded
	// (package fold): inline elements joined without a space, block elements
	// parted by "\n", white space collapsed. Raw is the same text as written.
	// Spans cover both without gaps.
	Text  string
	Raw   string
	Spans []Span

	Asides  []Aside  // text that a visitor does not see
	Links   []Link   // every a[href], area and onclick that opens an address, in document order
	Scripts []Script // every script, in document order
	Frames  []Frame  // frame and iframe
	Images  int      // img elements
	Media   int      // video, audio, canvas, object, embed and svg elements that are seen, and styles with a picture
	Drawn   []Drawn  // what is seen and is no text, in document order: the first and the last of many
	Traces  []Trace  // what may hold or write a filing number that Text does not show

	Refresh  string // target of an unconditional meta refresh of at most 5 s; "" if none
	Redirect string // target of an unconditional script redirect (DESIGN section 4); "" if none

	Visible    int    // visible characters, white space not counted
	Password   bool   // a visible password field
	AppRoot    bool   // an empty mount point (#app, #root, #__next …) with a script bundle
	Foot       int    // where in Text the foot begins that the markup names; -1 if it names none
	HasFoot    bool   // the static foot of the page is there: copyright line, address, contact
	UnreadFoot bool   // something that could still write a number into the foot is not read (foot script, fragment, iframe)
	Nodes      int    // elements
	Source     string // the whole page, decoded

	effort int // tags times the depth at which they stand: what a tree would cost
}

// Fault says why a page could not be read whole.
type Fault string

// The faults. With any of them, what was not seen is unknown.
const (
	FaultNone    Fault = ""
	FaultCut     Fault = "cut"      // the body was cut at the limit or ended early
	FaultDeep    Fault = "too-deep" // nesting beyond what browsers and parsers take (512)
	FaultCharset Fault = "charset"  // the encoding could not be told
	FaultBinary  Fault = "not-html" // the answer is not a page (image, archive, JSON …)
)

// A Span is a part of Text in one zone and at most one link.
type Span struct {
	Start, End       int // in Text
	RawStart, RawEnd int // in Raw
	Zone             Zone
	Link             int  // index into Links, -1 if not in a link
	Quote            bool // in comments, news, cases, an article: the words or affairs of others
}

// Zone is the part of a page in which a text stands.
type Zone uint8

// The zones.
const (
	ZoneBody    Zone = iota
	ZoneHeading      // h1–h3
	ZoneNav          // navigation, menus, breadcrumb
	ZoneFooter       // the foot of the page
	ZoneFriends      // friend links (友情链接): names that belong to others
)

// A Link is something a visitor can click.
type Link struct {
	Href    string // as written, entities decoded
	URL     string // resolved against the base; "" if it leads nowhere (#, javascript:, empty)
	Text    string // folded text within, with alt texts of images
	Zone    Zone
	OnClick bool // opened by a script handler, no href of its own
	Hidden  bool // within a hidden element: it covers no text
	Start   int  // where in Text it begins …
	End     int  // … and ends
}

// An Aside is text that a visitor does not see.
type Aside struct {
	Kind AsideKind
	Text string // folded
	Raw  string
	Foot bool // within the foot of the page
	Link int  // index into Links, -1 if not in a link
	At   int  // offset in Text at which it stands
	Mute bool // a script without a word of a filing number, plain or escaped
}

// AsideKind says how a text is kept from the visitor.
type AsideKind uint8

// The kinds of Aside.
const (
	AsideComment  AsideKind = iota
	AsideScript             // inline script
	AsideAlt                // alt, title, aria-label
	AsideHidden             // display:none, hidden, zero size
	AsideNoscript           // noscript
	AsideMeta               // meta content
)

// A Script is one script element.
type Script struct {
	Src    string // resolved; "" for an inline script
	Inline string // as written
	Runs   bool   // a browser runs it; data and templates it does not
	Foot   bool   // within the foot of the page
	Event  bool   // the handler of an event that comes without the visitor's doing (onload, onerror …)
}

// A Frame is one frame or iframe.
type Frame struct {
	Src   string // resolved
	Whole bool   // it is the whole page: a frameset, or an iframe with next to nothing beside it
	Foot  bool   // within the foot of the page
}
