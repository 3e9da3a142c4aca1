package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/wording"
)

func (p *program) waiveCommand() *cobra.Command {
	w := reports.Waiver{}
	cmd := &cobra.Command{
		Use:   p.tr("waive 域名 规则 --until 日期 --reason 原因 --who 姓名", "waive DOMAIN RULE --until DATE --reason TEXT --who NAME"),
		Short: p.tr("在期限前接受某条规则在某个域名上发现的问题；仍显示为已豁免", "Accept what a rule finds on a domain until a day; it stays visible as waived"),
		Long: p.tr(`在期限（含当日）之前，接受某条规则在某个域名上发现的问题。域名可用 * 代表任意文字，如 '*.example.cn'；规则写其标识，或用 '*' 表示全部规则。
已豁免的问题照常显示，但不写入整改通知，也不计入退出码。同一域名和规则的豁免以新的为准。
配置中也可指定豁免清单：waivers: 文件。`, `Accept what a rule finds on a domain until a day, the last one included. DOMAIN may be a pattern in which * stands
for any text, such as '*.example.cn'; RULE is an id, or '*' for every rule. What is waived is shown as such, is left
out of notices and counts for nothing. A waiver for the same domain and rule is replaced.
The config can name a file of waivers too: waivers: FILE.`),
		Args: p.arguments(2, 2, "一个域名（或通配）和一条规则", "a domain (or pattern) and a rule"),
		RunE: func(cmd *cobra.Command, args []string) error {
			w.Domain, w.Rule = args[0], args[1]
			return p.waive(cmd.Context(), &w)
		},
	}
	cmd.Flags().StringVar(&w.Until, "until", "", p.tr("最后一天，如 2027-01-31", "the last day, such as 2027-01-31"))
	cmd.Flags().StringVar(&w.Reason, "reason", "", p.tr("接受的原因", "why it is accepted"))
	cmd.Flags().StringVar(&w.Who, "who", "", p.tr("由谁接受", "who accepts it"))
	cmd.AddCommand(p.waiveListCommand(), p.waiveRemoveCommand())
	return cmd
}

// waive stores a waiver.
func (p *program) waive(ctx context.Context, w *reports.Waiver) error {
	if err := lifecycle.Normalize(w, knownRule); err != nil {
		return p.waiverFault(err)
	}
	w.Added = time.Now()
	if !w.InForce(w.Added) {
		return usage("--until %s：日期已过", "--until %s: the day has passed", w.Until)
	}
	return p.withLives(ctx, func(_ *store.Store, lives *lifecycle.Store) error {
		if err := lives.Waive(ctx, w); err != nil {
			return err
		}
		p.show(wording.WaiverText(w).In(p.Lang) + " " + wording.Clean(w.Domain, 260) + " " + wording.Clean(w.Rule, 80))
		return nil
	})
}

// withLives opens the results of --db, which must be there.
func (p *program) withLives(ctx context.Context, do func(*store.Store, *lifecycle.Store) error) error {
	s, err := p.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	lives, err := lifecycle.Open(ctx, s)
	if err != nil {
		return err
	}
	return do(s, lives)
}

func (p *program) waiveListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: p.tr("列出全部豁免，包括已过期的（--format text、json 或 csv）", "List all waivers, those that have expired too (--format text, json or csv)"),
		Args:  p.none(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			return p.withLives(ctx, func(_ *store.Store, lives *lifecycle.Store) error {
				list, err := lives.ListWaivers(ctx)
				if err != nil {
					return err
				}
				switch p.Format {
				case "text":
					return p.terminal().Waivers(list, time.Now())
				case "json":
					return export.WriteWaiversJSON(p.out, list, time.Now())
				case "csv":
					return export.WriteWaiversCSV(p.out, list, time.Now(), p.Lang)
				}
				return usage("--format %q：须为 text、json、csv", "--format %q: must be text, json or csv", p.Format)
			})
		},
	}
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

func (p *program) waiveRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   p.tr("remove 域名 规则", "remove DOMAIN RULE"),
		Short: p.tr("删除一项豁免；域名和规则按“beianwatch waive list”所列书写", "Remove a waiver; DOMAIN and RULE as 'beianwatch waive list' shows them"),
		Args:  p.arguments(2, 2, "豁免的域名（或通配）和规则", "the domain (or pattern) and the rule of a waiver"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			domain, err := lifecycle.Pattern(args[0])
			if err != nil {
				return p.waiverFault(err)
			}
			return p.withLives(ctx, func(_ *store.Store, lives *lifecycle.Store) error {
				err := lives.Unwaive(ctx, domain, args[1], p.Waivers == "")
				if errors.Is(err, lifecycle.ErrNoWaiver) {
					return usage("没有 %s %s 的豁免可删除：“beianwatch waive list”列出全部；来自文件的豁免请在文件中删除", "there is no waiver for %s %s to remove: 'beianwatch waive list' shows them; one that comes from a file ends when it is deleted there", domain, args[1])
				}
				return err
			})
		},
	}
}
