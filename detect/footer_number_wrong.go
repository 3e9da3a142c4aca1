package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// footerNumberWrong: 标明其备案编号 — its own. Providers' checks call it
// 悬挂错误的备案号. The base of the number decides whose it is.
var footerNumberWrong = &Rule{
	ID:       "footer-number-wrong",
	Severity: Violation,
	Title:    Text{"页面标明的不是本网站的备案号", "the filing number shown is not this site's"},
	Rationale: Text{
		"首页标明的备案号必须属于本网站的主办单位。常见原因是照搬模板或其他网站的页脚；App、小程序的备案号也不能代替网站备案号。核查时按“未标明备案号”或“悬挂错误备案号”处理。",
		"The number on the home page must be that of this site's subject. Feet copied from a template or another site are the usual cause; the number of an app or mini-program does not stand in for the site's. Checks treat it as a missing or wrong number.",
	},
	Remedy: Text{
		"请把页脚的备案号改为本网站的备案号。",
		"Replace the number at the foot with this site's own.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: Policies{
		Filing:   Text{"已备案：主体号不同为违规，同一主体的另一个 -N 为提示；未知：只有 App 或小程序备案号时为警告；未知或未备案而登记库在该号下没有本域名：警告，未备案为违规", "filed: violation for another base, notice for another -N of the same base; unknown: warning for an app's or mini-program's number alone; unknown or unfiled, and the register does not list this domain under the number: warning, violation when unfiled"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"没有有效备案；落在其他域名；页面上没有编号", "no filing in force; landed on another domain; no number on the page"},
		Unknown:  Text{"不知道该域名的备案号，或登记的备案号无法识别；只有许可证形式的编号，而登记的不是此形式；只有他人的备案号；页面没有收全；页脚还会由脚本写入", "the filed number is not known or cannot be read; only a licence-form number where the filed one has another form; only numbers of others; page not whole; scripts still write into the foot"},
	},
	Dated: true, // what the register says of a number grows old
	Check: checkNumberWrong,
}

func checkNumberWrong(c *Case) Outcome {
	if o, ok := unlisted(c); ok {
		return o
	}
	if o, ok := footerDuty(c); !ok {
		return o
	}
	own := shownNumbers(c)
	if len(own) == 0 {
		return noNumber(c)
	}
	known := filed(c)
	n := sortNumbers(known, own)
	switch unread := unreadNumber(c, known); {
	case n.right:
		return pass()
	case len(known) == 0 && len(n.apps) == 0:
		return unknown(ReasonNumberNotKnown)
	case unread != "":
		return unknown(unread)
	case n.sibling != "":
		return found(Notice, wrongFinding(c, []string{n.sibling}, Text{
			"主体相同，但与登记的网站备案号序号不同", "same subject, another site of it than the one that is filed for this domain",
		}))
	case len(n.others) == 0 && len(n.apps) > 0:
		severity := Violation
		if c.Filing.Status == crawler.FilingUnknown {
			severity = Warning
		}
		return found(severity, wrongFinding(c, n.apps, Text{
			"只有 App（A）、小程序（X）或快应用（K）的备案号", "only the number of an app (A), a mini-program (X) or a quick app (K)",
		}))
	case len(known) == 0:
		return unknown(ReasonNumberNotKnown) // an app's number beside another's
	case len(n.others) == 0:
		return unknown(ReasonLicenceForm)
	case filedUnreadable(c):
		return unknown(ReasonNumberNotKnown)
	}
	return found(Violation, wrongFinding(c, n.others, Text{
		"与登记的备案号不属于同一主体", "of another subject than the filed number",
	}))
}

// sortedNumbers are the numbers on a page by whose they are.
type sortedNumbers struct {
	right   bool     // one that may stand on this site is among them
	sibling string   // one of the same subject's other sites
	apps    []string // those of apps, mini-programs and quick apps
	others  []string // those of other subjects
}

func sortNumbers(known, own []number.ICP) sortedNumbers {
	var s sortedNumbers
	for _, n := range own {
		switch {
		case n.Service != "":
			s.apps = append(s.apps, n.Number)
		case hasBase(known, n):
			s.right = s.right || exactOrBase(known, n)
			s.sibling = n.Number
		case len(known) == 0 || sameForm(known, n):
			s.others = append(s.others, n.Number)
		}
		// else a licence beside a filing, or the other way round: no word against it
	}
	return s
}

// unreadNumber says why the right number may stand on the page unseen beside
// the wrong one, or in its place once scripts have run: the page was not read
// whole, its foot is still to be written, or a script holds the right number.
func unreadNumber(c *Case, known []number.ICP) Reason {
	switch {
	case c.Home.Fault != page.FaultNone:
		return faultReason(c.Home.Fault)
	case footUnread(c):
		return ReasonDrawnByScript
	case !c.Rendered && slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Place == number.Script && hasBase(known, n) }):
		return ReasonOnlyInScript
	}
	return ""
}

// exactOrBase tells whether a number with a known base is one that may stand
// on this site: the filed one, or the subject's number without -N on either
// side. Several domains of one site may show the subject's number.
func exactOrBase(known []number.ICP, shown number.ICP) bool {
	return slices.ContainsFunc(known, func(f number.ICP) bool {
		return f.SameBase(shown) && (f.Suffix == shown.Suffix || f.Suffix == 0 || shown.Suffix == 0)
	})
}

// sameForm tells whether one of the known numbers has the form of the one
// shown. A subject's licence and its filing have numbers that share nothing, so
// one says nothing against the other.
func sameForm(known []number.ICP, shown number.ICP) bool {
	return slices.ContainsFunc(known, func(f number.ICP) bool { return f.Form == shown.Form })
}

func wrongFinding(c *Case, shown []string, why Text) Finding {
	list := quoted(shown)
	saw := Text{"页面显示 " + list.ZH + "：" + why.ZH, "the page shows " + list.EN + ": " + why.EN}
	if c.Filing.Number != "" {
		saw.ZH += "；登记的备案号为“" + c.Filing.Number + "”"
		saw.EN += "; the filed number is \"" + c.Filing.Number + "\""
	}
	return Finding{
		Where: homeWhere(c),
		Saw:   saw,
		Fix: Text{
			"请把页脚的备案号改为本网站自己的备案号（见下面的代码）；如果清单中的备案号有误，请更正清单。",
			"Replace the number at the foot with this site's own (see the code below); if the inventory is wrong, correct it there.",
		},
		Snippet: footSnippet(c),
	}
}
