package oidc

import (
	"context"
	"errors"
	"slices"
	"strings"

	provider "github.com/coreos/go-oidc/v3/oidc"

	"github.com/beianwatch/beianwatch/reports/web/account"
)

// enter makes the user whom the claims describe, or brings the user up to date, and returns
// the name. Who has no role any more loses sessions and tokens with the user.
func (l *Login) enter(ctx context.Context, id *provider.IDToken, claims map[string]any) (string, error) {
	subject := id.Issuer + " " + id.Subject
	u := account.User{Name: text(claims[l.conf.UserClaim]), Role: l.role(claims)}
	if u.Role == account.RoleOwner {
		u.Owner = text(claims[l.conf.OwnerClaim])
	}
	switch {
	case u.Role == "" || u.Role == account.RoleOwner && u.Owner == "":
		if err := l.accounts.DropSingle(ctx, subject); err != nil {
			return "", err
		}
		return "", refuse("您的账户没有使用权限，请联系管理员", "Your account has no role here: ask an administrator")
	case u.Name == "":
		return "", refuse("登录服务没有提供用户名，请联系管理员", "The provider told no user name: ask an administrator")
	case l.conf.UserClaim == "email" && (claims["email_verified"] == false || claims["email_verified"] == "false"):
		return "", refuse("登录服务尚未核实您的邮箱", "The provider has not verified your e-mail address")
	}
	name, err := l.accounts.PutSingle(ctx, subject, u)
	switch {
	case errors.Is(err, account.ErrName):
		return "", refuse("登录服务提供的用户名含有不能使用的字符", "The user name that the provider told has characters that cannot be used")
	case errors.Is(err, account.ErrNameTaken):
		return "", refuse("该用户名已属于另一账户，请联系管理员", "This user name belongs to another account: ask an administrator")
	}
	return name, err
}

// role is the highest role of the values of the claim; "" for none.
func (l *Login) role(claims map[string]any) account.Role {
	best := account.Role(l.conf.DefaultRole)
	for _, value := range texts(claims[l.conf.RoleClaim]) {
		if r := account.Role(l.conf.Roles[value]); r != "" && (best == "" || account.Above(r, best)) {
			best = r
		}
	}
	return best
}

// text is a claim that is a text.
func text(v any) string {
	s, _ := v.(string)
	if s = strings.TrimSpace(s); len(s) > maxClaim {
		return ""
	}
	return s
}

// texts is a claim that is a text or a list of texts.
func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, x := range list {
		if s := text(x); s != "" {
			out = append(out, s)
		}
	}
	return slices.Compact(out)
}
