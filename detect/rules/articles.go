package rules

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// lawFiles are the laws, orders and lists in which duties are written, one a
// file, so that a new one is a new file:
//
//	zh TITLE            its name in Chinese
//	en TITLE            and in English
//	since 2026-10-01    in force since; left out if not known
//	until 2026-10-01    until; left out while it is in force
//	link ADDRESS        only an address that is stable: the register's own or a publication's
//	beside NAME         it speaks of the same duties as the law of that file, and is named beside it
//	replaces NAME       from its "since" on it stands in place of that law
//
//go:embed laws/*.txt
var lawFiles embed.FS

// A law is one of them.
type law struct {
	zh, en, since, until, link, beside, replaces string
}

// laws reads the files. They are held to their form by a test.
var laws = sync.OnceValue(func() map[string]*law {
	all := map[string]*law{}
	entries, err := lawFiles.ReadDir("laws")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		text, err := lawFiles.ReadFile(path.Join("laws", e.Name()))
		if err != nil {
			panic(err)
		}
		l, err := readLaw(string(text))
		if err != nil {
			panic(fmt.Errorf("laws/%s: %w", e.Name(), err))
		}
		all[strings.TrimSuffix(e.Name(), ".txt")] = l
	}
	return all
})

func readLaw(text string) (*law, error) {
	l := &law{}
	fields := map[string]*string{"zh": &l.zh, "en": &l.en, "since": &l.since, "until": &l.until, "link": &l.link, "beside": &l.beside, "replaces": &l.replaces}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, _ := strings.Cut(line, " ")
		to := fields[key]
		if to == nil || value == "" {
			return nil, fmt.Errorf("%q: write zh, en, since, until, link, beside or replaces, and a value", line)
		}
		*to = strings.TrimSpace(value)
	}
	for _, day := range []string{l.since, l.until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return nil, fmt.Errorf("%q is no day: write 2026-11-28", day)
		}
	}
	if l.zh == "" || l.en == "" {
		return nil, fmt.Errorf("a law has no name in one of the languages")
	}
	if l.replaces != "" && l.since == "" {
		return nil, fmt.Errorf("a law that replaces another needs the day from which it does")
	}
	return l, nil
}

// inLaw makes the source of a rule: a place in a law, with the laws beside it
// and the one that replaces it, in the order of their names.
func inLaw(name, place string) detect.Article {
	l := laws()[name]
	a := detect.Article{Law: detect.Text{ZH: l.zh, EN: l.en}, Place: place, Link: l.link, Since: l.since, Until: l.until}
	var others []string
	for other := range laws() {
		others = append(others, other)
	}
	slices.Sort(others)
	for _, other := range others {
		switch o := laws()[other]; name {
		case o.beside:
			a.Also.ZH += "；另见" + o.zh + sinceText(o.since).ZH
			a.Also.EN += "; see also " + o.en + sinceText(o.since).EN
		case o.replaces:
			a.Until = o.since
			a.Also.ZH += "；自 " + o.since + " 起由" + o.zh + "代替"
			a.Also.EN += "; replaced by " + o.en + " from " + o.since + " on"
		}
	}
	return a
}

func sinceText(day string) detect.Text {
	if day == "" {
		return detect.Text{}
	}
	return detect.Text{ZH: "（" + day + " 起施行）", EN: " (in force since " + day + ")"}
}

// order33 is 《非经营性互联网信息服务备案管理办法》.
func order33(place string) detect.Article { return inLaw("order33", place) }

// decree292 is 《互联网信息服务管理办法》.
func decree292(place string) detect.Article { return inLaw("decree292", place) }

// police33 is 《计算机信息网络国际联网安全保护管理办法》.
func police33(place string) detect.Article { return inLaw("police33", place) }

// reviewers is the list of reasons for which a provider's reviewers reject a
// filing, and what they advise.
func reviewers(place string) detect.Article { return inLaw("reviewers", place) }

// notice264 is 《工业和信息化部关于规范互联网信息服务使用域名的通知》.
func notice264(place string) detect.Article { return inLaw("notice264", place) }

// ecommerce is 《中华人民共和国电子商务法》.
func ecommerce(place string) detect.Article { return inLaw("ecommerce", place) }

// shellNotice is the notice by which empty filings are cleared away.
func shellNotice(place string) detect.Article { return inLaw("notice279", place) }
