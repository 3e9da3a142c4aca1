package rules

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// footerNumberWrong: 标明其备案编号 — its own. Providers' checks call it
// 悬挂错误的备案号. The base of the number decides whose it is.
var footerNumberWrong = &detect.Rule{
	ID:       "footer-number-wrong",
	Witness:  detect.WitnessPage,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "页面标明的不是本网站的备案号", EN: "the filing number shown is not this site's"},
	Kept:     detect.Text{ZH: "页面标明的是本网站的备案号", EN: "the filing number shown is this site's"},
	Rationale: detect.Text{
		ZH: "首页标明的备案号必须属于本网站的主办单位。常见原因是照搬模板或其他网站的页脚；App、小程序的备案号也不能代替网站备案号。核查时按“未标明备案号”或“悬挂错误备案号”处理。",
		EN: "The number on the home page must be that of this site's subject. Feet copied from a template or another site are the usual cause; the number of an app or mini-program does not stand in for the site's. Checks treat it as a missing or wrong number.",
	},
	Remedy: detect.Text{
		ZH: "请把页脚的备案号改为本网站的备案号。",
		EN: "Replace the number at the foot with this site's own.",
	},
	Source: order33("第十三条、第二十五条 / articles 13 and 25"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案：主体号不同为违规，同一主体的另一个 -N 为提示；未知：只有 App 或小程序备案号时为待核实；未知或未备案而登记库在该号下没有本域名：待核实，未备案为违规", EN: "filed: violation for another base, notice for another -N of the same base; unknown: warning for an app's or mini-program's number alone; unknown or unfiled, and the register does not list this domain under the number: warning, violation when unfiled"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；页面上没有编号", EN: "no filing in force; landed on another domain; no number on the page"},
		Unknown:  detect.Text{ZH: "不知道该域名的备案号，或登记的备案号无法识别；只有许可证形式的编号，而登记的不是此形式；只有他人的备案号；页面没有收全；页脚还会由脚本写入", EN: "the filed number is not known or cannot be read; only a licence-form number where the filed one has another form; only numbers of others; page not whole; scripts still write into the foot"},
	},
	Dated: true, // what the register says of a number grows old
	Check: checkNumberWrong,
}

func checkNumberWrong(c *detect.Case) detect.Outcome {
	if o, ok := unlisted(c); ok {
		return o
	}
	if o, ok := footerDuty(c); !ok {
		return o
	}
	own := c.ShownNumbers()
	if len(own) == 0 {
		return noNumber(c)
	}
	known := c.FiledNumbers()
	n := sortNumbers(known, own)
	switch unread := unreadNumber(c, known); {
	case n.right:
		return pass()
	case len(known) == 0 && len(n.apps) == 0:
		return unknown(detect.ReasonNumberNotKnown)
	case unread != "":
		return unknown(unread)
	case n.sibling != "":
		return found(detect.Notice, wrongFinding(c, []string{n.sibling}, detect.Text{
			ZH: "主体相同，但与登记的网站备案号序号不同", EN: "same subject, another site of it than the one that is filed for this domain",
		}))
	case len(n.others) == 0 && len(n.apps) > 0:
		severity := detect.Violation
		if c.Filing.Status == crawler.FilingUnknown {
			severity = detect.Warning
		}
		return found(severity, wrongFinding(c, n.apps, detect.Text{
			ZH: "只有 App（A）、小程序（X）或快应用（K）的备案号", EN: "only the number of an app (A), a mini-program (X) or a quick app (K)",
		}))
	case len(known) == 0:
		return unknown(detect.ReasonNumberNotKnown) // an app's number beside another's
	case len(n.others) == 0:
		return unknown(detect.ReasonLicenceForm)
	case c.FiledUnreadable():
		return unknown(detect.ReasonNumberNotKnown)
	}
	return found(detect.Violation, wrongFinding(c, n.others, detect.Text{
		ZH: "与登记的备案号不属于同一主体", EN: "of another subject than the filed number",
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
		case detect.HasBase(known, n):
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
func unreadNumber(c *detect.Case, known []number.ICP) detect.Reason {
	switch {
	case c.Home.Fault != page.FaultNone:
		return detect.FaultReason(c.Home.Fault)
	case c.FooterUnread() && c.Rendered:
		return detect.ReasonUnreadPart
	case c.FooterUnread():
		return c.ScriptReason()
	case !c.Rendered && slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Place == number.Script && detect.HasBase(known, n) }):
		return detect.ReasonOnlyInScript
	}
	return ""
}

// exactOrBase reports whether a number with a known base is one that may stand
// on this site: the filed one, or the subject's number without -N on either
// side. Several domains of one site may show the subject's number.
func exactOrBase(known []number.ICP, shown number.ICP) bool {
	return slices.ContainsFunc(known, func(f number.ICP) bool {
		return f.SameBase(shown) && (f.Suffix == shown.Suffix || f.Suffix == 0 || shown.Suffix == 0)
	})
}

// sameForm reports whether one of the known numbers has the form of the one
// shown. A subject's licence and its filing have numbers that share nothing, so
// one says nothing against the other.
func sameForm(known []number.ICP, shown number.ICP) bool {
	return slices.ContainsFunc(known, func(f number.ICP) bool { return f.Form == shown.Form })
}

func wrongFinding(c *detect.Case, shown []string, why detect.Text) detect.Finding {
	list := detect.Quoted(shown)
	saw := detect.Text{ZH: "页面显示 " + list.ZH + "：" + why.ZH, EN: "the page shows " + list.EN + ": " + why.EN}
	if c.Filing.Number != "" {
		saw.ZH += "；登记的备案号为“" + c.Filing.Number + "”"
		saw.EN += "; the filed number is \"" + c.Filing.Number + "\""
	}
	return detect.Finding{
		Where: homeWhere(c),
		Saw:   saw,
		Fix: detect.Text{
			ZH: "请把页脚的备案号改为本网站自己的备案号（代码见本报告）；如果清单中的备案号有误，请更正清单。",
			EN: "Replace the number at the foot with this site's own (see the code given here); if the inventory is wrong, correct it there.",
		},
		Snippet: footSnippet(c),
	}
}

// listed is what the register's lists say of the numbers that a page shows.
type listed int

const (
	listedUnknown listed = iota
	listedHere           // one of them lists this domain, or the one that it is an alias of
	listedNot            // all of them are known, and none does
)

// listing compares the numbers shown with what the register lists under them.
// Only whole lists that are fresh count, and every number must have one.
func listing(c *detect.Case, own []number.ICP) (how listed, by *crawler.NumberAnswer) {
	domains := []string{detect.Registrable(c.Target.Domain)}
	if c.Target.AliasOf != "" {
		domains = append(domains, detect.Registrable(c.Target.AliasOf))
	}
	all := len(own) > 0
	for _, n := range own {
		a := answerOn(c, n.Base)
		if a == nil {
			all = false
			continue
		}
		if slices.ContainsFunc(domains, func(d string) bool { return slices.Contains(a.Domains, d) }) {
			return listedHere, a
		}
		sure := a.Whole && len(a.Domains) > 0 && c.At.Sub(a.At) <= c.Policy.MaxFilingAge &&
			(c.Filing.Subject == "" || a.Subject != "" && holderFit(c, a.Subject) == fitOther)
		all, by = all && sure, a
	}
	if !all {
		return listedUnknown, nil
	}
	return listedNot, by
}

// answerOn is the register's answer on a number, nil if there is none.
func answerOn(c *detect.Case, base string) *crawler.NumberAnswer {
	for i := range c.Obs.Numbers {
		if a := &c.Obs.Numbers[i]; a.Number == base && a.Reason == "" {
			return a
		}
	}
	return nil
}

// unlisted judges a shown number by the register's list: false if that says
// nothing. An unfiled site is judged here too: the number that it shows is
// another's.
func unlisted(c *detect.Case) (detect.Outcome, bool) {
	if len(c.Obs.Numbers) == 0 || len(detect.UnknownNumbers(c)) == 0 {
		return detect.Outcome{}, false
	}
	own := c.ShownNumbers()
	if slices.ContainsFunc(own, func(n number.ICP) bool { return n.Service != "" }) {
		return detect.Outcome{}, false
	}
	how, by := listing(c, own)
	unfiled := c.Filing.Status == crawler.FilingUnfiled
	switch {
	case how == listedHere && !unfiled:
		return pass(), true
	case how != listedNot:
		return detect.Outcome{}, false
	}
	if why := unreadNumber(c, nil); why != "" {
		return unknown(why), true
	}
	severity := detect.Warning
	if unfiled {
		severity = detect.Violation
	}
	day := by.At.Format("2006-01-02")
	shown := by.Domains[:min(len(by.Domains), 3)]
	f := wrongFinding(c, []string{by.Number}, detect.Text{
		ZH: "据登记库（" + by.Source + "，" + day + "），该号下的域名为 " + strings.Join(shown, "、") + "，不含本域名",
		EN: "by the register (" + by.Source + ", " + day + ") it covers " + strings.Join(shown, ", ") + " and not this domain",
	})
	f.Fix = detect.Text{
		ZH: "请把页脚的备案号改为本网站自己的备案号；本域名尚未备案的，先以本主体新增网站备案。",
		EN: "Replace the number at the foot with this site's own; if this domain is not filed yet, file it first.",
	}
	return found(severity, f), true
}
