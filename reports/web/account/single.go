package account

import (
	"context"
	"database/sql"
	"errors"
)

// ErrNameTaken says that a user of single sign-on has the name of another user.
var ErrNameTaken = errors.New("the name belongs to another user")

// PutSingle makes the user whom a provider of single sign-on knows by a subject, or changes
// role and owner, and returns the name: the one of the first log-in, whatever the provider
// says later. A user who is there already under the name is never taken over. Sessions
// end where anything changed.
func (k *Keeper) PutSingle(ctx context.Context, subject string, u User) (name string, err error) {
	if name, err = k.single(ctx, subject); err != nil {
		return "", err
	}
	if name == "" {
		switch _, _, err := k.Viewer(ctx, u.Name); {
		case err == nil || u.Name == Local.Name:
			return "", ErrNameTaken
		case !errors.Is(err, ErrNoUser):
			return "", err
		case !validName(u.Name):
			return "", ErrName
		}
		res, err := k.store.Writer().ExecContext(ctx, `INSERT INTO account_single (subject, name) VALUES ($1, $2) ON CONFLICT DO NOTHING`, subject, u.Name)
		if err != nil {
			return "", err
		}
		if n, err := res.RowsAffected(); err != nil {
			return "", err
		} else if n == 0 {
			return "", ErrNameTaken
		}
		name = u.Name
	}
	u.Name = name
	if v, _, err := k.Viewer(ctx, name); err == nil && v.Role == u.Role && v.Owner == u.Owner {
		return name, nil
	} else if err != nil && !errors.Is(err, ErrNoUser) {
		return "", err
	}
	return name, k.Put(ctx, u, "")
}

// DropSingle removes the user of a subject, with sessions and tokens, if there is one.
func (k *Keeper) DropSingle(ctx context.Context, subject string) error {
	name, err := k.single(ctx, subject)
	if err != nil || name == "" {
		return err
	}
	if err = k.Remove(ctx, name); errors.Is(err, ErrNoUser) {
		return nil
	}
	return err
}

// single is the name of a subject's user; "" if it is not known.
func (k *Keeper) single(ctx context.Context, subject string) (name string, err error) {
	err = k.store.Reader().QueryRowContext(ctx, `SELECT name FROM account_single WHERE subject = $1`, subject).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return name, err
}
