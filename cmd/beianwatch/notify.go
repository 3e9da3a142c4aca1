package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/outbox"
)

func (p *program) notifyCommand() *cobra.Command {
	var dry, test bool
	cmd := &cobra.Command{
		Use:   p.tr("notify [批次号]", "notify [RUN]"),
		Short: p.tr("查看一个批次会发出的通知，或测试配置中的通道", "Show what people are told of a run, or try the channels of the config"),
		Long: p.tr(`按配置中 notify 下的通道，查看一个批次会发出的通知（--dry-run），或向每个通道发送一条简短的测试消息（--test）。
serve 会自行发送通知，每个批次只发一次。批次号可只写开头，或写 latest（默认）。`,
			`Show what people are told of a run by the channels under notify: in the config (--dry-run), or send a short message
through each of them (--test). serve tells people of its runs by itself, of each run once.
RUN is an id, its beginning, or latest, which is the default.`),
		Args: p.arguments(0, 1, "", ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(p.Notify.Channels) == 0 {
				return usage("没有设置通道：请在配置的 notify 下写明，并用 --config 指定（“beianwatch config init”可生成示例）", "no channel is set: name some under notify: in the config, --config FILE ('beianwatch config init' writes one)")
			}
			switch {
			case test && !dry:
				return p.tryChannels(cmd.Context())
			case dry && !test:
				return p.showMessages(cmd.Context(), append(args, "latest")[0])
			}
			return usage("请写 --dry-run 查看将发送的内容，或 --test 测试通道", "give --dry-run to see what would be sent, or --test to try the channels")
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, p.tr("输出通知内容，不发送", "print the messages; send nothing"))
	cmd.Flags().BoolVar(&test, "test", false, p.tr("向每个通道发送一条简短的消息", "send a short message through each channel"))
	return cmd
}

// tryChannels sends a message through each channel and says how that went.
func (p *program) tryChannels(ctx context.Context) error {
	failed := 0
	for i := range p.Notify.Channels {
		c := &p.Notify.Channels[i]
		now := time.Now()
		m := &notify.Message{
			ID: fmt.Sprintf("test-%d", now.UnixNano()), Channel: c.Name, Title: "beianwatch", To: c.To,
			Text: p.tr("beianwatch 通知测试：此通道可用。", "beianwatch: a test. This channel works."), Data: &notify.Payload{ID: "test", Started: now, Finished: now},
		}
		if c.Kind == notify.Mail && len(c.To) == 0 {
			m.To = []string{c.From}
		}
		out, err := c.Send(ctx, m, now)
		if err != nil {
			failed++
			p.show(message.Explain(err, p.Lang))
			continue
		}
		fmt.Fprintf(p.out, "%s  %s\n", c.Name, out)
	}
	if failed > 0 {
		return message.Errorf("%[2]d 个通道中有 %[1]d 个没有接收消息", "%[1]d of %[2]d channels did not take the message", failed, len(p.Notify.Channels))
	}
	return nil
}

// showMessages prints what would be sent of a run.
func (p *program) showMessages(ctx context.Context, word string) error {
	s, err := p.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	run, err := findRun(ctx, s, word)
	if err != nil {
		return err
	}
	messages, err := p.messages(ctx, s, run)
	if err != nil {
		return err
	}
	if len(messages) == 0 {
		p.say("批次 %s：没有变化，不发送通知", "run %s: nothing has changed, so nobody is told anything", run.ID)
	}
	for _, m := range messages {
		fmt.Fprintf(p.out, "== %s", m.Channel)
		if len(m.To) > 0 {
			fmt.Fprintf(p.out, " → %s", strings.Join(m.To, ", "))
		}
		fmt.Fprintln(p.out)
		if m.Data != nil {
			fmt.Fprintf(p.out, "%+v\n\n", *m.Data)
			continue
		}
		fmt.Fprintf(p.out, "%s\n\n%s", m.Title, m.Text)
		for _, f := range m.Files {
			fmt.Fprintf(p.out, "+ %s (%d bytes)\n", f.Name, len(f.Body))
		}
		fmt.Fprintln(p.out)
	}
	return nil
}

// telling is how serve tells people of runs; nil if it tells nobody.
func (p *program) telling(s *store.Store) (*outbox.Telling, error) {
	if len(p.Notify.Channels) == 0 {
		return nil, nil
	}
	quiet, err := p.QuietHours()
	if err != nil {
		return nil, err
	}
	return &outbox.Telling{
		Channels: p.Notify.Channels, Quiet: quiet,
		Messages: func(ctx context.Context, run *reports.Run) ([]*notify.Message, error) { return p.messages(ctx, s, run) },
	}, nil
}

// messages makes what is sent of a run through all channels.
func (p *program) messages(ctx context.Context, s *store.Store, run *reports.Run) ([]*notify.Message, error) {
	digests, err := notify.Gather(run, lived(ctx, s, run, s.Records(ctx, run.ID)))
	if err != nil {
		return nil, err
	}
	text, err := p.DigestText(p.Lang)
	if err != nil {
		return nil, err
	}
	var all []*notify.Message
	for i := range p.Notify.Channels {
		messages, err := p.Notify.Channels[i].Messages(digests, text, func(d *notify.Digest) ([]notify.Attachment, error) { return p.noticeOf(ctx, s, run, d.Owner) })
		if err != nil {
			return nil, err
		}
		all = append(all, messages...)
	}
	return all, nil
}

// noticeOf is the rectification notice of an owner as an attachment; none if
// nothing was found on their sites.
func (p *program) noticeOf(ctx context.Context, s *store.Store, run *reports.Run, owner notify.Owner) ([]notify.Attachment, error) {
	dir, err := os.MkdirTemp("", "beianwatch-notice-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	n, err := p.noticeWriter(dir, run)
	if err != nil {
		return nil, err
	}
	theirs := func(yield func(*reports.Record, error) bool) {
		for r, err := range unwaived(lived(ctx, s, run, s.ByOwner(ctx, run.ID, owner.Name))) {
			if err == nil && (r.Detail.Team != owner.Team || r.Detail.Contact != owner.Contact) {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
	files, err := n.Write(theirs)
	if err != nil {
		return nil, err
	}
	var out []notify.Attachment
	for _, f := range files {
		if filepath.Ext(f) != ".docx" {
			continue
		}
		body, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		out = append(out, notify.Attachment{Name: filepath.Base(f), Body: body})
	}
	return out, nil
}

// letters are the notices that somebody has sent to an owner by hand, one for each of the
// owner's teams and addresses: what is open on their sites in the run.
func (p *program) letters(ctx context.Context, s *store.Store, run *reports.Run, owner string) ([]*notify.Message, error) {
	var theirs []notify.Owner
	for r, err := range unwaived(lived(ctx, s, run, s.ByOwner(ctx, run.ID, owner))) {
		if err != nil {
			return nil, err
		}
		if o := (notify.Owner{Name: r.Owner, Team: r.Detail.Team, Contact: r.Detail.Contact}); len(r.Findings()) > 0 && !slices.Contains(theirs, o) {
			theirs = append(theirs, o)
		}
	}
	text, err := p.DigestText(p.Lang)
	if err != nil {
		return nil, err
	}
	zone, err := p.Zone()
	if err != nil {
		return nil, err
	}
	day := time.Now().In(zone).Format(time.DateOnly)
	var all []*notify.Message
	for _, o := range theirs {
		files, err := p.noticeOf(ctx, s, run, o)
		if err != nil {
			return nil, err
		}
		for i := range p.Notify.Channels {
			if m := p.Notify.Channels[i].ByHand(run, o, day, text, files); m != nil {
				all = append(all, m)
				break // by one channel
			}
		}
	}
	return all, nil
}

// writesOwners reports whether a channel writes to owners.
func (p *program) writesOwners() bool {
	return slices.ContainsFunc(p.Notify.Channels, func(c notify.Channel) bool { return c.Kind == notify.Mail && c.Owners })
}
