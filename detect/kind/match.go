package kind

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/page"
)

// marks are what was found on one page: by fingerprint, the bits of the
// conditions that hold, and where in the text its words end.
type marks struct {
	held []uint16
	at   []int32
}

// match returns the kind of the first fingerprint whose conditions all hold.
// The parts of a page are read only as far as some fingerprint allows a page
// with so much text: of an ordinary page, little more than the title.
func (f *Fingerprints) match(l *look) (Kind, bool) {
	m := &marks{held: make([]uint16, len(f.all))}
	f.matchTitle(l, m)
	if l.visible <= f.widest[inText] {
		f.matchText(l, m)
	}
	if l.visible <= f.widest[inLeads] {
		f.matchLeads(l, m)
	}
	if l.visible <= f.widest[inHTML] {
		f.matchHTML(l, m)
	}
	for i := range f.all {
		if l.visible > f.bound[i] || !f.statusHolds(i, l) || f.all[i].Kind == Error && len(f.all[i].Status) == 0 && Refuses(l.status) {
			continue // what a refusal looks like says nothing more than that it is one
		}
		if f.needs[i]&bitHeader != 0 && f.headerHolds(i, l) {
			m.held[i] |= bitHeader
		}
		if m.held[i]|f.needs[i]&bitClear == f.needs[i] && f.clear(i, l) && f.alone(i, l) && f.selected(i, l) && !f.leftOver(i, l) {
			one := &f.all[i]
			return Kind{Name: one.Kind, Fingerprint: one.Name, Cause: one.Cause, Saw: f.saw(i, l, m)}, true
		}
	}
	return Kind{}, false
}

func (f *Fingerprints) matchTitle(l *look, m *marks) {
	if l.title == "" {
		return
	}
	w := &f.words[inTitle]
	w.matcher.Scan(l.title, func(word, end int) bool {
		if f.said(w, word, l.title, end) {
			m.held[w.owner[word]] |= 1 << inTitle
		}
		return true
	})
	for _, i := range f.titleIs[strings.ToLower(l.title)] {
		m.held[i] |= bitTitleIs
	}
}

// matchText finds the words of "text" and "with" in one pass.
func (f *Fingerprints) matchText(l *look, m *marks) {
	w, body := &f.words[inText], l.text()
	m.at = make([]int32, len(f.all))
	w.matcher.Scan(body, func(word, end int) bool {
		i := w.owner[word]
		switch {
		case word >= f.firstWith:
			m.held[i] |= 1 << inWith
		case m.held[i]&(1<<inText) == 0 && opens(body, end-w.length[word]) && f.said(w, word, body, end):
			m.held[i] |= 1 << inText
			m.at[i] = int32(min(end, 1<<31-1))
		}
		return true
	})
}

// said tells whether a word that ends at end of text counts: as a statement, if
// its fingerprint asks for one.
func (f *Fingerprints) said(w *words, word int, text string, end int) bool {
	return !f.all[w.owner[word]].Statement || states(text, end-w.length[word], end, w.first[word])
}

// maxLead is how far into its line the words may stand, in bytes (20 Han
// characters: a greeting, a name). Server pages say what they are at the
// beginning of a line; who quotes them has begun a sentence of his own.
const maxLead = 60

// opens tells whether a word that starts at offset at opens its line.
func opens(text string, at int) bool {
	return at-strings.LastIndexByte(text[:at], '\n')-1 <= maxLead
}

func (f *Fingerprints) matchLeads(l *look, m *marks) {
	w := &f.words[inLeads]
	for _, lead := range l.leads() {
		w.matcher.Scan(lead, func(word, _ int) bool {
			m.held[w.owner[word]] |= 1 << inLeads
			return true
		})
	}
}

// matchHTML reads the source only if a fingerprint could still be met by it.
func (f *Fingerprints) matchHTML(l *look, m *marks) {
	open := false
	for i := range f.all {
		rest := f.needs[i] &^ (m.held[i] | bitHeader | bitClear)
		open = open || rest == 1<<inHTML && l.visible <= f.bound[i]
	}
	if !open {
		return
	}
	w := &f.words[inHTML]
	w.matcher.Scan(l.source(), func(word, _ int) bool {
		m.held[w.owner[word]] |= 1 << inHTML
		return true
	})
}

func (f *Fingerprints) statusHolds(i int, l *look) bool {
	return len(f.all[i].Status) == 0 || l.status == 0 || slices.Contains(f.all[i].Status, l.status)
}

// clear tells whether none of the words of "without" is on the page. It is asked
// last, of the few fingerprints of which all else holds.
func (f *Fingerprints) clear(i int, l *look) bool {
	if f.needs[i]&bitClear == 0 {
		return true
	}
	w, clear := &f.words[inWithout], true
	for _, text := range []string{l.title, l.text()} {
		w.matcher.Scan(text, func(word, _ int) bool {
			clear = w.owner[word] != i
			return clear
		})
		if !clear {
			return false
		}
	}
	return true
}

// alone tells whether the page is none of those that only use the words of
// fingerprint i.
func (f *Fingerprints) alone(i int, l *look) bool {
	one := &f.all[i]
	if one.quoted && l.page != nil && l.ownFrame() {
		return false
	}
	return !one.Alone || l.page == nil || !hasMenu(l.page, one.Kind != Parked) && !(one.Kind == UnderConstruction && gallery(l.page))
}

// minGallery is how many pictures a page has at least that shows something of its
// own: a placeholder has a logo, a drawing and a code to scan.
const minGallery = 4

// gallery reports whether a page shows several pictures beside its foot.
func gallery(p *page.Page) bool {
	n := 0
	for _, d := range p.Drawn {
		if d.Picture() && !d.Foot && !d.Icon() {
			n++
		}
	}
	return n >= minGallery
}

// leftOver reports whether a title that fingerprint i goes by is left from the
// page of a server or a panel, and the page has a use of its own: a foot and a
// menu, or text without a word of such a page. Without [Fingerprint.Echo] it
// takes more than a few words, for some servers' own pages say little.
func (f *Fingerprints) leftOver(i int, l *look) bool {
	one := &f.all[i]
	titled := one.Kind == DefaultServer && len(one.Title)+len(one.TitleIs) > 0 && len(one.Text)+len(one.HTML)+len(one.Leads)+len(one.Header)+len(one.Select) == 0
	if !one.Echo && !titled || l.page == nil {
		return false
	}
	if one.Echo {
		return l.usedOtherwise(1)
	}
	return l.usedOtherwise(fewTitled)
}

// usedOtherwise reports whether a page under the title of a server's has a use
// of its own: see [Fingerprints.leftOver]. Its text has so many characters at
// least, beside the title, where it tells so without a menu and a foot.
func (l *look) usedOtherwise(least int) bool {
	if l.ownFrame() {
		return true
	}
	text := strings.TrimSpace(strings.ReplaceAll(l.text(), l.title, ""))
	return utf8.RuneCountInString(text) >= least && !echoes.MatchString(text)
}

// ownFrame reports whether a page has a menu of its own site and a foot that is no
// server's.
func (l *look) ownFrame() bool {
	return l.page.HasFoot && hasMenu(l.page, true) && !serverFoot(l.text())
}

// fewTitled is how many characters a page has at least, beside its title, that
// tells by its text that the title is left over.
const fewTitled = 60

// serverFoot reports whether the foot of a page may be that of a server's
// maker: their pages have menus and copyright lines too.
func serverFoot(text string) bool {
	return !strings.Contains(text, "版权所有") && !strings.Contains(text, "地址") && !strings.Contains(text, "icp备") && !strings.Contains(text, "公司")
}

// echoes are the words of which the page of a server or a panel has one.
var echoes = expr(`server|nginx|apache|welcome|install|default|hosting|works|php|success|index\.|tomcat|jboss|wildfly|jetty|服务器|站点|网站|默认|成功|面板|页面|目录|安装|配置|绑定|主机|虚拟|空间|管理员|暂停|停止|到期|域名|suspend|account|contact`)

// headerHolds tells whether one of the header conditions is met.
func (f *Fingerprints) headerHolds(i int, l *look) bool {
	if l.answer == nil {
		return false
	}
	for _, h := range f.headers[i] {
		for _, v := range l.answer.Header.Values(h.name) {
			if strings.Contains(strings.ToLower(v), h.value) {
				return true
			}
		}
	}
	return false
}

// saw gives the words that decided, the most telling first.
func (f *Fingerprints) saw(i int, l *look, m *marks) string {
	one, held := &f.all[i], m.held[i]
	switch {
	case held&(1<<inText) != 0:
		return l.line(int(m.at[i]))
	case held&(1<<inTitle|bitTitleIs) != 0:
		return short(l.page.Title)
	case held&(1<<inLeads) != 0:
		for _, lead := range l.leads() {
			if hasAny(strings.ToLower(lead), one.Leads) {
				return short(lead)
			}
		}
		return short(one.Leads[0])
	case held&bitHeader != 0:
		return short(one.Header[0])
	}
	if len(one.HTML) > 0 {
		return short(one.HTML[0])
	}
	return short(one.Select[0])
}
