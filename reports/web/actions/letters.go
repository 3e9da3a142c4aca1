package actions

import (
	"context"
	"strings"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

// maxLetters is how many letters of an owner are listed.
const maxLetters = 50

// LettersTo lists what an owner was written.
func (s *Service) LettersTo(ctx context.Context, v account.Viewer, owner string) ([]notify.Letter, error) {
	if !v.Sees(owner) {
		return nil, ErrForbidden
	}
	if s.Letters == nil {
		return nil, nil
	}
	return s.Letters(ctx, owner, maxLetters)
}

// SendTo writes to owners about a run: to each the notice of all that is open on the
// owner's sites. It returns how many letters that makes, one for each team and address; one
// who gets no letter does not keep the others from theirs.
func (s *Service) SendTo(ctx context.Context, v account.Viewer, run *reports.Run, owners ...string) (sum int, err error) {
	switch {
	case !v.May(account.Notify):
		return 0, ErrForbidden
	case s.Send == nil || run == nil:
		return 0, bad("没有可用的邮件通道：请在配置的 notify 下设置 kind: mail 且 owners: true", "no channel writes to owners: set one of kind mail with owners: true under notify: in the config")
	case run.State != reports.RunDone:
		return 0, bad("该批次尚未完成：完成后再发送通知", "this run is not done: send the notice when it is")
	}
	for _, owner := range owners {
		n, err := s.Send(ctx, run, owner)
		if err != nil {
			return sum, err
		}
		if sum += n; n > 0 {
			s.note(ctx, v, "letter.send", run.ID+" "+owner)
		}
	}
	if sum == 0 {
		return 0, bad("没有可发送的通知：负责人的网站没有待整改的问题，清单没有填写负责人或邮箱，或今天已经发送过", "there is nothing to send: nothing is open on the owners' sites, the inventory has no owner or mail address, or it was sent today")
	}
	return sum, nil
}

// NoteAnswer notes what an owner has answered to a letter.
func (s *Service) NoteAnswer(ctx context.Context, v account.Viewer, id, answer string) (owner string, err error) {
	if !v.May(account.Notify) {
		return "", ErrForbidden
	}
	if s.Answered == nil {
		return "", ErrNotFound
	}
	if owner, err = s.Answered(ctx, id, strings.TrimSpace(answer), v.Name); err != nil {
		return "", err
	}
	s.note(ctx, v, "letter.answer", id)
	return owner, nil
}
