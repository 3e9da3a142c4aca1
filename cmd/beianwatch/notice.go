package main

import (
	"context"
	"iter"
	"time"

	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notice"
	"github.com/beianwatch/beianwatch/reports/store"
)

// unwaived are records without what is waived: a letter asks for nothing of it.
func unwaived(records iter.Seq2[*reports.Record, error]) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) {
		for r, err := range records {
			if err == nil {
				r = r.WithoutWaived()
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// writeNotices writes a rectification notice for each owner of the run, or for
// those that the filters pick.
func (p *program) writeNotices(ctx context.Context, s *store.Store, run *reports.Run) error {
	if p.Out == "" {
		return usage("--format notice 为每位负责人写文件：请用 --out 指定文件夹", "--format notice writes files for each owner: say where with --out DIR")
	}
	n, err := p.noticeWriter(p.Out, run)
	if err != nil {
		return err
	}
	owner := ""
	if len(p.filter.Owners) == 1 {
		owner = p.filter.Owners[0]
	}
	files, err := n.Write(unwaived(p.filter.Records(lived(ctx, s, run, s.ByOwner(ctx, run.ID, owner)))))
	if err != nil {
		return err
	}
	if len(files) == 0 && owner != "" {
		p.say("批次 %s 中负责人 %q 的网站没有问题，未生成通知书；“beianwatch report %s --format csv”列出负责人的写法", "run %s found nothing on sites of the owner %q, so no notice was written; 'beianwatch report %s --format csv' lists owners as they are written", run.ID, owner, run.ID)
	} else if len(files) == 0 {
		p.say("没有发现问题，未生成通知书；“beianwatch report %s --format csv”列出负责人", "nothing was found, so no notice was written; 'beianwatch report %s --format csv' lists owners", run.ID)
	}
	for _, f := range files {
		p.show(f)
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
