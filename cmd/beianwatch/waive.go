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
		Use:   "waive DOMAIN RULE --until DATE --reason TEXT --who NAME",
		Short: "Accept what a rule finds on a domain until a day; it stays visible as waived",
		Long: `Accept what a rule finds on a domain until a day, the last one included. DOMAIN may be a pattern in which * stands
for any text, such as '*.example.cn'; RULE is an id, or '*' for every rule. What is waived is shown as such, is left
out of notices and counts for nothing. A waiver for the same domain and rule is replaced.
The config can name a file of waivers too: waivers: FILE.`,
		Args: exactly(2, "a domain (or pattern) and a rule"),
		RunE: func(cmd *cobra.Command, args []string) error {
			w.Domain, w.Rule = args[0], args[1]
			return p.waive(cmd.Context(), &w)
		},
	}
	cmd.Flags().StringVar(&w.Until, "until", "", "the last day, such as 2027-01-31")
	cmd.Flags().StringVar(&w.Reason, "reason", "", "why it is accepted")
	cmd.Flags().StringVar(&w.Who, "who", "", "who accepts it")
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
		return usage("--until %s: the day has passed", w.Until)
	}
	return p.withLives(ctx, func(_ *store.Store, lives *lifecycle.Store) error {
		if err := lives.Waive(ctx, w); err != nil {
			return err
		}
		p.say("%s", wording.WaiverText(w).In(p.Lang)+" "+wording.Clean(w.Domain, 260)+" "+wording.Clean(w.Rule, 80))
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
		Short: "List all waivers, those that have expired too (--format text, json or csv)",
		Args:  noArgs,
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
				return usage("--format %q: say text, json or csv", p.Format)
			})
		},
	}
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

func (p *program) waiveRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "remove DOMAIN RULE",
		Short: "Remove a waiver; DOMAIN and RULE as 'beianwatch waive list' shows them",
		Args:  exactly(2, "the domain (or pattern) and the rule of a waiver"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			domain, err := lifecycle.Pattern(args[0])
			if err != nil {
				return p.waiverFault(err)
			}
			return p.withLives(ctx, func(_ *store.Store, lives *lifecycle.Store) error {
				err := lives.Unwaive(ctx, domain, args[1], p.Waivers == "")
				if errors.Is(err, lifecycle.ErrNoWaiver) {
					return usage("there is no waiver for %s %s to remove: 'beianwatch waive list' shows them; one that comes from a file ends when it is deleted there", domain, args[1])
				}
				return err
			})
		},
	}
}
