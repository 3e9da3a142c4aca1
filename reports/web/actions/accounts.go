package actions

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Users lists the users.
func (s *Service) Users(ctx context.Context, v account.Viewer) ([]account.User, error) {
	if err := allow(v, account.Accounts); err != nil {
		return nil, err
	}
	return s.Accounts.Users(ctx)
}

// LoggedIn enters into the log that a user has come from a provider of single sign-on.
func (s *Service) LoggedIn(ctx context.Context, name string) {
	s.note(ctx, account.Viewer{Name: name}, "user.login", "single sign-on")
}

// PutUser makes a user or changes one; without a password, that stays.
func (s *Service) PutUser(ctx context.Context, v account.Viewer, u account.User, password string) error {
	if err := allow(v, account.Accounts); err != nil {
		return err
	}
	if u.Name == v.Name && u.Role != v.Role {
		return bad("不能更改自己的角色", "one cannot change one's own role")
	}
	if err := mistake(s.Accounts.Put(ctx, u, password)); err != nil {
		return err
	}
	s.note(ctx, v, "user.put", u.Name+" "+string(u.Role))
	return nil
}

// RemoveUser removes a user, but not oneself: somebody must be left who can log in.
func (s *Service) RemoveUser(ctx context.Context, v account.Viewer, name string) error {
	if err := allow(v, account.Accounts); err != nil {
		return err
	}
	if name == v.Name {
		return bad("不能删除自己", "one cannot remove oneself")
	}
	if err := mistake(s.Accounts.Remove(ctx, name)); err != nil {
		return err
	}
	s.note(ctx, v, "user.remove", name)
	return nil
}

// mistakes are what is wrong with a user, in both languages.
var mistakes = map[error]said{
	account.ErrName:   {wording.Say("用户名为 1 至 64 个字母、数字或 . _ - @", account.ErrName.Error())},
	account.ErrRole:   {wording.Say("角色为 owner、viewer、operator 或 admin", account.ErrRole.Error())},
	account.ErrOwner:  {wording.Say("owner 角色须填写负责人（与清单一致），其他角色不填", account.ErrOwner.Error())},
	account.ErrWeak:   {wording.Say("密码须为 12 至 200 个字符", account.ErrWeak.Error())},
	account.ErrNoUser: {wording.Say("没有该用户", account.ErrNoUser.Error())},
}

func mistake(err error) error {
	for known, text := range mistakes {
		if errors.Is(err, known) {
			return &BadRequest{text}
		}
	}
	return err
}

// MakeToken makes an API token; its text is told once.
func (s *Service) MakeToken(ctx context.Context, v account.Viewer, name string, scope account.Role) (text string, err error) {
	if err := allow(v, account.OwnTokens); err != nil {
		return "", err
	}
	if text, err = s.Accounts.MakeToken(ctx, v, name, scope); err != nil {
		return "", &BadRequest{mistakeOr(err)}
	}
	s.note(ctx, v, "token.make", name)
	return text, nil
}

func mistakeOr(err error) error {
	if errors.Is(err, account.ErrRole) {
		return mistakes[account.ErrRole]
	}
	return said{wording.Say("请用 1 至 100 个字符说明令牌用途", err.Error())}
}

// EndToken ends an API token.
func (s *Service) EndToken(ctx context.Context, v account.Viewer, id string) error {
	if err := allow(v, account.OwnTokens); err != nil {
		return err
	}
	if err := s.Accounts.DropToken(ctx, v, id); err != nil {
		return err
	}
	s.note(ctx, v, "token.end", id)
	return nil
}

// Audit lists what was done, the newest first, before a cursor.
func (s *Service) Audit(ctx context.Context, v account.Viewer, before string, limit int) ([]account.Entry, error) {
	if err := allow(v, account.Accounts); err != nil {
		return nil, err
	}
	last := account.Entry{}
	if before != "" {
		at, seq, _ := strings.Cut(before, "-")
		ms, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return nil, bad("分页位置无效", "the cursor is not one of the log")
		}
		last = account.Entry{At: time.UnixMilli(ms), Seq: seq}
	}
	return s.Accounts.Log(ctx, last, limit)
}

// AuditCursor is the cursor behind an entry.
func AuditCursor(e account.Entry) string {
	return strconv.FormatInt(e.At.UnixMilli(), 10) + "-" + e.Seq
}
