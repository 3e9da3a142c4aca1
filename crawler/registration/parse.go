package registration

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
)

// Bounds on what an answer may put into a registration. The longest name of a
// unit has some 50 characters; a domain has up to 13 name servers and a dozen
// statuses.
const (
	valueMost = 200 // bytes; what is longer is no value
	listMost  = 20
)

// beijing is the zone of CNNIC's times.
var beijing = time.FixedZone("CST", 8*60*60)

// parse reads the "key: value" lines of CNNIC (Registrant, Sponsoring
// Registrar, Registration Time …) and those that ICANN prescribes (Registrant
// Organization, Registrar, Creation Date …) from reg.Raw.
func parse(reg *crawler.Registration) *crawler.Failure {
	text, ok := decode(reg.Raw)
	if !ok {
		return crawler.NewFailure(crawler.FailGarbage, "the answer is neither UTF-8 nor GB 18030")
	}
	if strings.TrimSpace(text) == "" {
		return crawler.NewFailure(crawler.FailGarbage, "the answer is empty")
	}
	// A line without its end may be cut in the middle of a name.
	whole := text[:strings.LastIndexByte(text, '\n')+1]
	var f fields
	for line := range strings.Lines(whole) {
		f.take(line)
	}
	if f.domain == "" {
		return refusal(text)
	}
	if name, err := dns.Name(f.domain); err != nil || name != reg.Domain {
		return crawler.NewFailure(crawler.FailGarbage, "the answer is about another name: "+f.domain)
	}
	if !f.ended {
		return crawler.NewFailure(crawler.FailGarbage, "the answer ends early")
	}
	reg.Holder, reg.Redacted = holder(f.org, f.holder)
	reg.Registrar, reg.RegistrarID = f.registrar, f.registrarID
	reg.Statuses, reg.NameServers = f.statuses, f.servers
	reg.Registered, reg.Expires = f.registered, f.expires
	return nil
}

// decode returns the text of an answer. CNNIC writes UTF-8; older servers write
// GB 18030.
func decode(raw []byte) (string, bool) {
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff"), true
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || strings.ContainsRune(string(text), utf8.RuneError) {
		return "", false
	}
	return string(text), true
}

// fields are the facts of a WHOIS answer as they are met.
type fields struct {
	domain, holder, org, registrar, registrarID string
	statuses, servers                           []string
	registered, expires                         time.Time
	ended                                       bool // the last of its lines was met
}

// take reads one line.
func (f *fields) take(line string) {
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return
	}
	key = strings.ToLower(strings.TrimSpace(key))
	if strings.HasPrefix(key, ">>> last update") {
		f.ended = true
	}
	if value = clean(value); value == "" {
		return
	}
	switch key {
	case "domain name":
		first(&f.domain, value)
	case "registrant", "registrant name":
		first(&f.holder, value)
	case "registrant organization":
		first(&f.org, value)
	case "sponsoring registrar", "registrar":
		first(&f.registrar, value)
	case "registrar iana id":
		first(&f.registrarID, value)
	case "domain status":
		word, _, _ := strings.Cut(value, " ") // ICANN's form has a link behind it
		f.statuses = add(f.statuses, word)
	case "name server":
		f.servers = add(f.servers, strings.ToLower(value))
	case "registration time", "creation date":
		moment(&f.registered, value)
	case "expiration time", "registry expiry date", "registrar registration expiration date":
		moment(&f.expires, value)
		f.ended = true
	case "dnssec":
		f.ended = true
	}
}

// clean makes a value fit to be kept: one line without control characters; ""
// if it is longer than any real one, since half a name is another name.
func clean(value string) string {
	if len(value) > valueMost {
		return ""
	}
	return strings.TrimSpace(crawler.Detail(value))
}

func first(p *string, value string) {
	if *p == "" {
		*p = value
	}
}

func add(list []string, value string) []string {
	if len(list) >= listMost || slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}

// moment reads a time: CNNIC's form is in China's time and has no zone.
func moment(p *time.Time, value string) {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		at, err = time.ParseInLocation(time.DateTime, value, beijing)
	}
	if err == nil && p.IsZero() && at.Year() >= 1985 && at.Year() <= 2120 {
		*p = at
	}
}

// hidingWords stand where a registry or a privacy service has put itself in the
// holder's place.
var hidingWords = []string{"redacted", "privacy", "withheld", "not disclosed", "non-public", "data protected", "masked", "whoisguard", "domains by proxy", "隐私", "不公开", "已隐藏", "***", "xxxx"}

// holder chooses the name of the organisation over that of a person, and tells
// whether the registry hides it.
func holder(names ...string) (name string, redacted bool) {
	for _, n := range names {
		lower := strings.ToLower(n)
		switch {
		case n == "":
		case slices.ContainsFunc(hidingWords, func(w string) bool { return strings.Contains(lower, w) }):
			redacted = true
		default:
			return n, false
		}
	}
	return "", redacted
}

// refusals are the words with which servers say, in place of a record, that
// there is none or that they will not tell. The first that is met decides.
var refusals = []struct {
	word string
	kind crawler.FailureKind
}{
	{"queried interval is too short", crawler.FailThrottled},
	{"too many", crawler.FailThrottled},
	{"rate limit", crawler.FailThrottled},
	{"limit exceeded", crawler.FailThrottled},
	{"quota", crawler.FailThrottled},
	{"try again later", crawler.FailThrottled},
	{"过于频繁", crawler.FailThrottled},
	{"access denied", crawler.FailDenied},
	{"not authorized", crawler.FailDenied},
	{"no matching record", crawler.FailNoRecord},
	{"no match", crawler.FailNoRecord},
	{"not found", crawler.FailNoRecord},
	{"no data found", crawler.FailNoRecord},
	{"no entries found", crawler.FailNoRecord},
	{"is reserved", crawler.FailNoRecord},
}

// refusal sorts an answer that holds no record.
func refusal(text string) *crawler.Failure {
	lower := strings.ToLower(text)
	for _, r := range refusals {
		if strings.Contains(lower, r.word) {
			return crawler.NewFailure(r.kind, strings.TrimSpace(text))
		}
	}
	return crawler.NewFailure(crawler.FailGarbage, "no line \"Domain Name\": "+strings.TrimSpace(text))
}
