package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

func (p *program) userCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: p.tr("管理可登录仪表盘的用户", "Who may log in to the dashboard"),
		Long: p.tr(`没有用户时，serve 的仪表盘只对本机开放，本机上的人可以进行所有操作。有了第一个用户，所有人都须登录，serve 可监听任意地址。

角色：viewer 查看全部；operator 开始和停止检查、上传清单、豁免问题；admin 管理用户；owner 只看某一负责人的网站
（--owner，与清单中的写法一致）。`,
			`Without users the dashboard of 'serve' answers this machine alone, and whoever is on it may do everything. With the
first user everybody has to log in, and 'serve' may listen on any address.

Roles: viewer sees everything; operator begins and stops runs, uploads inventories and waives findings; admin keeps
users; owner sees the sites of one owner (--owner, as the inventory writes it).`),
		Args: p.none(),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	u := account.User{Role: account.RoleViewer}
	add := &cobra.Command{
		Use:   "add NAME",
		Short: p.tr("创建或修改用户；密码会询问，或从标准输入读一行", "Make a user or change one; the password is asked for, or read as a line of standard input"),
		Args:  p.arguments(1, 1, "用户名", "the name of the user"),
		RunE: func(cmd *cobra.Command, args []string) error {
			u.Name = args[0]
			return p.withAccounts(cmd.Context(), func(ctx context.Context, k *account.Keeper) error { return p.addUser(ctx, k, u) })
		},
	}
	add.Flags().StringVar((*string)(&u.Role), "role", string(u.Role), p.tr("用户的角色：owner、viewer、operator 或 admin", "what the user may do: owner, viewer, operator or admin"))
	add.Flags().StringVar(&u.Owner, "owner", "", p.tr("可查看谁的网站，与 --role owner 同用", "whose sites are seen, with --role owner"))
	remove := &cobra.Command{
		Use:   "remove NAME",
		Short: p.tr("删除用户及其令牌", "Remove a user, with the user's tokens"),
		Args:  p.arguments(1, 1, "用户名", "the name of the user"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withAccounts(cmd.Context(), func(ctx context.Context, k *account.Keeper) error { return userError(k.Remove(ctx, args[0])) })
		},
	}
	list := &cobra.Command{
		Use:   "list",
		Short: p.tr("列出用户", "List the users"),
		Args:  p.none(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withAccounts(cmd.Context(), func(ctx context.Context, k *account.Keeper) error {
				users, err := k.Users(ctx)
				for _, u := range users {
					fmt.Fprintln(p.out, strings.TrimSpace(u.Name+"\t"+string(u.Role)+"\t"+u.Owner))
				}
				return err
			})
		},
	}
	cmd.AddCommand(add, remove, list)
	return cmd
}

// withAccounts opens the accounts of --db.
func (p *program) withAccounts(ctx context.Context, do func(context.Context, *account.Keeper) error) error {
	s, err := store.Open(ctx, p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	k, err := account.Open(ctx, s, nil)
	if err != nil {
		return err
	}
	return do(ctx, k)
}

// addUser makes a user with the password that a person gives.
func (p *program) addUser(ctx context.Context, k *account.Keeper, u account.User) error {
	password, err := p.readPassword()
	if err != nil {
		return err
	}
	if _, _, err := k.Viewer(ctx, u.Name); errors.Is(err, account.ErrNoUser) && password == "" {
		return usage("新用户需要密码：请从标准输入给出一行", "a new user needs a password: give it as a line of standard input")
	}
	return userError(k.Put(ctx, u, password))
}

var askPassword = detect.Text{ZH: "密码（至少 12 个字符；留空则不改）：", EN: "password (12 characters at least; empty keeps it): "}

// readPassword asks at a terminal, without showing it, and else reads a line.
func (p *program) readPassword() (string, error) {
	if f, ok := p.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(p.errOut, askPassword.In(p.Lang))
		text, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(p.errOut)
		return string(text), err
	}
	line, err := bufio.NewReader(io.LimitReader(p.in, 4096)).ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// userMistakes are what can be wrong with a user, in Chinese.
var userMistakes = map[error]string{
	account.ErrName:   "用户名为 1 至 64 个字母、数字或 . _ - @",
	account.ErrRole:   "角色为 owner、viewer、operator 或 admin",
	account.ErrOwner:  "owner 角色须用 --owner 写明负责人（与清单一致），其他角色不写",
	account.ErrWeak:   "密码须为 12 至 200 个字符",
	account.ErrNoUser: "没有该用户",
}

// userError makes what is wrong with a user a mistake in the call.
func userError(err error) error {
	for known, zh := range userMistakes {
		if errors.Is(err, known) {
			return usage("%[1]s", "%[2]s", zh, known.Error())
		}
	}
	return err
}
