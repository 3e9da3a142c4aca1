package register

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// An Answer says how the JSON of a service is read. Names of fields are
// compared without case; a.b is the field b of the object a.
type Answer struct {
	Records     string              `yaml:"records"`      // where the records are; "": the usual places are tried
	Total       []string            `yaml:"total"`        // where the number of records is, before the usual places
	Fields      map[string][]string `yaml:"fields"`       // our name of a fact → names of the field, before the usual ones
	OK          []string            `yaml:"ok"`           // FIELD=VALUE, one of which must hold; "": code=200, where there is a code
	Empty       []string            `yaml:"empty"`        // FIELD=VALUE that says "no record", beside an empty list
	EmptyStatus []int               `yaml:"empty-status"` // HTTP statuses that say "no record"
}

// usual are the names under which services give each fact.
var usual = map[string][]string{
	"domain":  {"domain", "website.domain", "域名"},
	"number":  {"serviceLicence", "service_licence", "website.license", "网站备案号"},
	"base":    {"mainLicence", "main_licence", "subject.license", "icp", "license", "licence", "备案号", "主体备案号"},
	"subject": {"unitName", "unit_name", "subject.name", "主办单位名称", "主办单位", "name"},
	"nature":  {"natureName", "subject.nature", "nature", "主办单位性质"},
	"updated": {"updateRecordTime", "verifyTime", "updateTime", "subject.updateTime", "审核日期", "审核通过日期"},
}

// recordPlaces are where services put their records.
var recordPlaces = []string{"params.list", "data.list", "data.records", "data", "result", "list"}

// fields are the names of each fact, in the order in which they are tried.
type fields map[string][]string

func newFields(own map[string][]string) fields {
	f := fields{}
	for fact, names := range usual {
		f[fact] = append(slices.Clone(own[fact]), names...)
	}
	return f
}

// check says what of the description cannot be.
func (a *Answer) check() error {
	for fact := range a.Fields {
		if usual[fact] == nil {
			return message.Errorf("answer.fields：%q 不在其中：%s", "answer.fields: %q is none of %s", fact, strings.Join(slices.Sorted(maps.Keys(usual)), ", "))
		}
	}
	for _, test := range append(slices.Clone(a.OK), a.Empty...) {
		if !strings.Contains(test, "=") {
			return message.Errorf("answer：%q：请写成 字段=值，例如 code=200", "answer: %q: write FIELD=VALUE, like code=200", test)
		}
	}
	return nil
}

// A record is one filing in an answer.
type record struct {
	domain  string // registrable, A-label; "" if none is given
	number  string // with -N, if given
	base    string // without
	subject string
	nature  string
	updated time.Time
}

// read reads one JSON value, whose numbers stay as written.
func read(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, noAnswer("the answer is no JSON")
	}
	return v, nil
}

// at finds the value at a dotted path; false if it is not there.
func at(v any, path string) (any, bool) {
	for name := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = object[name]; ok {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if strings.EqualFold(key, name) {
				v, ok = object[key], true
				break
			}
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

// word is a plain value as text, fit to be shown; "" for anything else.
func word(v any) string {
	switch v := v.(type) {
	case string:
		if len(v) <= wordMost {
			return strings.TrimSpace(crawler.Detail(v))
		}
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// wordMost bounds a fact in bytes: what is longer is none.
const wordMost = 200

// holds reports whether one of the tests FIELD=VALUE holds; there reports whether
// any of the fields is there at all.
func holds(v any, tests []string) (ok, there bool) {
	for _, test := range tests {
		field, want, _ := strings.Cut(test, "=")
		if got, found := at(v, strings.TrimSpace(field)); found {
			there = true
			if word(got) == strings.TrimSpace(want) {
				return true, true
			}
		}
	}
	return false, there
}

// filingNumber is the form that every filing number has: a licence's, or a
// province and ICP.
var filingNumber = regexp.MustCompile(`\p{Han}ICP[备備证證]\d{5,}|[AB][0-9.AB]{1,9}-\d{6,}`)

// record reads the facts of one object; false without a filing number.
func (f fields) record(v any) (record, bool) {
	get := func(fact string) string {
		for _, name := range f[fact] {
			if got, ok := at(v, name); ok {
				if s := word(got); s != "" {
					return s
				}
			}
		}
		return ""
	}
	number := func(fact string) string {
		s := strings.ReplaceAll(get(fact), " ", "")
		if !filingNumber.MatchString(s) {
			return ""
		}
		return s
	}
	r := record{number: number("number"), base: number("base"), subject: get("subject"), nature: get("nature"), updated: day(get("updated"))}
	if name, err := dns.Name(get("domain")); err == nil {
		r.domain = registrable(name)
	}
	return r, r.number != "" || r.base != ""
}

// best is the fullest number of a record.
func (r *record) best() string {
	if r.number != "" {
		return r.number
	}
	return r.base
}

// beijing is the zone of the register's times.
var beijing = time.FixedZone("CST", 8*60*60)

// day reads a time in the forms that services have; zero if it is none.
func day(s string) time.Time {
	for _, layout := range []string{time.DateTime, time.DateOnly, time.RFC3339, "2006/1/2 15:04:05", "2006/1/2"} {
		if t, err := time.ParseInLocation(layout, s, beijing); err == nil && t.Year() >= 1998 && t.Year() <= 2120 {
			return t
		}
	}
	return time.Time{}
}

// registrable returns the domain that a filing is made for.
func registrable(name string) string {
	if apex, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return apex
	}
	return name
}
