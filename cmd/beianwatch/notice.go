package main

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notice"
	"github.com/beianwatch/beianwatch/reports/store"
)

// writeNotices writes a rectification notice for each owner of the run, or for
// one.
func (p *program) writeNotices(ctx context.Context, s *store.Store, run *reports.Run, owner string) error {
	if p.Out == "" {
		return usage("--format notice writes files for each owner: say where with --out DIR")
	}
	n, err := p.noticeWriter(p.Out, run)
	if err != nil {
		return err
	}
	files, err := n.Write(s.ByOwner(ctx, run.ID, owner))
	if err != nil {
		return err
	}
	if len(files) == 0 && owner != "" {
		p.say("run %s found nothing on sites of the owner %q, so no notice was written; 'beianwatch report %s --format csv' lists owners as they are written", run.ID, owner, run.ID)
	} else if len(files) == 0 {
		p.say("nothing was found, so no notice was written; 'beianwatch report %s --format csv' lists owners", run.ID)
	}
	for _, f := range files {
		p.say("%s", f)
	}
	return nil
}

// noticeWriter writes notices of a run into the folder out.
func (p *program) noticeWriter(out string, run *reports.Run) (*notice.Writer, error) {
	policy, err := p.Policy()
	if err != nil {
		return nil, err
	}
	n := &notice.Writer{Out: out, Run: run, Rules: rules.All, Lang: p.Lang, Today: time.Now(), Calendar: policy.Workdays, Letterhead: p.Letterhead()}
	if n.Calendar == nil {
		n.Calendar = workday.Default()
	}
	return n, nil
}
