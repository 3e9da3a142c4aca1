package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/demo"
	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/text"
)

func (p *program) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: p.tr("本机演示：在本机启动示例网站，完整检查一遍并核对每项结论", "An internet in a box: sample sites on loopback, scanned end to end, every verdict compared"),
		Long: p.tr(`在本机启动 DNS 和网站服务器及示例网站（不需要 root 权限和网络），用正式流程检查，写出报告（在 --out 下，默认
beianwatch-demo），并把每项结论与网站旁注明的预期核对：用本机的浏览器，没有则不用。全部相符时退出码为 0，否则列出差异，退出码为 1。`,
			`Start DNS and web servers with sample sites on loopback (no root, no network), scan them with the ordinary
code path, write the reports (below --out, by default beianwatch-demo) and compare every verdict with the one stated
beside its site: with the browser of this machine, or without one. Exit code 0 when all are as stated, 1 with the differences otherwise.`),
		Args: p.none(),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.demo(cmd.Context()) },
	}
}

// The demo's own pace: its servers are near and its dead ends are few.
const (
	demoTimeout = 2 * time.Second
	demoFirst   = 300 * time.Millisecond
	demoSecond  = 600 * time.Millisecond
)

// demo scans the box and compares.
func (p *program) demo(ctx context.Context) error {
	if p.Out == "" {
		p.Out = "beianwatch-demo"
	}
	box, err := demo.Start(ctx)
	if err != nil {
		return err
	}
	defer box.Close()
	files, err := box.Write(p.Out)
	if err != nil {
		return err
	}
	p.settleInBox(box, files)
	drawing, err := p.findBrowser()
	if err != nil {
		return err
	}
	browser := drawing != nil && drawing.none == nil
	if browser {
		p.say("浏览器：%s", "browser: %s", drawing.path)
	}
	// Each demo begins anew, so that it cannot trip over what another version
	// of the program left there.
	if err := os.RemoveAll(filepath.Dir(p.DB)); err != nil {
		return message.Errorf("清除上次演示的结果：%w", "clearing the demo's old results: %w", err)
	}
	for _, skipped := range box.Skipped {
		p.say("%s 已略过：%s", "%s is left out: %s", skipped.Site.Domain, skipped.Why)
	}
	s, err := store.Open(ctx, p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	run, index, err := p.run(ctx, s, files.Inventory, true, true)
	if err != nil {
		return err
	}
	differences, err := p.compare(ctx, s, run, box.Sites, browser)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\n%s\n", detect.Text{ZH: "报告：", EN: "Reports: "}.In(p.Lang)+index)
	if differences != "" {
		return message.Errorf("以下结论与预期不符：\n%s", "these verdicts are not as stated:\n%s", differences)
	}
	return nil
}

// settleInBox points the settings at the box. Its results are kept apart from
// those of real runs.
func (p *program) settleInBox(box *demo.Internet, files demo.Files) {
	p.DB, p.Dir = filepath.Join(p.Out, "demo-data", "results.db"), ""
	p.Resolvers = []string{box.Resolver}
	p.AllowNet, p.MainlandNet, p.MapPort = nil, nil, nil
	for _, n := range box.AllowNets {
		p.AllowNet = append(p.AllowNet, n.String())
	}
	for _, n := range box.MainlandNets {
		p.MainlandNet = append(p.MainlandNet, n.String())
	}
	for real, dialled := range box.PortMap {
		p.MapPort = append(p.MapPort, fmt.Sprintf("%d:%d", real, dialled))
	}
	p.MainlandFile, p.Documents = files.Networks, files.Documents
	p.Controls = box.Controls
	p.Vantage = settings.Vantage{Name: "demo"}
	p.Timeout, p.PerIP, p.PerIPRate = demoTimeout, 0, 0
	p.WHOIS, p.Registers = false, nil
	p.Confirm = settings.Delays(demoFirst, demoSecond)
	p.Evidence = "all"
	p.Pages = 1
}

// compare prints the table of sites and returns the differences, a line each.
func (p *program) compare(ctx context.Context, s *store.Store, run *reports.Run, sites []demo.Site, browser bool) (string, error) {
	var rows []text.DemoRow
	var lines strings.Builder
	for _, site := range sites {
		target, err := targetOf(site.Domain, "")
		if err != nil {
			return "", err
		}
		result, err := s.Result(ctx, run.ID, target.Domain)
		if err != nil && !errors.Is(err, store.ErrNoResult) {
			return "", err
		}
		row := text.DemoRow{Site: site.Domain, What: site.Point, Expected: expectedText(site.Expect(browser))}
		var record *reports.Record
		if err == nil {
			record = result.Record
			row.Got = gotText(record)
		}
		differences := demo.Compare(site, record, browser)
		row.OK = len(differences) == 0
		for _, d := range differences {
			fmt.Fprintln(&lines, "  "+d.String())
		}
		rows = append(rows, row)
	}
	return lines.String(), p.terminal().Demo(rows)
}

// expectedText sums up what is stated beside a site: its state, and what must
// be found.
func expectedText(e demo.Expected) string {
	parts := []string{string(e.Liveness)}
	for _, rule := range rules.All {
		if v, ok := e.Verdicts[rule.ID]; ok && v.Verdict == detect.Found {
			parts = append(parts, rule.ID)
		}
	}
	return strings.Join(parts, ", ")
}

// gotText sums up a record in the same way.
func gotText(r *reports.Record) string {
	parts := []string{string(r.Liveness)}
	for _, o := range r.Outcomes {
		if o.Verdict == detect.Found {
			parts = append(parts, o.Rule)
		}
	}
	return strings.Join(parts, ", ")
}
