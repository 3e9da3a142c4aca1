package main

import (
	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
)

func (p *program) historyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   p.tr("history 域名", "history DOMAIN"),
		Short: p.tr("一个域名的结论在保存的各批次中如何变化", "Tell how the outcomes of a domain changed over the runs that are kept"),
		Long: p.tr(`一个域名的结论在保存的各批次中如何变化：何时新增、整改、再次出现，网站何时改变状态，何时未能检查。

格式：text、json、csv。`,
			`Tell how the outcomes of a domain changed over the runs that are kept: what was opened, fixed or reopened,
when the site itself changed its state, and when it could not be checked. Times are China's.

Formats: text, json, csv.`),
		Args: p.arguments(1, 1, "一个域名", "a domain"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.history(cmd, args[0]) },
	}
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

// history tells of one domain.
func (p *program) history(cmd *cobra.Command, given string) error {
	ctx := cmd.Context()
	switch p.Format {
	case "text", "json", "csv":
	default:
		return usage("--format %q：须为 text、json、csv", "--format %q: must be text, json or csv", p.Format)
	}
	domain, err := dns.Name(given)
	if err != nil {
		return usage("%v；请写域名，如 example.cn", "%v; give a domain such as example.cn", err)
	}
	s, err := p.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	lives, err := lifecycle.Open(ctx, s)
	if err != nil {
		return err
	}
	list, err := lives.Histories(ctx, domain)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return usage("保存的批次中没有 %s；“beianwatch report”列出全部批次", "no run that is kept has %s; 'beianwatch report' lists the runs", domain)
	}
	switch p.Format {
	case "json":
		return export.WriteHistoryJSON(p.out, domain, list, p.Lang)
	case "csv":
		return export.WriteHistoryCSV(p.out, list, p.Lang)
	}
	for _, h := range list {
		if err := p.terminal().History(h); err != nil {
			return err
		}
	}
	return nil
}
