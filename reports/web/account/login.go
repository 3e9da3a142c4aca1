package account

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrLogin says that name and password do not belong together.
var ErrLogin = errors.New("name or password is wrong")

// ErrTooMany says that log-ins failed too often.
var ErrTooMany = errors.New("too many failed log-ins: wait 15 minutes")

// Login checks name and password of somebody who comes from an address. It takes as
// long for a name that is not there.
func (k *Keeper) Login(ctx context.Context, address, name, password string) (Viewer, error) {
	if !k.limits.allow(address, name) {
		return Viewer{}, ErrTooMany
	}
	stored := ""
	if validName(name) {
		err := k.store.Reader().QueryRowContext(ctx, `SELECT password FROM account_user WHERE name = $1`, name).Scan(&stored)
		if err != nil {
			stored = ""
		}
	}
	if stored == "" {
		k.Cost.derive(password[:min(len(password), maxPassword)], make([]byte, saltBytes))
		k.limits.failed(address, name)
		return Viewer{}, ErrLogin
	}
	if !matches(password, stored) {
		k.limits.failed(address, name)
		return Viewer{}, ErrLogin
	}
	k.limits.passed(name)
	v, _, err := k.Viewer(ctx, name)
	return v, err
}

// Bounds on failed log-ins within limitTime, by name and by address.
const (
	limitTime    = 15 * time.Minute
	maxPerName   = 10
	maxPerSource = 30
	maxLimited   = 10_000 // names and addresses that are remembered
)

// limits counts failed log-ins. It is this process' own: several web processes
// allow each as many.
type limits struct {
	now  func() time.Time
	mu   sync.Mutex
	seen map[string][]time.Time
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, seen: map[string][]time.Time{}}
}

func (l *limits) allow(address, name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count("a "+address) < maxPerSource && l.count("n "+name) < maxPerName
}

func (l *limits) count(key string) int {
	list := l.seen[key]
	for len(list) > 0 && l.now().Sub(list[0]) > limitTime {
		list = list[1:]
	}
	if len(list) == 0 {
		delete(l.seen, key)
	} else {
		l.seen[key] = list
	}
	return len(list)
}

func (l *limits) failed(address, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(name) > 64 {
		name = name[:64]
	}
	for _, key := range []string{"a " + address, "n " + name} {
		if _, known := l.seen[key]; known || len(l.seen) < maxLimited {
			l.seen[key] = append(l.seen[key], l.now())
		}
	}
	if len(l.seen) >= maxLimited {
		for key := range l.seen {
			l.count(key)
		}
	}
}

func (l *limits) passed(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, "n "+name)
}
