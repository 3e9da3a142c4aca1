package register

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/beianwatch/beianwatch/crawler"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shelf is a cache in memory.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte
	at   time.Time
}

func (s *shelf) options() Options {
	s.kept = map[string][]byte{}
	return Options{
		Recall: func(_ context.Context, r, q string) ([]byte, time.Time, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.kept[r+"/"+q], s.at, nil
		},
		Keep: func(_ context.Context, r, q string, at time.Time, answer []byte) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.kept[r+"/"+q], s.at = answer, at
			return nil
		},
	}
}

func TestAnswersAreKept(t *testing.T) {
	s := newStandIn(t, site{"example.cn", "鲁ICP备19034567号-2", "青禾灌溉设备有限公司"})
	var cache shelf
	b := open(t, cache.options(), s.config())
	was := filing(t, b, "example.cn", crawler.FilingFiled)
	n := len(s.questions())
	if got := filing(t, b, "example.cn", crawler.FilingFiled); !got.CheckedAt.Equal(was.CheckedAt) || got.Number != was.Number || len(s.questions()) != n {
		t.Errorf("asked again, or another answer: %+v", got)
	}
	cache.at = cache.at.Add(-31 * 24 * time.Hour)
	filing(t, b, "example.cn", crawler.FilingFiled)
	if len(s.questions()) == n {
		t.Error("an answer of last month is not asked again")
	}
	n = len(s.questions())
	cache.at = cache.at.Add(31 * 24 * time.Hour)
	filing(t, b, "example.cn", crawler.FilingFiled)
	if len(s.questions()) == n {
		t.Error("an answer of next month, by a clock that was ahead, is not asked again")
	}
	// What is unknown is not kept.
	s.set(func() { s.fault = `{"code":122,"message":"查询失败"}` })
	filing(t, b, "other.cn", crawler.FilingUnknown)
	if cache.kept["ours/other.cn"] != nil {
		t.Error("an outage is kept")
	}
}

// TestWithdrawn: a register that begins to lie in the middle of a batch loses
// all of it, what was true before included: no one can tell which.
func TestWithdrawn(t *testing.T) {
	s := newStandIn(t)
	var cache shelf
	b := open(t, cache.options(), s.config())
	d := b.desks[0]
	filing(t, b, "true.cn", crawler.FilingUnfiled)
	var all sync.WaitGroup
	d.mu.Lock() // everything waits until the lie has begun
	for i := range 5 {
		all.Go(func() { filing(t, b, fmt.Sprintf("lie%d.cn", i), crawler.FilingUnknown) })
	}
	s.set(func() { s.sites = nil }) // "no record", for everything
	d.mu.Unlock()
	all.Wait()
	for key := range cache.kept {
		if strings.Contains(key, "lie") {
			t.Errorf("%s is kept", key)
		}
	}
	if f := filing(t, b, "later.cn", crawler.FilingUnknown); !strings.Contains(f.Reason, "control-filed.cn") {
		t.Errorf("reason %q", f.Reason)
	}
	if q := s.questions(); slices.Contains(q, "later.cn") {
		t.Error("a register that lied is asked on")
	}
}

// TestControlsFirst: a register that is wrong from the start is asked for
// nothing but the controls.
func TestControlsFirst(t *testing.T) {
	for name, sites := range map[string][]site{
		"knows nothing":  {},
		"knows too much": {{"control-filed.cn", "京ICP备10000001号-1", "x"}, {"control-unfiled.cn", "京ICP备10000002号-1", "x"}},
	} {
		s := newStandIn(t)
		s.sites = sites
		filing(t, open(t, Options{}, s.config()), "example.cn", crawler.FilingUnknown)
		if q := s.questions(); slices.Contains(q, "example.cn") {
			t.Errorf("%s: asked %q", name, q)
		}
	}
}

// TestBatches: controls stand at the beginning and at the end, and after as
// many questions as the config says.
func TestBatches(t *testing.T) {
	s := newStandIn(t)
	cfg := s.config()
	cfg.Batch = 3
	b := open(t, Options{}, cfg)
	var all sync.WaitGroup
	b.desks[0].mu.Lock()
	for i := range 9 {
		all.Go(func() { filing(t, b, fmt.Sprintf("n%d.cn", i), crawler.FilingUnfiled) })
	}
	b.desks[0].mu.Unlock()
	all.Wait()
	run := 0
	for i, q := range s.questions() {
		if strings.HasPrefix(q, "control") {
			run = 0
		} else if run++; run > 3 || i == 0 {
			t.Fatalf("a batch of more than 3, or without controls before it: %q", s.questions())
		}
	}
	if q := s.questions(); !strings.HasPrefix(q[len(q)-1], "control") {
		t.Errorf("the last batch has no controls behind it: %q", q)
	}
}

func TestFailuresEndTheBatch(t *testing.T) {
	s := newStandIn(t)
	b := open(t, Options{}, s.config())
	filing(t, b, "first.cn", crawler.FilingUnfiled) // the controls are right
	s.set(func() { s.fault = `{"code":500,"message":"当前访问已被创宇盾拦截"}` })
	n := len(s.questions())
	for i := range 10 {
		filing(t, b, fmt.Sprintf("n%d.cn", i), crawler.FilingUnknown)
	}
	if got := len(s.questions()) - n; got > faultMost {
		t.Errorf("asked %d times after it went down, want %d at most", got, faultMost)
	}
}

func TestPatience(t *testing.T) {
	s := newStandIn(t)
	cfg := s.config()
	cfg.Every = time.Hour
	b := open(t, Options{Patience: time.Second}, cfg)
	if f := filing(t, b, "example.cn", crawler.FilingUnknown); !strings.Contains(f.Reason, "the next time") {
		t.Errorf("reason %q", f.Reason)
	}
	b.desks[0].cancel() // no one wants to wait an hour for its end
}

// TestSecondRegister: the next register is asked where the first has no word.
func TestSecondRegister(t *testing.T) {
	down, up := newStandIn(t), newStandIn(t, site{"example.cn", "鲁ICP备19034567号-2", "x"})
	down.fault = `{"code":122,"message":"工信部服务器异常"}`
	second := up.config()
	second.Name = "second"
	b := open(t, Options{}, down.config(), second)
	if f := filing(t, b, "example.cn", crawler.FilingFiled); f.Source != "second" {
		t.Errorf("source %s", f.Source)
	}
}

// TestCloseKeeps: what was asked when the program ends is kept, if the controls
// are right.
func TestCloseKeeps(t *testing.T) {
	s := newStandIn(t)
	var cache shelf
	opt := cache.options()
	opt.Resolve, opt.Patience = literal, time.Nanosecond
	cfg := s.config()
	b, err := Open([]Config{cfg}, opt)
	if err != nil {
		t.Fatal(err)
	}
	filing(t, b, "example.cn", crawler.FilingUnknown) // too impatient
	for !slices.Contains(s.questions(), "example.cn") {
		time.Sleep(time.Millisecond)
	}
	b.Close()
	if cache.kept["ours/example.cn"] == nil {
		t.Error("the answer is lost")
	}
	if f := b.Filing(context.Background(), "late.cn"); f.Status != crawler.FilingUnknown {
		t.Errorf("%+v", f)
	}
}
