package account

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

func keeper(t *testing.T, now func() time.Time) *Keeper {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	k, err := Open(context.Background(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A password is stored by argon2id at the cost that RFC 9106 recommends, and never twice in
// the same form.
func TestPassword(t *testing.T) {
	one, err := usualCost.hash("correct horse battery")
	if err != nil || !strings.HasPrefix(one, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Fatalf("%q, %v", one, err)
	}
	if two, _ := usualCost.hash("correct horse battery"); two == one {
		t.Error("the same salt twice")
	}
	if !matches("correct horse battery", one) || matches("correct horse batterz", one) {
		t.Error("a password is not told from another one")
	}
	for _, stored := range []string{"", "$", "$argon2id$v=19$m=1,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=1,p=1$!$AAAA"} {
		if matches("x", stored) {
			t.Errorf("%q lets somebody in", stored)
		}
	}
	for _, weak := range []string{"", "short", strings.Repeat("长", maxPassword+1)} {
		if _, err := usualCost.hash(weak); !errors.Is(err, ErrWeak) {
			t.Errorf("a password of %d bytes: %v", len(weak), err)
		}
	}
}

// Failed log-ins are counted for a quarter of an hour, by name and by address.
func TestLimits(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := newLimits(func() time.Time { return now })
	const home, next, other = "2001:db8:1:2::a", "2001:db8:1:2:ffff::b", "192.0.2.1"
	for range maxPerName {
		if !l.allow(home, "n") {
			t.Fatal("refused too early")
		}
		l.failed(home, "n")
	}
	if l.allow(other, "n") || !l.allow(home, "other") {
		t.Error("a name that failed often is let in, or others are not")
	}
	for range maxPerSource {
		l.failed(home, "many")
	}
	if l.allow(home, "fresh") || l.allow(next, "fresh") || !l.allow(other, "fresh") {
		t.Error("an address that failed often is let in, its neighbour is, or a stranger is not")
	}
	for i := range 3 * maxLimited { // names that are made up push out no address
		l.failed("192.0.2.7", fmt.Sprint(i))
	}
	if l.allow(home, "fresh") || len(l.seen) > 2*maxLimited {
		t.Errorf("%d are remembered, and an address that failed often is not", len(l.seen))
	}
	now = now.Add(limitTime + time.Second)
	if !l.allow(home, "n") {
		t.Error("refused for too long")
	}
	l.failed(other, "n")
	if l.passed(other, "n"); l.count("a "+Neighbours(other)) != 0 || l.count("n n") != 0 {
		t.Error("a log-in that did not fail is counted")
	}
}

// An idempotency key gives what the first request made, and is free again if that failed.
func TestOnce(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	k := keeper(t, func() time.Time { return now })
	ctx, v, calls := context.Background(), Viewer{Name: "a"}, 0
	do := func() (string, error) { calls++; return "run", nil }
	failing := errors.New("failed")
	if _, _, err := k.Once(ctx, v, "k", "ask", func() (string, error) { return "", failing }); !errors.Is(err, failing) {
		t.Errorf("%v", err)
	}
	for i := range 2 {
		if made, again, err := k.Once(ctx, v, "k", "ask", do); made != "run" || again != (i == 1) || err != nil {
			t.Errorf("%q, %v, %v", made, again, err)
		}
	}
	if _, _, err := k.Once(ctx, v, "k", "other", do); !errors.Is(err, ErrKeyReused) {
		t.Errorf("%v", err)
	}
	if _, again, err := k.Once(ctx, Viewer{Name: "b"}, "k", "other", do); again || err != nil {
		t.Errorf("another's key: %v, %v", again, err)
	}
	now = now.Add(requestKept + time.Second)
	if _, again, _ := k.Once(ctx, v, "k", "other", do); again || calls != 3 {
		t.Errorf("a key of yesterday: %v, %d calls", again, calls)
	}
}

// What was done is told, the newest first.
func TestLog(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	k := keeper(t, func() time.Time { now = now.Add(time.Second); return now })
	ctx := context.Background()
	for _, what := range []string{"one", "two", "three"} {
		if err := k.Note(ctx, Local, what, "x\x00\xff"); err != nil {
			t.Fatal(err)
		}
	}
	list, err := k.Log(ctx, Entry{}, 2)
	if err != nil || len(list) != 2 || list[0].What != "three" || list[1].What != "two" {
		t.Fatalf("%+v, %v", list, err)
	}
	if list, err = k.Log(ctx, list[1], 2); err != nil || len(list) != 1 || list[0].What != "one" {
		t.Errorf("%+v, %v", list, err)
	}
	now = now.Add(time.Hour)
	at := now
	k.now = func() time.Time { return at }
	seen := map[string]bool{}
	for i := range 5 { // at one moment
		if err := k.Note(ctx, Local, "together", strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	for last := (Entry{}); len(seen) < 5; last = list[len(list)-1] {
		if list, err = k.Log(ctx, last, 2); err != nil || len(list) == 0 || seen[list[0].Object] {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, e := range list {
			if e.What == "together" {
				seen[e.Object] = true
			}
		}
	}
}

// Who goes to another site to log in leaves a session here: an address, or a customer's /48,
// may do so many times.
func TestAway(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	k := keeper(t, func() time.Time { return now })
	for i := range maxAway {
		if err := k.Away(fmt.Sprintf("2001:db8:1:%x::1", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Away("2001:db8:1:ffff::1"); !errors.Is(err, ErrTooMany) {
		t.Errorf("%v", err)
	}
	if err := k.Away("2001:db8:2::1"); err != nil {
		t.Error(err)
	}
	now = now.Add(limitTime + time.Second)
	if err := k.Away("2001:db8:1:ffff::1"); err != nil {
		t.Error(err)
	}
}
