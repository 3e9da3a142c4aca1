package detect

import "strings"

// An Article says where a duty is written.
type Article struct {
	Law   Text   // the law or the provider's documentation
	Place string // article, section
	Link  string // empty if there is no stable address
	Since string // in force since, YYYY-MM-DD; empty if not known
	Also  Text   // the laws beside it and the one that replaces it, as the end of a sentence; empty if there is none
	Until string // replaced on, YYYY-MM-DD; empty while in force
}

// Cite names the law, the place in it, and since when and until when it is in force; the
// zero Text for an article of no law. A place may be in both languages: 第十三条 / article 13.
func (a Article) Cite() Text {
	if a.Law.ZH == "" {
		return Text{}
	}
	t := a.Law
	if zh, en, both := strings.Cut(a.Place, " / "); zh != "" {
		if !both {
			en = zh
		}
		if !strings.HasPrefix(zh, "第") {
			zh = "，" + zh
		}
		t = Text{ZH: t.ZH + zh, EN: t.EN + ", " + en}
	}
	if a.Since != "" {
		t = Text{ZH: t.ZH + "（" + a.Since + " 起施行）", EN: t.EN + " (in force since " + a.Since + ")"}
	}
	t = Text{ZH: t.ZH + a.Also.ZH, EN: t.EN + a.Also.EN}
	if a.Until != "" {
		t = Text{ZH: t.ZH + "（" + a.Until + " 止）", EN: t.EN + " (until " + a.Until + ")"}
	}
	return t
}
