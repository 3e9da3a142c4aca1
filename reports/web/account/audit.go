package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// An Entry is something that a user did.
type Entry struct {
	At     time.Time
	Seq    string
	Who    string
	What   string // run.begin, run.stop, site.visit, user.put …
	Object string
}

// Note enters what was done into the log.
func (k *Keeper) Note(ctx context.Context, v Viewer, what, object string) error {
	if len(object) > 500 {
		object = object[:500]
	}
	_, err := k.store.Writer().ExecContext(ctx, `INSERT INTO account_audit (at, seq, who, what, object) VALUES ($1, $2, $3, $4, $5)`,
		k.now().UnixMilli(), rand.Text(), v.Name, what, plain(object))
	return err
}

// Log lists what was done before an entry, of which time and Seq count, the newest first;
// the zero entry is now.
func (k *Keeper) Log(ctx context.Context, before Entry, limit int) ([]Entry, error) {
	ms := int64(1) << 62
	if !before.At.IsZero() {
		ms = before.At.UnixMilli()
	}
	rows, err := k.store.Reader().QueryContext(ctx, `SELECT at, seq, who, what, object FROM account_audit WHERE at < $1 OR at = $1 AND seq < $2 ORDER BY at DESC, seq DESC LIMIT $3`, ms, before.Seq, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		var e Entry
		var at int64
		if err := rows.Scan(&at, &e.Seq, &e.Who, &e.What, &e.Object); err != nil {
			return nil, err
		}
		e.At = time.UnixMilli(at)
		list = append(list, e)
	}
	return list, rows.Err()
}

// requestKept is how long an idempotency key is remembered.
const requestKept = 24 * time.Hour

// ErrKeyReused says that an idempotency key came with another request before.
var ErrKeyReused = errors.New("this idempotency key was used for another request")

// ErrUnderWay says that the request of this key is being carried out.
var ErrUnderWay = errors.New("the request with this idempotency key is under way")

// Once carries out do under an idempotency key and returns what it made; a second
// request with the key gets the same, without doing it again. ask names what is asked.
// An empty key is none. A request that fails leaves the key free.
func (k *Keeper) Once(ctx context.Context, v Viewer, key, ask string, do func() (string, error)) (made string, again bool, err error) {
	if key == "" {
		made, err = do()
		return made, false, err
	}
	now := k.now().UnixMilli()
	if _, err := k.store.Writer().ExecContext(ctx, `DELETE FROM account_request WHERE at < $1`, now-requestKept.Milliseconds()); err != nil {
		return "", false, err
	}
	res, err := k.store.Writer().ExecContext(ctx, `INSERT INTO account_request (who, mark, ask, made, at) VALUES ($1, $2, $3, '', $4) ON CONFLICT DO NOTHING`, v.Name, key, ask, now)
	if err != nil {
		return "", false, err
	}
	if n, err := res.RowsAffected(); err != nil {
		return "", false, err
	} else if n == 0 {
		return k.earlier(ctx, v, key, ask)
	}
	made, err = do()
	work := context.WithoutCancel(ctx)
	if err != nil {
		_, freed := k.store.Writer().ExecContext(work, `DELETE FROM account_request WHERE who = $1 AND mark = $2`, v.Name, key)
		return "", false, errors.Join(err, freed)
	}
	_, err = k.store.Writer().ExecContext(work, `UPDATE account_request SET made = $3 WHERE who = $1 AND mark = $2`, v.Name, key, made)
	return made, false, err
}

// earlier is what came of the request that had the key first.
func (k *Keeper) earlier(ctx context.Context, v Viewer, key, ask string) (made string, again bool, err error) {
	was := ""
	err = k.store.Reader().QueryRowContext(ctx, `SELECT ask, made FROM account_request WHERE who = $1 AND mark = $2`, v.Name, key).Scan(&was, &made)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, ErrUnderWay // it failed at this moment: ask again
	case err != nil:
		return "", false, err
	case was != ask:
		return "", false, ErrKeyReused
	case made == "":
		return "", false, ErrUnderWay
	}
	return made, true, nil
}

// plain makes text that every database takes.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
