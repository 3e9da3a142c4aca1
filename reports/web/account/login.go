package account

import (
	"context"
	"errors"
	"net/netip"
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
	k.limits.failed(address, name) // until it is known better: many may try at once
	stored := ""
	if validName(name) {
		err := k.store.Reader().QueryRowContext(ctx, `SELECT password FROM account_user WHERE name = $1`, name).Scan(&stored)
		if err != nil {
			stored = ""
		}
	}
	if stored == "" {
		k.Cost.derive(password[:min(len(password), maxPassword)], make([]byte, saltBytes))
		return Viewer{}, ErrLogin
	}
	if !matches(password, stored) {
		return Viewer{}, ErrLogin
	}
	k.limits.passed(address, name)
	v, _, err := k.Viewer(ctx, name)
	return v, err
}

// Away counts a log-in that begins here and goes on at another site: each keeps a session
// until its person comes back. [ErrTooMany] says that an address has begun too many.
func (k *Keeper) Away(address string) error {
	l := k.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	key := "s " + House(Neighbours(address))
	if l.count(key) >= maxAway {
		return ErrTooMany
	}
	l.add(key)
	return nil
}

// Bounds on failed log-ins within limitTime, by name and by address.
const (
	limitTime    = 15 * time.Minute
	maxPerName   = 10
	maxPerSource = 30
	maxAway      = 200    // log-ins at another site that an address begins
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
	return l.count("a "+Neighbours(address)) < maxPerSource && l.count("n "+limited(name)) < maxPerName
}

// Neighbours is an address as it is counted: one customer has a whole /64 of IPv6.
func Neighbours(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap(); a.Is6() {
		p, _ := a.WithZone("").Prefix(64) //nolint:errcheck // an IPv6 address has one
		return p.String()
	}
	return a.String()
}

// House is the /48 of an IPv6 address or prefix as [Neighbours] gives it, which a provider
// may give to one customer; of anything else it is what was given.
func House(neighbours string) string {
	p, err := netip.ParsePrefix(neighbours)
	if err != nil || !p.Addr().Is6() {
		return neighbours
	}
	wide, _ := p.Addr().Prefix(48) //nolint:errcheck // an IPv6 address has one
	return wide.String()
}

// limited is a name as it is counted.
func limited(name string) string { return name[:min(len(name), 64)] }

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
	if len(l.seen) >= maxLimited {
		for key := range l.seen {
			l.count(key)
		}
		for key := range l.seen { // still full: names make room, which the addresses of their guessers outlive
			if len(l.seen) < maxLimited/2 {
				break
			}
			if key[0] == 'n' {
				delete(l.seen, key)
			}
		}
	}
	l.add("a "+Neighbours(address), "n "+limited(name))
}

// add counts keys; what is not known yet is not remembered where there are far too many.
func (l *limits) add(keys ...string) {
	for _, key := range keys {
		if _, known := l.seen[key]; known || len(l.seen) < 2*maxLimited {
			l.seen[key] = append(l.seen[key], l.now())
		}
	}
}

// passed takes back what failed counted of a log-in that did not fail, and all that
// failed under the name.
func (l *limits) passed(address, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, "n "+limited(name))
	key := "a " + Neighbours(address)
	if list := l.seen[key]; len(list) > 1 {
		l.seen[key] = list[:len(list)-1]
	} else {
		delete(l.seen, key)
	}
}
