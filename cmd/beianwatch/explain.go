package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

func (p *program) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE]",
		Short: "Say what a rule wants, why, what to do, and where that is written",
		Long:  "Say what a rule wants, why, what to do, and where that is written. Without RULE, all rules are listed.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("explain takes one rule, but %d were given", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.terminal().RuleList(rules.All)
			}
			at := slices.IndexFunc(rules.All, func(r *detect.Rule) bool { return r.ID == args[0] })
			if at < 0 {
				return usage("there is no rule %q%s; 'beianwatch explain' lists them", args[0], nearRule(args[0]))
			}
			return p.terminal().Explain(rules.All[at])
		},
	}
}

func ruleIDs() []string {
	ids := make([]string, len(rules.All))
	for i, r := range rules.All {
		ids[i] = r.ID
	}
	return ids
}

// nearRule names the rules that share a word with what was typed.
func nearRule(typed string) string {
	var near []string
	for _, id := range ruleIDs() {
		if strings.Contains(id, typed) || strings.Contains(typed, id) {
			near = append(near, id)
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}
