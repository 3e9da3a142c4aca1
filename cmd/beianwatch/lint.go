package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/cmd/progress"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/schedule/lint"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

func (p *program) lintCommand() *cobra.Command {
	calls, registers := "", false
	cmd := &cobra.Command{
		Use:   p.tr("lint 清单", "lint INVENTORY"),
		Short: p.tr("不访问网站，检查清单中的名称、省份、材料和电话", "Check names, provinces, documents and telephones of an inventory without the network"),
		Long: p.tr(`检查清单（UTF-8 或 GBK 的 CSV、XLSX 或 JSON Lines）中每项备案的内容：网站名称、省份、统一社会信用代码、电话、域名持有者和材料。
不访问任何网站，因此可在提交备案前自查；需要访问网站的规则记为未判定。只有 --whois（查询持有者和有效期）和 --registers（向配置中的登记源查询备案）才使用网络。

格式：text（汇总，每条规则附前几行）、jsonl（每行一条记录，与 scan 相同）、csv。
用 --out 时另写 findings.csv、rejected.csv 和 calls.csv。--calls 写出要拨打的电话清单：每个号码和主体一行，留有首次和一小时后再次拨打的栏目。
与前面某行域名相同的行同样检查。`,
			`Judge what an inventory (CSV in UTF-8 or GBK, XLSX or JSON Lines) says of each filing: the name of the site, the
province, the credit code, the telephones, the domain's holder and documents. No site is visited, so that filings
can be checked before they are made; rules that need a visit are inconclusive. The network is used only where --whois
asks registries for holders and terms, or --registers the registers of the config for filings.

Formats: text (a summary with the first lines of each rule), jsonl (one record a line, the contract of scan), csv.
With --out DIR the files findings.csv, rejected.csv and calls.csv are written too. --calls FILE writes the list of
telephones to call: one row for a number and subject, with fields for a first call and a second an hour later.
A line whose domain stands in an earlier line is judged like any other.`),
		Args: p.arguments(1, 1, "清单文件的路径", "the path of an inventory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.lint(cmd.Context(), args[0], calls, registers)
		},
	}
	cmd.Flags().StringVar(&calls, "calls", "", p.tr("要拨打的电话清单的文件（CSV）", "file for the list of telephones to call (CSV)"))
	cmd.Flags().BoolVar(&registers, "registers", false, p.tr("清单没有写明备案情况时，向配置中的登记源查询", "ask the config's registers where the inventory says nothing of a filing"))
	p.bindLint(cmd.Flags())
	p.BindFailOn(cmd.Flags())
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

// bindLint binds the flags about looks that a lint has too.
func (p *program) bindLint(fs *pflag.FlagSet) {
	fs.DurationVar(&p.MaxFilingAge, "max-filing-age", p.MaxFilingAge, p.tr("“未备案”的查询结果早于此时长即视为未知", "an \"unfiled\" that was asked longer ago is unknown"))
	fs.StringVar(&p.At, "at", p.At, p.tr("按此日期或时间（RFC 3339）判定，而不是现在", "judge as of this date or time (RFC 3339) instead of now"))
	p.BindDocuments(fs)
	p.BindRegistry(fs)
	fs.StringArrayVar(&p.Resolvers, "resolver", p.Resolvers, p.tr("--whois 用的 DNS 服务器，写作 地址:端口（可重复；默认用系统的）", "DNS server as HOST:PORT, for --whois (repeatable; default: the system's)"))
	fs.StringArrayVar(&p.AllowNet, "allow-net", p.AllowNet, p.tr("允许 --whois 访问的内网网段，CIDR 格式（可重复；测试用）", "private network that --whois may visit, as CIDR (repeatable; for tests)"))
}

// lint judges the inventory at path and tells of it.
func (p *program) lint(ctx context.Context, path, calls string, registers bool) (err error) {
	switch p.Format {
	case "text", "jsonl", "csv":
	default:
		return usage("--format %q：须为 text、jsonl 或 csv", "--format %q: must be text, jsonl or csv", p.Format)
	}
	policy, err := p.Policy()
	if err != nil {
		return err
	}
	at, err := p.Moment()
	if err != nil {
		return err
	}
	if at.IsZero() {
		at = time.Now()
	}
	p.warnHolidays(policy.Workdays, at)
	l := &lint.Linter{Inventory: path, Policy: policy, At: at}
	end, err := p.gather(ctx, l, registers)
	defer end()
	if err != nil {
		return err
	}
	to, err := p.lintOutput(policy, at, calls)
	if err != nil {
		return err
	}
	list, err := p.sumUp(ctx, path)
	if err != nil {
		return err
	}
	stop := progress.Show(p.errOut, &p.Settings, progress.Lint{Linter: l})
	_, err = lint.Run(ctx, l, to.make, to.take)
	stop()
	if ended := to.close(); err == nil {
		err = ended
	}
	if err != nil {
		return err
	}
	to.summary.Remarks = list.Doubts()
	if p.Format == "text" {
		if err := p.terminal().Lint(to.summary, rules.Inventory); err != nil {
			return err
		}
	}
	verdict := p.conclusion()
	for severity, lines := range map[detect.Severity]int{detect.Violation: to.summary.Points.Violations, detect.Warning: to.summary.Points.Warnings, detect.Notice: to.summary.Points.Notices} {
		if lines > 0 {
			verdict.find(severity)
		}
	}
	return verdict.err() // what needs a visit is never judged here
}

// gather adds to a lint the sources of evidence that were asked for: the
// network is used for nothing else. end lets go of them, also after an error.
func (p *program) gather(ctx context.Context, l *lint.Linter, registers bool) (end func(), err error) {
	var ends []func()
	end = func() {
		for i := len(ends) - 1; i >= 0; i-- {
			ends[i]()
		}
	}
	papers, err := p.DocumentReader()
	if err != nil {
		return end, err
	}
	if papers != nil {
		ends = append(ends, func() { papers.Close() }) //nolint:errcheck // a folder that was only read
		l.Documents = papers.Read
	}
	if !registers {
		p.Registers = nil
	}
	if !p.WHOIS && len(p.Registers) == 0 {
		if registers {
			return end, usage("--registers：配置中没有 registers；请用 --config 指定", "--registers: the config names no registers; add them with --config")
		}
		return end, nil
	}
	resolver, _, err := p.Reach()
	if err != nil {
		return end, err
	}
	ends = append(ends, resolver.Close)
	cache, err := p.cache(ctx)
	if err != nil {
		return end, err
	}
	ends = append(ends, func() { cache.Close() }) //nolint:errcheck // what was learned is stored by now
	l.Records = &visit.Records{}
	registry, err := p.registry(resolver, cache)
	if err != nil {
		return end, err
	}
	if registry != nil {
		ends = append(ends, registry.Close)
		l.Records.Registration = registry.Lookup
	}
	book, err := p.registers(resolver, cache, checkPatience)
	if err != nil {
		return end, err
	}
	if book != nil {
		ends = append(ends, book.Close)
		l.Records.Filing = book.Filing
	}
	return end, nil
}

// sumUp tells on the error stream what was understood of an inventory before
// anything is done with it; with --quiet only what is wrong with it.
func (p *program) sumUp(ctx context.Context, path string) (*inventory.Summary, error) {
	s, err := inventory.Summarize(ctx, path)
	if err != nil || p.Quiet {
		return s, err
	}
	_, err = fmt.Fprint(p.errOut, s.Text(p.Lang))
	return s, err
}

// rejectedText is what was rejected, after the sheet in which it stands where
// several were read.
func rejectedText(r *inventory.Rejection) string {
	if r.Sheet == "" {
		return r.Text
	}
	return "[" + r.Sheet + "] " + r.Text
}
