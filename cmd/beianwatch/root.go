package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/cli"
	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// version is the program's; a release sets it with -ldflags -X main.version=….
var version = "0.1.0"

// A program is one call of beianwatch: its settings and its streams.
type program struct {
	settings.Settings
	configPath  string
	in          io.Reader
	out, errOut io.Writer
	filter      reports.Filter // which records a report is of
	written     []string       // reports of check
	view        bool           // --view: open the report
	profile     cli.Profile
	shift       time.Duration        // of the clock of runs, for the demo's earlier nights
	listening   func(address string) // told where the dashboard answers; nil: nobody is
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	p := &program{Settings: settings.Defaults(), in: in, out: out, errOut: errOut}
	p.Lang = settings.LanguageOf(args, os.Getenv)
	root := p.command()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	called, err := root.ExecuteContextC(ctx)
	if ended := p.profile.End(); err == nil {
		err = ended
	}
	return report(errOut, err, p.Lang, called.CommandPath())
}

// command builds the command tree, in the language of the call.
func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "beianwatch",
		Short: p.tr("检查网站是否符合 ICP 备案规则，每项结论附证据", "Check websites against China's ICP filing rules, with evidence"),
		Long: p.tr(`beianwatch 检查网站是否符合中国的 ICP 备案规则，每项结论都附证据。

退出码：0 未发现问题；1 本程序或本机出错；2 命令或配置有误；3 发现达到 --fail-on（默认 warning，即“待核实”）的问题；
4 未判定：关键规则（备案、访问、页脚备案号或链接）未能判定。按 2、1、3、4 的顺序取第一个符合的。`,
			`beianwatch checks live websites against China's ICP filing (ICP备案) rules and backs every result with evidence.

Exit codes: 0 nothing found, 1 an error of the program or this machine, 2 a mistake in the call or the config,
3 findings at or above --fail-on (default: warning), 4 inconclusive: a decisive rule (filing, down, footer number
or link) could not be judged. The first of 2, 1, 3, 4 that applies.`),
		Version:           version + " (" + revision() + ")\nIncludes IP2Location LITE data available from http://www.ip2location.com",
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: p.settle,
		Args:              p.none(),
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(cli.FlagMistake)
	root.PersistentFlags().StringVar(&p.configPath, "config", "", p.tr("YAML 配置文件；命令行参数优先于它", "YAML file with settings; flags override it"))
	p.BindShared(root.PersistentFlags())
	p.profile.Bind(root.PersistentFlags(), p.tr("把 CPU 时间的性能数据写入该文件", "write a profile of the CPU's time to this file"))
	root.AddCommand(p.demoCommand(), p.checkCommand(), p.scanCommand(), p.lintCommand(), p.serveCommand(),
		p.reportCommand(), p.diffCommand(), p.historyCommand(), p.waiveCommand(), p.explainCommand(), p.notifyCommand(), p.userCommand(),
		p.judgeCommand(), p.evidenceCommand(), p.configCommand(), p.completionCommand(), p.manCommand())
	p.speaker().Speak(root)
	p.complete(root)
	return root
}

// speaker speaks the language of the call to cobra's users.
func (p *program) speaker() cli.Speaker { return cli.Speaker{Lang: p.Lang} }

// arguments wants from least to most arguments; the texts name them for the message.
func (p *program) arguments(least, most int, zh, en string) cobra.PositionalArgs {
	return p.speaker().Arguments(least, most, zh, en)
}

// none wants no argument.
func (p *program) none() cobra.PositionalArgs { return p.arguments(0, 0, "", "") }

// settle makes the settings of this call: defaults, then the config file,
// then the flags that were given.
func (p *program) settle(cmd *cobra.Command, _ []string) error {
	if p.configPath != "" {
		if err := p.ReadConfig(p.configPath, cmd.Flags()); err != nil {
			return err
		}
	}
	if err := p.Check(); err != nil {
		return err
	}
	zone, err := p.Zone()
	if err != nil {
		return err
	}
	wording.SetZone(zone)
	return p.profile.Start()
}

// tr picks the language of the call.
func (p *program) tr(zh, en string) string { return message.Text{ZH: zh, EN: en}.In(p.Lang) }

// say writes a line to a person on the error stream, unless --quiet. The
// formats take the same values; see [message.Format].
func (p *program) say(zh, en string, args ...any) {
	p.show(message.Format(zh, en, args...).In(p.Lang))
}

// show writes a line that is in the person's language already, unless --quiet.
func (p *program) show(line string) {
	if !p.Quiet {
		fmt.Fprintln(p.errOut, line)
	}
}

// revision is the commit that the program was built from, as far as the
// build recorded it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown build"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.GoVersion
}
