package actions

import (
	"context"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

// A Letter is something that an owner was written.
type Letter struct {
	ID, Run, Channel, To string
	Made                 time.Time
	State                string // waiting, sending, sent, refused, perhaps
	Changed              time.Time
	Reason               string // why it was not sent
	Answered             time.Time
	Answer, NotedBy      string
}

// maxLetters is how many letters of an owner are listed.
const maxLetters = 50

// LettersTo lists what an owner was written.
func (s *Service) LettersTo(ctx context.Context, v account.Viewer, owner string) ([]Letter, error) {
	if !v.Sees(owner) {
		return nil, ErrForbidden
	}
	if s.Letters == nil {
		return nil, nil
	}
	return s.Letters(ctx, owner, maxLetters)
}

// SendTo writes to an owner about a run: the notice of all that is open on the owner's
// sites. It returns how many letters that makes, one for each team and address.
func (s *Service) SendTo(ctx context.Context, v account.Viewer, run *reports.Run, owner string) (int, error) {
	switch {
	case !v.May(account.Notify):
		return 0, ErrForbidden
	case s.Send == nil || run == nil:
		return 0, bad("没有可用的邮件通道：请在配置的 notify 下设置 kind: mail 且 owners: true", "no channel writes to owners: set one of kind mail with owners: true under notify: in the config")
	case owner == "":
		return 0, bad("请选择负责人", "name an owner")
	}
	n, err := s.Send(ctx, run, owner)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, bad("没有可发送的通知：该负责人的网站没有待整改的问题，清单没有填写邮箱，或今天已经发送过", "there is nothing to send: nothing is open on the owner's sites, the inventory has no mail address, or it was sent today")
	}
	s.note(ctx, v, "letter.send", run.ID+" "+owner)
	return n, nil
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
