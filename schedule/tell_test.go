package schedule

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/schedule/outbox"
)

// People are told of a run once, whatever becomes of the process meanwhile.
func TestToldOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		var mu sync.Mutex
		came := map[string]int{}
		hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			mu.Lock()
			defer mu.Unlock()
			came[r.Header.Get("Idempotency-Key")]++
		}))
		t.Cleanup(hook.Close)
		robot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			came["robot"]++
			io.WriteString(w, `{"errcode":0}`)
		}))
		t.Cleanup(robot.Close)
		b := newBed(t, 1)
		b.name("open.cn", webAddr(0))
		tell := &outbox.Telling{
			Channels: []notify.Channel{{Name: "hook", Kind: notify.Webhook, URL: hook.URL, Secret: "s"}, {Name: "robot", Kind: notify.WeCom, URL: robot.URL}},
			Messages: func(_ context.Context, run *reports.Run) ([]*notify.Message, error) {
				return []*notify.Message{
					{ID: "hook/1", Channel: "hook", Data: &notify.Payload{Run: run.ID}}, {ID: "hook/2", Channel: "hook", Data: &notify.Payload{Run: run.ID}},
					{ID: "robot/1", Channel: "robot", Text: "a"}, {ID: "gone/1", Channel: "gone", Text: "a"}, {ID: "dead/1", Channel: "robot", Text: "a"},
				}, nil
			},
		}
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{}, in, func(c *Config) { c.Tell = tell })
		// A process died as it was sending dead/1.
		if err := r.db.exec(t.Context(), `INSERT INTO outbox (id, run, channel, reader, body, state, tries, at, reason) VALUES ('dead/1', 'x', 'robot', '', $1, 'sending', 1, $2, '')`,
			[]byte(`{"ID":"dead/1","Channel":"robot"}`), time.Now().UnixMilli()); err != nil {
			t.Fatal(err)
		}
		if err := r.send(t.Context(), tellJobOf("dead/1")); err != nil {
			t.Fatal(err)
		}
		wait(t, begin(t, r, Start{Inventory: inventoryOf(t, "open.cn")}))
		want := map[string]string{"hook/1": "sent", "hook/2": "sent", "robot/1": "sent", "gone/1": "refused", "dead/1": "perhaps"}
		for got := messageStates(t, r); !maps.Equal(got, want); got = messageStates(t, r) {
			if err := pace.Wait(t.Context(), 20*time.Millisecond); err != nil {
				t.Fatalf("%v: %v", err, got)
			}
		}
		if err := r.send(t.Context(), tellJobOf("hook/1")); err != nil { // it was handed out a second time
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if came["hook/1"]+came["hook/2"]+came["robot"] != 3 || len(came) > 4 {
			t.Errorf("%v", came)
		}
	})
}

// A process that is there for one run ends that one alone, and whoever tells people
// tells of it.
func TestOneRunOfManyProcesses(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	var mu sync.Mutex
	var told, written []string
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, r.Header.Get("Idempotency-Key"))
	}))
	t.Cleanup(hook.Close)
	b := newBed(t, 1)
	names := b.many(2)
	scan := b.scanner(t, nil, time.Second)
	on := func(c *Config) { c.Store = openStore(t, dsn) }
	single := runnerIn(t, t.TempDir(), scan, nil, Options{}, on, func(c *Config) {
		c.Single = true
		c.Finished = func(_ context.Context, run *reports.Run) error {
			mu.Lock()
			defer mu.Unlock()
			written = append(written, run.ID)
			return nil
		}
	})
	runnerIn(t, t.TempDir(), scan, nil, Options{}, on, func(c *Config) {
		c.Roles = []Role{RoleScheduler}
		c.Tell = &outbox.Telling{Channels: []notify.Channel{{Name: "hook", Kind: notify.Webhook, URL: hook.URL, Secret: "s"}},
			Messages: func(_ context.Context, run *reports.Run) ([]*notify.Message, error) {
				return []*notify.Message{{ID: "hook/" + run.ID, Channel: "hook", Data: &notify.Payload{Run: run.ID}}}, nil
			}}
	})
	other, err := single.Start(t.Context(), Start{Inventory: inventoryOf(t, names[0])}) // which it does not wait for
	if err != nil {
		t.Fatal(err)
	}
	own := begin(t, single, Start{Inventory: inventoryOf(t, names[1])})
	wait(t, own)
	var later *river.JobSnoozeError
	err = single.finish(t.Context(), &river.Job[finishArgs]{JobRow: &rivertype.JobRow{}, Args: finishArgs{other.ID()}})
	if run, readErr := single.cfg.Store.Run(t.Context(), other.ID()); readErr != nil || run.State != reports.RunDone && !errors.As(err, &later) {
		t.Errorf("a process that is there for one run ends another's: %v", err)
	}
	wait(t, other) // the process with the calendar ends it
	want := map[string]string{"hook/" + own.ID(): "sent", "hook/" + other.ID(): "sent"}
	for got := messageStates(t, single); !maps.Equal(got, want); got = messageStates(t, single) {
		if err := pace.Wait(t.Context(), 20*time.Millisecond); err != nil {
			t.Fatalf("%v: %v", err, got)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 2 || slices.Contains(written, other.ID()) {
		t.Errorf("told %v, written %v, own %s", told, written, own.ID())
	}
}

// hooked makes a runner that tells a webhook, and counts what comes there.
func hooked(t *testing.T, in func(*Config)) (*Runner, *atomic.Int32) {
	came := &atomic.Int32{}
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came.Add(1) }))
	t.Cleanup(hook.Close)
	tell := &outbox.Telling{Channels: []notify.Channel{{Name: "hook", Kind: notify.Webhook, URL: hook.URL, Secret: "s"}}}
	return runnerIn(t, t.TempDir(), newBed(t, 1).scanner(t, nil, time.Second), nil, Options{}, in, func(c *Config) { c.Tell = tell }), came
}

// A process that wakes after another one was given the message does not send it again.
func TestMessageTakenMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		r, came := hooked(t, in)
		if err := r.db.exec(t.Context(), `INSERT INTO outbox (id, run, channel, reader, body, state, tries, at, reason) VALUES ('a', 'x', 'hook', '', $1, 'waiting', 0, $2, '')`,
			[]byte(`{"ID":"a","Channel":"hook","Data":{}}`), time.Now().Add(-time.Hour).UnixMilli()); err != nil {
			t.Fatal(err)
		}
		late := *r.outbox
		var once sync.Once
		late.Now = func() time.Time { // it has read the message
			once.Do(func() {
				if _, err := r.outbox.Send(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			})
			return time.Now().Add(time.Hour) // past the pace of the channel
		}
		if _, err := late.Send(t.Context(), "a"); !errors.Is(err, outbox.ErrTaken) || came.Load() != 1 {
			t.Errorf("sent %d times, %v", came.Load(), err)
		}
	})
}

// What was sent before the clock was set back does not keep a channel silent until it
// shows that time again; the pace is kept by what was sent since.
func TestToldWhenTheClockJumps(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		r, came := hooked(t, in)
		for id, tries := range map[string]int{"before": 1, "a": 0, "b": 0} {
			state := []string{"waiting", "sent"}[tries]
			if err := r.db.exec(t.Context(), `INSERT INTO outbox (id, run, channel, reader, body, state, tries, at, reason) VALUES ($1, 'x', 'hook', '', $2, $3, $4, $5, '')`,
				id, []byte(`{"ID":"`+id+`","Channel":"hook","Data":{}}`), state, tries, time.Now().Add(5*time.Hour).UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range []string{"a", "b"} {
			if again, err := r.outbox.Send(t.Context(), id); err != nil || (again > 0) != (id == "b") || again > time.Second {
				t.Errorf("%s is to be sent in %v, %v", id, again, err)
			}
		}
		if came.Load() != 1 {
			t.Errorf("%d were sent", came.Load())
		}
	})
}

func tellJobOf(id string) *river.Job[tellArgs] { return &river.Job[tellArgs]{Args: tellArgs{id}} }

// messageStates is the state of each message.
func messageStates(t *testing.T, r *Runner) map[string]string {
	t.Helper()
	states := map[string]string{}
	err := r.db.rows(t.Context(), func(rows *sql.Rows) error {
		var id, state string
		err := rows.Scan(&id, &state)
		states[id] = state
		return err
	}, `SELECT id, state FROM outbox`)
	if err != nil {
		t.Fatal(err)
	}
	return states
}

// A letter to an owner is sent once, found again by the owner's name, and takes the answer.
func TestLetters(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		came := make(chan string, 10)
		hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			came <- r.Header.Get("Idempotency-Key")
		}))
		t.Cleanup(hook.Close)
		b := newBed(t, 1)
		tell := &outbox.Telling{Channels: []notify.Channel{{Name: "hook", Kind: notify.Webhook, URL: hook.URL, Secret: "s"}}}
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second), nil, Options{}, in, func(c *Config) { c.Tell = tell })
		letters := []*notify.Message{
			{ID: "hook/run/a/hand/2026-11-29", Channel: "hook", Owner: "张伟", To: []string{"zw@example.cn"}, Data: &notify.Payload{}},
			{ID: "hook/run/team", Channel: "hook", Data: &notify.Payload{}},
		}
		for want := range []int{2, 0} {
			if n, err := r.Tell(t.Context(), "run", letters); err != nil || n != []int{2, 0}[want] {
				t.Fatalf("%d new, %v", n, err)
			}
		}
		<-came
		<-came
		list := func() []notify.Letter {
			t.Helper()
			list, err := r.Outbox().Letters(t.Context(), "张伟", 10)
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			return list
		}
		for list()[0].State != "sent" {
			if err := pace.Wait(t.Context(), 20*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		if l := list()[0]; l.To != "zw@example.cn" || l.Run != "run" || !l.Answered.IsZero() || l.Made.IsZero() {
			t.Errorf("%+v", l)
		}
		if owner, err := r.Outbox().Answered(t.Context(), letters[0].ID, "已整改", "ops"); err != nil || owner != "张伟" {
			t.Errorf("%q, %v", owner, err)
		}
		if _, err := r.Outbox().Answered(t.Context(), letters[1].ID, "x", "ops"); !errors.Is(err, outbox.ErrNoLetter) {
			t.Errorf("the digest of the team is no letter: %v", err)
		}
		if l := list()[0]; l.Answer != "已整改" || l.NotedBy != "ops" || l.Answered.IsZero() {
			t.Errorf("%+v", l)
		}
		if none, err := r.Outbox().Letters(t.Context(), "", 10); err != nil || len(none) != 0 {
			t.Errorf("nobody's letters: %+v, %v", none, err)
		}
	})
}
