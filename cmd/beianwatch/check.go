package main

import (
	"context"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/progress"
	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
)

// A checking is one call of check.
type checking struct {
	files  []string // --file
	filing string   // --filing
	papers []string // --document
	policy *detect.Policy
	at     time.Time
	draw   fileDrawer // nil: no browser
}

func (p *program) checkCommand() *cobra.Command {
	c := &checking{}
	cmd := &cobra.Command{
		Use:   p.tr("check [参数] 域名... | --file 页面.html...", "check [flags] DOMAIN... | --file PAGE.html..."),
		Short: p.tr("立即检查一个或多个网站，或在上线前检查页面文件", "Check one or more domains now, or page files before they are deployed"),
		Long: p.tr(`立即检查网站；用 --file 时检查页面文件：先看文件内容，有浏览器时再连同所在文件夹一起渲染。第一个文件后面可以再写多个文件。

--filing 说明备案情况：备案号（如 京ICP备12345678号-1）、已备案 或 未备案。
格式：text、jsonl、csv、markdown、sarif、junit、github（代码注释，并写作业摘要）。用 --out 时另为每个域名写一份报告，--view 随即打开。`,
			`Check domains now or, with --file, judge pages from their bytes and, with a browser, as they are rendered with the
files of their folder. More files may follow the first as arguments.

--filing says what is filed: a number such as 京ICP备12345678号-1, filed or none.
Formats: text, jsonl, csv, markdown, sarif, junit, github (annotations, and the summary of a job). With --out DIR a report
per domain is written too; --view opens it.`),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(c.files) > 0 {
				return p.checkFiles(cmd.Context(), c, append(c.files, args...))
			}
			return p.checkDomains(cmd.Context(), c, args)
		},
	}
	cmd.Flags().StringArrayVar(&c.files, "file", nil, p.tr("要检查的页面文件，代替域名（可重复；- 表示标准输入）", "page file to judge instead of a domain (repeatable; - reads standard input)"))
	cmd.Flags().StringVar(&c.filing, "filing", "", p.tr("备案情况：备案号、已备案 或 未备案", "what is filed: a filing number, filed or none"))
	p.bindView(cmd.Flags())
	p.BindVisit(cmd.Flags())
	cmd.Flags().StringArrayVar(&c.papers, "document", nil, p.tr("备案材料，写作 种类:路径[@日期]，在 --documents 之下（可重复）", "document of the filing as KIND:PATH[@DATE], below --documents (repeatable)"))
	p.BindRead(cmd.Flags())
	p.BindDocuments(cmd.Flags())
	p.BindFormat(cmd.Flags(), "text")
	p.BindFailOn(cmd.Flags())
	return cmd
}

// prepare reads what both kinds of check need.
func (p *program) prepare(c *checking) (err error) {
	if c.at, err = p.Moment(); err != nil {
		return err
	}
	if c.policy, err = p.Policy(); err != nil {
		return err
	}
	_, err = filingOf(c.filing)
	return err
}

// filingOf makes a filing of what --filing says.
func filingOf(given string) (crawler.Filing, error) {
	given = strings.TrimSpace(given)
	switch given {
	case "":
		return crawler.Filing{Status: crawler.FilingUnknown}, nil
	case "none", "unfiled", "无", "未备案":
		return crawler.Filing{Status: crawler.FilingUnfiled, Source: "flag"}, nil
	case "filed", "已备案":
		return crawler.Filing{Status: crawler.FilingFiled, Source: "flag"}, nil
	}
	if _, ok := number.Parse(given); !ok {
		return crawler.Filing{}, usage("--filing %q 不是备案号：请写如 京ICP备12345678号-1，或 已备案、未备案", "--filing %q is no filing number: give one such as 京ICP备12345678号-1, or filed or none", given)
	}
	return crawler.Filing{Status: crawler.FilingFiled, Number: given, Source: "flag"}, nil
}

// targetOf makes the target of a domain given by hand, in any written form.
func targetOf(given, filing string) (*crawler.Target, error) {
	name := given
	if u, err := url.Parse(given); err == nil && u.Host != "" {
		name = u.Hostname()
	}
	name, err := dns.Name(name)
	if err != nil {
		return nil, usage("%v；请给出域名，例如 example.cn", "%v; give a domain such as example.cn", err)
	}
	f, err := filingOf(filing)
	if err != nil {
		return nil, err
	}
	return &crawler.Target{Domain: name, Given: given, Filing: f}, nil
}

// A look is one judged domain or file, with what was seen of it.
type look struct {
	record *reports.Record
	seen   *crawler.Observation
}

// newLook makes a look of a case and its outcomes.
func newLook(c *detect.Case, outs []detect.Outcome) look {
	return look{record: reports.NewRecord(oneRun(c.At), c, outs), seen: c.Obs}
}

// oneRun is the run of a check, which is not kept.
func oneRun(at time.Time) *reports.Run {
	return &reports.Run{Ruleset: detect.Ruleset(), StartedAt: at, State: reports.RunDone}
}

// checkUsual is how check visits a site unless it is told otherwise: a person
// waits, for a first answer within ten seconds, and has the time for more pages. One
// address may be asked for a name and its www., over http and https, twice each.
var checkUsual = settings.Usual{Confirm: settings.Delays(time.Second, 3*time.Second), Timeout: 5 * time.Second, Pages: 5, PerIP: 8}

// checkHedge is how long a check waits for the first request alone: the other
// ways to a site that hangs are asked beside it, so that a person has a first
// answer within ten seconds.
const checkHedge = time.Second

// checkDomains looks at domains, one after the other.
func (p *program) checkDomains(ctx context.Context, c *checking, given []string) error {
	if len(given) == 0 {
		return usage("check 需要域名，或 --file 页面.html", "check needs a domain, or --file PAGE.html")
	}
	if p.Confirm.Fails > 0 {
		return usage("check --confirm %s 要一个星期：请改用可中断续跑的 scan，或 --confirm quick", "check --confirm %s would take a week: give the site to 'scan', which can be stopped and carried on, or say --confirm quick", p.Confirm.Text())
	}
	if err := p.prepare(c); err != nil {
		return err
	}
	papers, err := settings.DocumentsOf(c.papers)
	if err != nil {
		return err
	}
	if len(papers) > 0 && p.Documents == "" {
		return usage("--document 需要文件所在的文件夹：请加 --documents 文件夹", "--document needs the folder of the file: add --documents DIR")
	}
	var targets []*crawler.Target
	for _, g := range given {
		target, err := targetOf(g, c.filing)
		if err != nil {
			return err
		}
		target.Holder.Documents = papers
		targets = append(targets, target)
	}
	cache, err := p.cache(ctx)
	if err != nil {
		return err
	}
	if cache != nil {
		defer cache.Close()
	}
	p.Fill(checkUsual)
	l, err := p.looking(false)
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.consult(p, cache, checkPatience); err != nil {
		return err
	}
	l.looker.Hedge = checkHedge
	if p.Out == "" && !p.view {
		l.looker.Pictures = 0 // nobody would see them
	}
	if !p.Quiet {
		l.looker.Watch = progress.NewSteps(p.errOut, p.Lang, p.Verbose).Take
	}
	return p.tell(ctx, l.drawing, func(yield func(look, error) bool) {
		for _, target := range targets {
			c := l.looker.Check(ctx, target, p.Controls)
			if ctx.Err() != nil {
				yield(look{}, ctx.Err())
				return
			}
			if !yield(newLook(c, l.looker.Judge(c)), nil) {
				return
			}
		}
	})
}

// tell writes records in the format asked for, and a report of each below
// --out, says once what could not be judged without a browser, and ends as
// --fail-on says.
func (p *program) tell(ctx context.Context, d *drawing, looks iter.Seq2[look, error]) error {
	p.wantsView()
	if err := p.probeOut(); err != nil {
		return err
	}
	end := p.conclusion()
	list, err := p.fileWaivers()
	if err != nil {
		return err
	}
	waivers := lifecycle.NewWaivers(list)
	if d != nil {
		d.tell = func() {} // once, at the end, with what is missing
	}
	var seen *crawler.Observation // of the record that is being written
	records := func(yield func(*reports.Record, error) bool) {
		for l, err := range looks {
			seen = l.seen
			if err == nil {
				err = ctx.Err()
			}
			if err == nil && len(list) > 0 {
				l.record.SetLife(nil, waivers.On(l.record.At))
			}
			if err == nil && p.Out != "" {
				err = p.writeReport(l)
			}
			if err == nil {
				end.add(l.record)
			}
			if !yield(l.record, err) {
				return
			}
		}
	}
	known := true
	if p.Format == "text" {
		err = p.printRecords(records)
	} else {
		known, err = p.writeStream(p.out, records, func(r *reports.Record, f *reports.Finding) (line, column int) { return placeOf(seen, r, f) })
	}
	if !known {
		return usage("--format %q：须为 text、%s", "--format %q: must be text, %s", p.Format, streamFormats)
	}
	if err != nil {
		return err
	}
	for _, path := range p.written {
		p.tellPath(path)
	}
	if d != nil && d.none != nil && len(end.undrawn) > 0 {
		p.say(unjudged.ZH, unjudged.EN, titles(end.undrawn, p.Lang))
	}
	return end.err()
}
