package settings

import (
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/reports/html"
	"github.com/beianwatch/beianwatch/schedule"
)

// The words of --reports. Unset, small runs have all pages and others those of
// findings.
const (
	ReportsFindings = string(html.PagesFindings)
	ReportsAll      = string(html.PagesAll)
	ReportsNone     = "none"
)

// maxFullEvery bounds --full-every: outcomes are not kept longer than a month.
const maxFullEvery = 30

// bindKeep binds the flags that say what a run takes over from the run before
// and what it leaves behind.
func (s *Settings) BindKeep(fs *pflag.FlagSet) {
	fs.BoolVar(&s.KeepOutcomes, "keep-outcomes", s.KeepOutcomes, s.tr("页面与上一批次相同的，沿用其结论，不重新判定", "a page that is as it was in the run before keeps its outcomes, unjudged"))
	fs.IntVar(&s.FullEvery, "full-every", s.FullEvery, s.tr("隔多少个批次完整获取一次页面，不论服务器称是否有变化（1：每次）", "runs after which a page is fetched in full, whatever its server says of changes (1: every run)"))
	fs.Var(&s.RenderBudget, "render-budget", s.tr("每批次渲染页面的上限：自批次开始的时长（4h）或页面数（2000p）；剩余的记为未判定，下一批次优先（默认 scan 不限，serve 6h）", "what a run may render: a time from its beginning (4h) or a number of pages (2000p); the rest is inconclusive and comes first in the next run (default: scan no bound, serve 6h)"))
	fs.StringVar(&s.Reports, "reports", s.Reports, s.tr("写入 --out 的报告文件：findings（每个有违规或待核实的域名一个页面）、all（每个域名）或 none（默认：不超过 1,000 个域名时为 all，否则为 findings）", "report files to write into --out: findings (a page for each domain with a violation or warning), all (for every domain) or none (default: all up to 1,000 domains, else findings)"))
}

// checkKeep finds what is wrong with these settings.
func (s *Settings) checkKeep() error {
	if s.FullEvery < 1 || s.FullEvery > maxFullEvery {
		return Usage("--full-every %d：须为 1 至 %d", "--full-every %d: give a number of nights from 1 to %d", s.FullEvery, maxFullEvery)
	}
	switch s.Reports {
	case "", ReportsFindings, ReportsAll, ReportsNone:
	default:
		return Usage("--reports %q：须为 findings、all 或 none", "--reports %q: must be findings, all or none", s.Reports)
	}
	return nil
}

// files tells whether report files are to be written.
func (s *Settings) Files() bool { return s.Out != "" && s.Reports != ReportsNone }

// ReportPages says which domains have a page of their own.
func (s *Settings) ReportPages() html.Pages {
	if s.Reports == ReportsNone { // asked for all the same, by "report"
		return html.PagesAsUsual
	}
	return html.Pages(s.Reports)
}

// runOptions are what the settings say of a run.
func (s *Settings) RunOptions() schedule.Options {
	rate := s.ResolveRate
	if rate == 0 {
		rate = -1 // no bound
	}
	return schedule.Options{
		Concurrency: s.Concurrency, ResolveRate: rate, Controls: s.Controls,
		Evidence: schedule.Evidence(s.Evidence), JudgeAll: !s.KeepOutcomes, FullEvery: s.FullEvery, Lang: s.Lang, Keep: s.Keep,
		Render: s.RenderBudget.RenderOptions,
	}
}
