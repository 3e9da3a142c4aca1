package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/reports"
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
	profilePath string
	profiled    func() // ends the profile
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	p := &program{Settings: settings.Defaults(), in: in, out: out, errOut: errOut, profiled: func() {}}
	root := p.command()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	p.profiled()
	return report(errOut, p.spoken(err))
}

// command builds the command tree.
func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "beianwatch",
		Short: "Look at websites and say, with proof, whether they keep China's ICP filing rules",
		Long: `beianwatch looks at live websites and says, with proof, whether each keeps
China's ICP filing (ICP备案) rules.

Exit codes: 0 nothing found, 1 an error of the program or this machine, 2 a mistake in the call or the config,
3 findings at or above --fail-on (default: warning), 4 inconclusive: a decisive rule (filing, down, footer number
or link) could not be judged. The first of 2, 1, 3, 4 that applies.`,
		Version:           version + " (" + revision() + ")\nIncludes IP2Location LITE data available from http://www.ip2location.com",
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: p.settle,
		Args:              noArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v", err) })
	root.PersistentFlags().StringVar(&p.configPath, "config", "", "YAML file with settings; flags override it")
	p.BindShared(root.PersistentFlags())
	p.bindProfile(root.PersistentFlags())
	root.AddCommand(p.demoCommand(), p.checkCommand(), p.scanCommand(), p.lintCommand(), p.serveCommand(),
		p.reportCommand(), p.diffCommand(), p.historyCommand(), p.waiveCommand(), p.explainCommand(), p.notifyCommand())
	return root
}

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
	return p.profile()
}

// noArgs, oneArg and twoArgs are cobra's validators as usage errors.
func noArgs(cmd *cobra.Command, args []string) error { return exactly(0, "")(cmd, args) }

// exactly wants n arguments; what names them for the message.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > n && n == 0 && cmd.Parent() == nil:
			return usage("unknown command %q", args[0])
		case len(args) > n:
			return usage("%s takes %d argument(s), but %d were given", cmd.CommandPath(), n, len(args))
		case len(args) < n:
			return usage("%s needs %s", cmd.CommandPath(), what)
		}
		return nil
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

// say writes a line to a person on the error stream, unless --quiet.
func (p *program) say(format string, args ...any) {
	if !p.Quiet {
		fmt.Fprintf(p.errOut, format+"\n", args...)
	}
}
