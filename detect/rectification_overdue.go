package detect

import (
	"time"

	"github.com/beianwatch/beianwatch/detect/workday"
)

// rectificationOverdue: 逾期未整改.
var rectificationOverdue = &Rule{
	ID:       "rectification-overdue",
	Severity: Warning,
	Title:    Text{"整改已逾期", "what was found has not been mended in time"},
	Rationale: Text{
		"备案信息有误的，接入商通常要求十个工作日内改正；逾期可能被取消接入，备案随之注销。",
		"Providers commonly grant ten working days for correcting a filing; after that they may end the access, and the filing is cancelled with it.",
	},
	Remedy: Text{
		"请尽快整改所列问题；如确需延期或接受现状，请与合规人员说明，并写入豁免清单。",
		"Mend what is listed now; if it needs more time or is accepted as it is, settle that with the compliance team and enter a waiver.",
	},
	Source: Article{
		Law:   Text{"华为云备案文档“备案核查”的整改要求；期限为可配置项", "Huawei Cloud, filing documentation on checks of filings; the number of days can be configured"},
		Place: "10 个工作日 / 10 working days",
	},
	Policy: Policies{
		Filing:   Text{"按所列问题的严重程度和首次发现的日期计算，连续发现且超过期限：警告", "by severity and the day on which it was first found; found in every run since, and the date has passed: warning"},
		Liveness: Text{"不区分", "any"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"只检查文件", "only a file is checked"},
		Unknown:  Text{"没有以往的检查记录（单次检查）", "nothing is known of earlier runs (a single check)"},
	},
	Needs: NeedsSite,
	Dated: true,
	Check: checkOverdue,
}

func checkOverdue(c *Case) Outcome {
	if c.Open == nil {
		return unknown(ReasonNoHistory)
	}
	var findings []Finding
	today := workday.Day(c.At)
	for _, o := range c.Open {
		if !o.Due.IsZero() && today.After(o.Due) {
			findings = append(findings, overdueFinding(c, &o))
		}
	}
	if len(findings) > 0 {
		return found(Warning, findings...)
	}
	return pass()
}

func overdueFinding(c *Case, o *OpenFinding) Finding {
	first, due := workday.Day(o.Since).Format(time.DateOnly), o.Due.Format(time.DateOnly)
	saw := Text{
		"“" + o.Title.ZH + "”自 " + first + " 起一直存在，整改期限 " + due + " 已过",
		"\"" + o.Title.EN + "\" (" + o.Rule + ") has been found since " + first + ", and was to be mended by " + due,
	}
	if !c.Policy.workdays().Known(o.Since, o.Due) {
		saw.ZH += "（部分年份的放假安排未收录，只按周末推算）"
		saw.EN += " (the public holidays of a year in between are not known, only weekends were counted out)"
	}
	return Finding{
		Where: Text{"整改期限", "rectification deadline"},
		Saw:   saw,
		Fix: Text{
			"请尽快整改“" + o.Title.ZH + "”，办法见该问题的说明；确需延期的，请写入豁免清单。",
			"Mend \"" + o.Title.EN + "\" now, as its own finding says; if it needs more time, enter a waiver.",
		},
	}
}
