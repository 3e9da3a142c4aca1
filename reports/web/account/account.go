// Package account keeps who may use the dashboard and the API: users with a
// password, their sessions, API tokens, the log of what was done, and the
// idempotency keys of requests. Without any user the program serves its own machine
// only, and everybody on it is [Local].
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/beianwatch/beianwatch/reports/store"
)

//go:embed migrations
var migrations embed.FS

// A Keeper keeps accounts in the results database. It is safe for many goroutines,
// and for many processes on one database.
type Keeper struct {
	store  *store.Store
	now    func() time.Time
	limits *limits

	Cost Cost // of new passwords; it is not changed after the first one
}

// Open makes the tables or brings them up to date. now is the clock; nil: time.Now.
func Open(ctx context.Context, s *store.Store, now func() time.Time) (*Keeper, error) {
	if err := s.Migrate(ctx, store.Tables{Scripts: migrations, Version: "account_version"}); err != nil {
		return nil, err
	}
	if now == nil {
		now = time.Now
	}
	return &Keeper{store: s, now: now, limits: newLimits(now), Cost: usualCost}, nil
}

// A User is a person who may log in.
type User struct {
	Name  string
	Role  Role
	Owner string
	Made  time.Time
}

// The mistakes in what was asked.
var (
	ErrName   = errors.New("a name has 1 to 64 letters, digits and . _ - @")
	ErrRole   = errors.New("the role is owner, viewer, operator or admin")
	ErrOwner  = errors.New("the role owner needs the owner whose sites are seen, as the inventory writes it; other roles take none")
	ErrNoUser = errors.New("there is no such user")
)

// Used reports whether there is any user.
func (k *Keeper) Used(ctx context.Context) (bool, error) {
	var n int
	err := k.store.Reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM account_user`).Scan(&n)
	return n > 0, err
}

// Put makes a user or changes one: role, owner and, unless it is empty, the password.
// Sessions of the user end.
func (k *Keeper) Put(ctx context.Context, u User, password string) error {
	switch {
	case !validName(u.Name):
		return ErrName
	case rank(u.Role) < 0:
		return ErrRole
	case (u.Role == RoleOwner) != (u.Owner != ""):
		return ErrOwner
	}
	stored := ""
	var err error
	if password != "" {
		if stored, err = k.Cost.hash(password); err != nil {
			return err
		}
	}
	_, err = k.store.Writer().ExecContext(ctx, `INSERT INTO account_user (name, role, owner, password, made) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET role = excluded.role, owner = excluded.owner,
			password = CASE WHEN excluded.password = '' THEN account_user.password ELSE excluded.password END, made = excluded.made`,
		u.Name, string(u.Role), u.Owner, stored, k.now().UnixMilli())
	return err
}

// Remove removes a user with the tokens made by it; [ErrNoUser] if it is not there.
func (k *Keeper) Remove(ctx context.Context, name string) error {
	res, err := k.store.Writer().ExecContext(ctx, `DELETE FROM account_user WHERE name = $1`, name)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("%w: %s", ErrNoUser, name))
	}
	if _, err = k.store.Writer().ExecContext(ctx, `DELETE FROM account_token WHERE holder = $1`, name); err == nil {
		_, err = k.store.Writer().ExecContext(ctx, `DELETE FROM account_single WHERE name = $1`, name)
	}
	return err
}

// Users lists the users by name.
func (k *Keeper) Users(ctx context.Context) ([]User, error) {
	rows, err := k.store.Reader().QueryContext(ctx, `SELECT name, role, owner, made FROM account_user ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []User
	for rows.Next() {
		var u User
		var role string
		var made int64
		if err := rows.Scan(&u.Name, &role, &u.Owner, &made); err != nil {
			return nil, err
		}
		u.Role, u.Made = Role(role), time.UnixMilli(made)
		list = append(list, u)
	}
	return list, rows.Err()
}

// Viewer returns a user as one who asks, and when the user was made or changed last;
// [ErrNoUser] if it is not there.
func (k *Keeper) Viewer(ctx context.Context, name string) (v Viewer, changed time.Time, err error) {
	var role string
	var made int64
	err = k.store.Reader().QueryRowContext(ctx, `SELECT role, owner, made FROM account_user WHERE name = $1`, name).Scan(&role, &v.Owner, &made)
	if errors.Is(err, sql.ErrNoRows) {
		return Viewer{}, time.Time{}, ErrNoUser
	}
	v.Name, v.Role = name, Role(role)
	return v, time.UnixMilli(made), err
}

func validName(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r)
	})
}

// A Token is an API token. Its text is told once, when it is made.
type Token struct {
	ID     string // the first digits of its digest
	Name   string
	Holder string
	Scope  Role
	Made   time.Time
	Used   time.Time
}

// tokenMark begins every token, so that scanners for leaked secrets know one.
const tokenMark = "bwt_"

// MakeToken makes a token that has the rights of a role, and of its holder at most.
func (k *Keeper) MakeToken(ctx context.Context, v Viewer, name string, scope Role) (text string, err error) {
	if rank(scope) < 0 {
		return "", ErrRole
	}
	if name = strings.TrimSpace(name); name == "" || len(name) > 100 {
		return "", errors.New("say in 1 to 100 characters what the token is for")
	}
	text = tokenMark + rand.Text()
	_, err = k.store.Writer().ExecContext(ctx, `INSERT INTO account_token (digest, name, holder, scope, made, used) VALUES ($1, $2, $3, $4, $5, 0)`,
		digest(text), name, v.Name, string(v.limited(scope).Role), k.now().UnixMilli())
	return text, err
}

// Tokens lists the tokens of a user, or all for somebody who keeps the accounts.
func (k *Keeper) Tokens(ctx context.Context, v Viewer) ([]Token, error) {
	rows, err := k.store.Reader().QueryContext(ctx, `SELECT digest, name, holder, scope, made, used FROM account_token ORDER BY made DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Token
	for rows.Next() {
		var t Token
		var scope string
		var made, used int64
		if err := rows.Scan(&t.ID, &t.Name, &t.Holder, &scope, &made, &used); err != nil {
			return nil, err
		}
		t.ID, t.Scope, t.Made = t.ID[:tokenID], Role(scope), time.UnixMilli(made)
		if used > 0 {
			t.Used = time.UnixMilli(used)
		}
		if t.Holder == v.Name || v.May(Accounts) {
			list = append(list, t)
		}
	}
	return list, rows.Err()
}

// tokenID is how many digits of a digest name a token.
const tokenID = 16

// DropToken ends a token that the viewer may see.
func (k *Keeper) DropToken(ctx context.Context, v Viewer, id string) error {
	list, err := k.Tokens(ctx, v)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(t Token) bool { return t.ID == id }) {
		return errors.New("there is no such token")
	}
	_, err = k.store.Writer().ExecContext(ctx, `DELETE FROM account_token WHERE digest >= $1 AND digest < $2`, id, id+"g")
	return err
}

// ByToken returns who holds a token, with its scope; false if it is none of ours.
func (k *Keeper) ByToken(ctx context.Context, text string) (Viewer, bool) {
	if !strings.HasPrefix(text, tokenMark) || len(text) > 100 {
		return Viewer{}, false
	}
	var holder, scope string
	var used int64
	d := digest(text)
	if err := k.store.Reader().QueryRowContext(ctx, `SELECT holder, scope, used FROM account_token WHERE digest = $1`, d).Scan(&holder, &scope, &used); err != nil {
		return Viewer{}, false
	}
	v := Local
	if holder != Local.Name {
		var err error
		if v, _, err = k.Viewer(ctx, holder); err != nil {
			return Viewer{}, false
		}
	} else if used, err := k.Used(ctx); err != nil || used {
		return Viewer{}, false // it was made before there were users
	}
	if now := k.now().UnixMilli(); now-used > time.Minute.Milliseconds() {
		_, _ = k.store.Writer().ExecContext(ctx, `UPDATE account_token SET used = $2 WHERE digest = $1`, d, now) // a help for people alone
	}
	return v.limited(Role(scope)), true
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
