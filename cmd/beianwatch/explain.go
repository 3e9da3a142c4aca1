package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

func (p *program) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:               p.tr("explain [规则]", "explain [RULE]"),
		Short:             p.tr("说明一条规则的要求、理由、整改方法和依据", "Tell what a rule requires, why, how to comply, and its source"),
		Long:              p.tr("说明一条规则的要求、理由、整改方法和依据。不给出规则时列出全部规则。", "Tell what a rule requires, why, how to comply, and its source. Without RULE, all rules are listed."),
		Args:              p.arguments(0, 1, "", ""),
		ValidArgsFunction: p.ruleWords,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.intoFile("rules.txt", func() error { return p.terminal().RuleList(rules.All) })
			}
			at := slices.IndexFunc(rules.All, func(r *detect.Rule) bool { return r.ID == args[0] })
			if at < 0 {
				return unknownRule(args[0])
			}
			return p.intoFile(rules.All[at].ID+".txt", func() error { return p.terminal().Explain(rules.All[at]) })
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

// unknownRule names the rules that were probably meant: those that share a word
// with what was typed, or nearly are it.
func unknownRule(typed string) error {
	var near []string
	for _, id := range ruleIDs() {
		if strings.Contains(id, typed) || strings.Contains(typed, id) {
			near = append(near, id)
		}
	}
	if one := settings.Nearest(typed, ruleIDs()); len(near) == 0 && one != "" {
		near = []string{one}
	}
	if len(near) == 0 {
		return usage("没有规则 %q；“beianwatch explain”列出全部规则", "there is no rule %q; 'beianwatch explain' lists them", typed)
	}
	return usage("没有规则 %q：是否指 %s？", "there is no rule %q: did you mean %s?", typed, strings.Join(near, ", "))
}
