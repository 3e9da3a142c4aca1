package schedule

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/notify"
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
		list := func() []outbox.Letter {
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
