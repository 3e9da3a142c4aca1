package kind

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Fingerprint is how one sort of page is recognised. Every condition that is
// given must hold; within one condition, one of its entries is enough. Words
// are compared in folded form (package fold) without regard to ASCII case.
type Fingerprint struct {
	Name  string `yaml:"name"`  // unique, lower case with hyphens: "nginx", "aliyun-block"
	Kind  Name   `yaml:"kind"`  // what the page is; "normal" shields a page from the fingerprints that follow
	Cause string `yaml:"cause"` // whose page it is, for reports: "Aliyun", "nginx"

	Status  []int    `yaml:"status"`   // the HTTP status is one of these; holds where no status is known (a file)
	Header  []string `yaml:"header"`   // "Server: Beaver": the header contains the words; "X-Waf:": it is there
	Title   []string `yaml:"title"`    // the title contains one of these
	TitleIs []string `yaml:"title_is"` // the whole title is one of these
	Text    []string `yaml:"text"`     // the visible text contains one of these, near the beginning of a line
	With    []string `yaml:"with"`     // … and one of these, anywhere
	Without []string `yaml:"without"`  // title and visible text contain none of these
	HTML    []string `yaml:"html"`     // the source contains one of these
	Leads   []string `yaml:"leads"`    // the address, or that of a redirect, frame or script, contains one of these
	Select  []string `yaml:"select"`   // an element matches one of these CSS selectors; looked at last, because it takes a tree

	// Alone says that ordinary sites use the words too: a page that has a menu of
	// its own is not it.
	Alone bool `yaml:"alone"`
	// Statement says that the words of title and text must be a statement of their
	// own: 网站维护中, 请稍候, not 网站维护中的常见问题. A word that opens with ^ must
	// begin it: ^敬请期待 is not in 新品敬请期待.
	Statement bool `yaml:"statement"`
	// Echo says that programs are put where such a page was and its title is left:
	// a page whose text has no word of a server, panel or host is not it.
	Echo bool `yaml:"echo"`

	// MaxVisible is the largest number of visible characters that such a page
	// has, white space not counted; 0 means [DefaultMaxVisible]. It keeps an
	// article that quotes the words from being taken for the page itself.
	MaxVisible int `yaml:"max_visible"`

	quoted bool // others than the page itself say its words: see quotable
}

// DefaultMaxVisible holds for fingerprints that state no bound of their own:
// the default and error pages of servers have 20 to 500 visible characters,
// the home page of an ordinary company 300 and more with no such words.
const DefaultMaxVisible = 600

// kinds are the words that a fingerprint may name.
var kinds = []Name{Normal, DefaultServer, Suspended, UnderConstruction, Parked, Block, Challenge, SPAShell, Error, Blank, Listing, Login}

// check says what is wrong with a fingerprint, for the person who wrote it.
func (f *Fingerprint) check() error {
	if f.Name == "" {
		return message.Errorf("有一个指纹没有名称：请在“name”中写明", "a fingerprint has no name: give it one in the field \"name\"")
	}
	if !slices.Contains(kinds, f.Kind) {
		return message.Errorf("指纹 %q：种类 %q 无效：可用 %s", "fingerprint %q: unknown kind %q: use one of %s", f.Name, f.Kind, list(kinds))
	}
	if len(f.Header)+len(f.Title)+len(f.TitleIs)+len(f.Text)+len(f.HTML)+len(f.Leads)+len(f.Select) == 0 {
		return message.Errorf("指纹 %q 没有识别页面的条件：请写 title、title_is、text、html、header、leads 或 select（只有 status 和 with 不够）", "fingerprint %q has no condition that tells the page: give it title, title_is, text, html, header, leads or select (status and with alone are not enough)", f.Name)
	}
	if len(f.With) > 0 && len(f.Text) == 0 {
		return message.Errorf("指纹 %q 有“with”而没有“text”：请把词写进“text”", "fingerprint %q has \"with\" without \"text\": put the words in \"text\"", f.Name)
	}
	if f.MaxVisible < 0 {
		return message.Errorf("指纹 %q：max_visible 为 %d：请用正数，或不写（即 %d）", "fingerprint %q: max_visible is %d: use a positive number, or leave it out for %d", f.Name, f.MaxVisible, DefaultMaxVisible)
	}
	for _, s := range f.Status {
		if s < 100 || s > 599 {
			return message.Errorf("指纹 %q：%d 不是 HTTP 状态码", "fingerprint %q: %d is no HTTP status", f.Name, s)
		}
	}
	return f.checkWords()
}

// checkWords refuses words that would match everywhere.
func (f *Fingerprint) checkWords() error {
	for _, h := range f.Header {
		if name, _, ok := strings.Cut(h, ":"); !ok || strings.TrimSpace(name) == "" {
			return message.Errorf("指纹 %q：响应头 %q 没有名称：请写如“Server: nginx”", "fingerprint %q: header %q has no name: write it like \"Server: nginx\"", f.Name, h)
		}
	}
	for field, words := range map[string][]string{
		"title": f.Title, "title_is": f.TitleIs, "text": f.Text, "with": f.With, "without": f.Without, "html": f.HTML, "leads": f.Leads,
	} {
		for _, w := range words {
			if utf8.RuneCountInString(foldWord(strings.TrimPrefix(w, "^"))) < 2 {
				return message.Errorf("指纹 %q：%s：%q 太短，无法识别页面：请至少写两个字符", "fingerprint %q: %s: %q is too short to tell a page: use at least two characters", f.Name, field, w)
			}
		}
	}
	return nil
}

func list(names []Name) string {
	var s []string
	for _, n := range names {
		s = append(s, string(n))
	}
	return strings.Join(s, ", ")
}

// Fingerprints recognise pages. They never change after they are made and are
// safe for use by many goroutines.
type Fingerprints struct {
	all []Fingerprint // in the order of precedence
	compiled
}

// Default returns the fingerprints that come with the program.
func Default() *Fingerprints { return builtIn() }

// All returns the fingerprints in order of precedence, for lists and tests.
func (f *Fingerprints) All() []Fingerprint { return slices.Clone(f.all) }

// With returns the fingerprints with the user's own in front of them, so that
// the user's are tried first. Names must differ from each other and from those
// that are there already.
func (f *Fingerprints) With(user []Fingerprint) (*Fingerprints, error) {
	return compile(append(slices.Clone(user), f.all...))
}

// BlockAddress reports whether address is one to which a provider sends the
// visitors of a name that is not filed with it, and returns the kind of page
// that stands there. A redirect to it is proof by itself, whatever answers there.
func BlockAddress(address string) (k Kind, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return Kind{}, false
	}
	// Host and path alone: the words in a query are anybody's.
	where := strings.ToLower(u.Hostname() + u.Path)
	for i := range blocks {
		for _, lead := range blocks[i].Leads {
			if where == lead || strings.HasSuffix(where, "."+lead) || strings.HasPrefix(where, lead+"/") {
				return Kind{Name: Block, Fingerprint: blocks[i].Name, Cause: blocks[i].Cause, Saw: short(address)}, true
			}
		}
	}
	return Kind{}, false
}
