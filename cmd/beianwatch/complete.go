package main

import (
	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// completionCommand prints what a shell needs to complete commands, flags, runs, rules
// and values.
func (p *program) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: p.tr("输出命令行补全脚本", "Print the script that lets a shell complete commands"),
		Long: p.tr("输出命令行补全脚本。bash 中立即启用：source <(beianwatch completion bash)；长期启用：写入 /etc/bash_completion.d/beianwatch。",
			"Print the script that lets a shell complete commands. For this bash: source <(beianwatch completion bash); for all: write it to /etc/bash_completion.d/beianwatch."),
		Args:      p.arguments(1, 1, " shell 的名称：bash、zsh、fish 或 powershell", "the name of a shell: bash, zsh, fish or powershell"),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(p.out, true)
			case "zsh":
				return root.GenZshCompletion(p.out)
			case "fish":
				return root.GenFishCompletion(p.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(p.out)
			}
			return usage("completion %q：须为 bash、zsh、fish 或 powershell", "completion %q: must be bash, zsh, fish or powershell", args[0])
		},
	}
}

// flagValues are the words that flags take.
var flagValues = map[string][]string{
	"lang": {"zh", "en"}, "render": {"auto", "always", "never"}, "evidence": {"none", "findings", "all"}, "reports": {"all", "none"},
	"fail-on": {"violation", "warning", "notice", "never"}, "progress": {"auto", "json", "none"}, "confirm": {"quick", "nightly", "gov"},
	"role": {"web", "scheduler", "worker", "renderer"}, "filing": {"已备案", "未备案"}, "timezone": {"Asia/Shanghai", "UTC"},
}

// formats are the forms in which a command writes.
var formats = map[string][]string{
	"check": {"text", "jsonl", "csv", "markdown", "sarif", "junit", "github"}, "scan": {"text", "jsonl", "csv"}, "lint": {"text", "jsonl", "csv"},
	"report": {"text", "jsonl", "csv", "xlsx", "markdown", "sarif", "junit", "github", "html", "json", "notice"}, "diff": {"text", "json", "jsonl", "csv"},
	"judge": {"text", "json", "jsonl", "csv", "markdown", "sarif", "junit", "github"},
}

// complete lets every command below root complete what it takes.
func (p *program) complete(root *cobra.Command) {
	for _, c := range root.Commands() {
		p.complete(c)
		for flag, words := range flagValues {
			if c.Flags().Lookup(flag) != nil {
				c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) //nolint:errcheck // the flag is there
			}
		}
		if words := formats[c.Name()]; words != nil {
			c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) //nolint:errcheck // the flag is there
		}
	}
	for flag, words := range flagValues {
		if root.PersistentFlags().Lookup(flag) != nil && root.Parent() == nil {
			root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) //nolint:errcheck // the flag is there
		}
	}
}

// ruleWords complete rules, each with its title.
func (p *program) ruleWords(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, r := range rules.All {
		words = append(words, cobra.CompletionWithDesc(r.ID, detect.Text(r.Title).In(p.Lang)))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// runWords complete the runs of the database, the newest first.
func (p *program) runWords(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	words := []string{cobra.CompletionWithDesc("latest", p.tr("最近完成的批次", "the latest run that is done"))}
	if p.settle(cmd, nil) != nil {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	s, err := p.openStore(cmd.Context())
	if err != nil {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	defer s.Close()
	runs, err := s.Runs(cmd.Context(), completedRuns)
	if err != nil {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	for _, r := range runs {
		words = append(words, cobra.CompletionWithDesc(r.ID, wording.InZone(r.StartedAt).Format("2006-01-02 15:04")+" "+r.Inventory))
	}
	return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// completedRuns is how many runs a shell is offered.
const completedRuns = 30

// manCommand writes the manual pages.
func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   p.tr("man 文件夹", "man DIR"),
		Short: p.tr("把手册页写入文件夹", "Write the manual pages into a folder"),
		Long: p.tr("把每个命令的手册页（man）写入文件夹，语言与命令行相同。查看：man ./beianwatch-check.1",
			"Write a manual page of each command into a folder, in the language of the command line. To read one: man ./beianwatch-check.1"),
		Args: p.arguments(1, 1, "文件夹", "a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			paths, err := p.speaker().WriteManuals(cmd.Root(), args[0], version)
			if err == nil {
				p.say("已写入 %d 个手册页", "%d manual pages are written", len(paths))
			}
			return err
		},
	}
}
