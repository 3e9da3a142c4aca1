package rules

import (
	"fmt"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// rectificationOverdue: 逾期未整改.
var rectificationOverdue = &detect.Rule{
	ID:       "rectification-overdue",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "整改已逾期", EN: "what was found has not been mended in time"},
	Kept:     detect.Text{ZH: "没有逾期未整改的问题", EN: "nothing that was found is past its due date"},
	Rationale: detect.Text{
		ZH: "备案信息有误的，接入商通常要求十个工作日内改正；逾期可能被取消接入，备案随之注销。",
		EN: "Providers commonly grant ten working days for correcting a filing; after that they may end the access, and the filing is cancelled with it.",
	},
	Remedy: detect.Text{
		ZH: "请尽快整改所列问题；如确需延期或接受现状，请与合规人员说明，并写入豁免清单。",
		EN: "Mend what is listed now; if it needs more time or is accepted as it is, settle that with the compliance team and enter a waiver.",
	},
	Source: detect.Article{
		Law:   detect.Text{ZH: "华为云备案文档“备案核查”的整改要求；期限为可配置项", EN: "Huawei Cloud, filing documentation on checks of filings; the number of days can be configured"},
		Place: "10 个工作日 / 10 working days",
	},
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "按所列问题的严重程度和首次发现的日期计算，连续发现且超过期限：待核实", EN: "by severity and the day on which it was first found; found in every run since, and the date has passed: warning"},
		Liveness: detect.Text{ZH: "不区分", EN: "any"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "只检查文件", EN: "only a file is checked"},
		Unknown:  detect.Text{ZH: "没有以往的检查记录（单次检查）", EN: "nothing is known of earlier runs (a single check)"},
	},
	Needs: detect.NeedsSite | detect.NeedsHistory,
	Dated: true,
	Check: checkOverdue,
}

func checkOverdue(c *detect.Case) detect.Outcome {
	var findings []detect.Finding
	today := workday.Day(c.At)
	for _, o := range c.Open {
		if !o.Due.IsZero() && today.After(o.Due) {
			findings = append(findings, overdueFinding(c, &o))
		}
	}
	if len(findings) > 0 {
		return found(detect.Warning, findings...)
	}
	return pass()
}

func overdueFinding(c *detect.Case, o *detect.OpenFinding) detect.Finding {
	first, due := workday.Day(o.Since).Format(time.DateOnly), o.Due.Format(time.DateOnly)
	saw := detect.Text{
		ZH: "“" + o.Title.ZH + "”自 " + first + " 起一直存在，整改期限 " + due + " 已过",
		EN: "\"" + o.Title.EN + "\" (" + o.Rule + ") has been found since " + first + ", and was to be mended by " + due,
	}
	if years := c.Policy.Workdays.Missing(o.Since, o.Due); len(years) > 0 {
		list := strings.Trim(fmt.Sprint(years), "[]")
		saw.ZH += "（未收录 " + list + " 年的放假安排，只按周末推算）"
		saw.EN += " (the public holidays of " + list + " are not known, only weekends were counted out)"
	}
	return detect.Finding{
		Where: detect.Text{ZH: "整改期限", EN: "rectification deadline"},
		Saw:   saw,
		Fix: detect.Text{
			ZH: "请尽快整改“" + o.Title.ZH + "”，办法见该问题的说明；确需延期的，请写入豁免清单。",
			EN: "Mend \"" + o.Title.EN + "\" now, as its own finding says; if it needs more time, enter a waiver.",
		},
	}
}
