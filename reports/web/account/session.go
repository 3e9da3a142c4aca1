package account

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// How long a session lasts: in all, and without a request.
const (
	sessionTime = 12 * time.Hour
	sessionIdle = 2 * time.Hour
)

// sessionUser and sessionSince are what a session holds: who has logged in, and when.
const (
	sessionUser  = "user"
	sessionSince = "since"
)

// Sessions keeps log-ins of browsers. The cookie is HttpOnly and SameSite=Lax: a
// log-in by single sign-on comes back from another site by a link.
type Sessions struct {
	k *Keeper
	m *scs.SessionManager
}

// Sessions makes the sessions; secure says that the dashboard is reached by https.
func (k *Keeper) Sessions(secure bool) *Sessions {
	m := scs.New()
	m.Store = sessionStore{k}
	m.HashTokenInStore = true
	m.Lifetime, m.IdleTimeout = sessionTime, sessionIdle
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Secure = "beianwatch-session", true, http.SameSiteLaxMode, secure
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, "the session could not be read or stored: "+err.Error(), http.StatusServiceUnavailable)
	}
	return &Sessions{k, m}
}

// Handler loads and saves the session around next.
func (s *Sessions) Handler(next http.Handler) http.Handler { return s.m.LoadAndSave(next) }

// Begin logs a user in, under a new token.
func (s *Sessions) Begin(ctx context.Context, name string) error {
	if err := s.m.RenewToken(ctx); err != nil {
		return err
	}
	s.m.Put(ctx, sessionUser, name)
	s.m.Put(ctx, sessionSince, s.k.now().UnixMilli())
	return nil
}

// End logs out.
func (s *Sessions) End(ctx context.Context) error { return s.m.Destroy(ctx) }

// Viewer returns who has logged in; false for nobody, or if the user was removed or
// changed since.
func (s *Sessions) Viewer(ctx context.Context) (Viewer, bool) {
	name := s.m.GetString(ctx, sessionUser)
	if name == "" {
		return Viewer{}, false
	}
	v, changed, err := s.k.Viewer(ctx, name)
	if err != nil || changed.UnixMilli() > s.m.GetInt64(ctx, sessionSince) {
		return Viewer{}, false
	}
	return v, true
}

// awayTime is how long a session is kept of somebody who has gone to another site to log in
// and has not come back.
const awayTime = 15 * time.Minute

// Keep holds a value for the browser, for the way to another site and back.
func (s *Sessions) Keep(ctx context.Context, key, value string) {
	s.m.Put(ctx, key, value)
	if s.m.GetString(ctx, sessionUser) == "" {
		s.m.SetDeadline(ctx, s.k.now().Add(awayTime))
	}
}

// Take returns a value that was kept, once.
func (s *Sessions) Take(ctx context.Context, key string) string { return s.m.PopString(ctx, key) }

// sessionStore keeps sessions in the database; it is scs' Store.
type sessionStore struct{ k *Keeper }

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessionStore) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// DeleteCtx forgets a session.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.k.store.Writer().ExecContext(ctx, `DELETE FROM account_session WHERE token = $1`, token)
	return err
}

// FindCtx returns the data of a session that has not expired.
func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.k.store.Reader().QueryRowContext(ctx, `SELECT data FROM account_session WHERE token = $1 AND expires > $2`, token, s.k.now().UnixMilli()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx stores a session, and forgets those that have expired.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, err := s.k.store.Writer().ExecContext(ctx, `INSERT INTO account_session (token, data, expires) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires`, token, data, expires.UnixMilli())
	if err == nil {
		_, err = s.k.store.Writer().ExecContext(ctx, `DELETE FROM account_session WHERE expires < $1`, s.k.now().UnixMilli())
	}
	return err
}
