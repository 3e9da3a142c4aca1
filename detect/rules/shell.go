package rules

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/region"
)

// filingListedAsShell: provinces publish batches of filings whose subject is gone
// or whose site is not open or points elsewhere, give some days or weeks to mend
// it, and cancel what is left.
var filingListedAsShell = &detect.Rule{
	ID:       "filing-listed-as-shell",
	Severity: detect.Notice,
	Witness:  detect.WitnessNone,
	Title:    detect.Text{ZH: "备案被管局列入空壳清理名单", EN: "the filing is on an administration's list of shells"},
	Rationale: detect.Text{
		ZH: "省通信管理局分批公示“空壳主体”“空壳网站”（证件注销、网站打不开、解析不在备案接入商等），公示期满未整改的注销备案，注销后需要重新备案。",
		EN: "Provincial administrations publish batches of empty filings (a subject that is gone, a site that is not open or points away from its provider); what is not mended by the end of the term is cancelled, and has to be filed anew.",
	},
	Remedy: detect.Text{
		ZH: "请在公示期内联系接入商更新备案信息、恢复网站访问；不再使用的，可等待注销或主动注销。",
		EN: "Within the term, have the provider update the filing and bring the site back; if the site is given up, cancel the filing or let it be cancelled.",
	},
	Source: shellNotice("二 / part 2"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Dated:  true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案：提示", EN: "filed only: notice"},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "未备案；没有提供名单；只检查文件", EN: "not filed; no list was given; a file"},
		Unknown:  detect.Text{ZH: "备案省份未知，或没有该省的名单", EN: "the province of the filing is not known, or no list of it was given"},
	},
	Check: checkShell,
}

func checkShell(c *detect.Case) detect.Outcome {
	shells := c.Policy.Shells
	switch {
	case c.Filing.Status != crawler.FilingFiled:
		return exempt(detect.ReasonNotFiled)
	case shells == nil:
		return exempt(detect.ReasonNoShellList)
	}
	names := []string{c.Target.Domain, detect.Registrable(c.Target.Domain)}
	for _, n := range c.FiledNumbers() {
		names = append(names, n.Number, n.Base)
	}
	for _, name := range names {
		if l, ok := shells.Find(name); ok && name != "" {
			return found(detect.Notice, shellFinding(c, name, l))
		}
	}
	switch p := filingProvince(c); {
	case p == region.None:
		return unknown(detect.ReasonProvinceNotKnown)
	case !shells.Covers(p):
		return unknown(detect.ReasonShellListOther)
	}
	return pass()
}

func shellFinding(c *detect.Case, name string, l lists.ShellList) detect.Finding {
	day := l.Due.Format(time.DateOnly)
	fix := detect.Text{
		ZH: "请在 " + day + " 前联系接入商整改，并向" + l.Province.Name() + "管局确认已移出名单。",
		EN: "Mend it with the provider before " + day + " and ask the administration of " + l.Province.English() + " to confirm.",
	}
	if c.At.After(l.Due.AddDate(0, 0, 1)) {
		fix = detect.Text{
			ZH: "公示期已于 " + day + " 结束，请到 beian.miit.gov.cn 核对备案是否已被注销。",
			EN: "The term ended on " + day + ": look up on beian.miit.gov.cn whether the filing has been cancelled.",
		}
	}
	return detect.Finding{
		Where: detect.Text{ZH: l.Province.Name() + "管局名单", EN: "list of the administration of " + l.Province.English()},
		Saw: detect.Text{
			ZH: detect.Clip(name) + " 列入“" + detect.Clip(l.Name) + "”，" + l.Published.Format(time.DateOnly) + " 公示，限 " + day + " 前整改",
			EN: detect.Clip(name) + " is on \"" + detect.Clip(l.Name) + "\", published " + l.Published.Format(time.DateOnly) + ", to be mended by " + day,
		},
		Fix: fix,
	}
}
