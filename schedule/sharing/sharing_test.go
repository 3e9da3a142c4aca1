package sharing

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

func target(mobile, subject string) *crawler.Target {
	return &crawler.Target{Filing: crawler.Filing{Subject: subject}, Holder: crawler.Holder{Mobile: mobile}}
}

// index makes an index of lines.
func index(t *testing.T, lines []*crawler.Target) *Index {
	t.Helper()
	dir := t.TempDir()
	b := New(dir)
	for _, l := range lines {
		if err := b.Add(l); err != nil {
			t.Fatal(err)
		}
	}
	x, err := b.Index()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d temporary files have a name", len(left))
	}
	return x
}

func others(t *testing.T, x *Index, l *crawler.Target) []string {
	t.Helper()
	s, err := x.Of(l)
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		return nil
	}
	if s.Others == nil {
		return []string{}
	}
	return s.Others
}

func TestSharing(t *testing.T) {
	cancelled := target("13912345671", "丁公司")
	cancelled.Filing.Status = crawler.FilingCancelled
	x := index(t, []*crawler.Target{
		target("13912345671", "甲公司"), target("+86 139-1234-5671", "甲 公司"), target("13912345672", "乙公司"), target("13912345672、13912345673", "丙公司"),
		target("13912345671", ""), cancelled, target("", "丁公司"), target("13888888888", "甲公司"), target("13888888888", "乙公司"),
	})
	for _, tt := range []struct {
		line *crawler.Target
		want []string
	}{
		{target("13912345671", "甲公司"), []string{}}, // the same subject in another spelling, an unnamed and a cancelled one
		{target("13912345672", "乙公司"), []string{"丙公司"}},
		{target("13912345673,13912345672", "丙公司"), []string{"乙公司"}},
		{target("13912345673", "丙公司"), []string{}},
		{target("", "丁公司"), nil},
		{target("13888888888", "甲公司"), nil}, // a placeholder
	} {
		if got := others(t, x, tt.line); !slices.Equal(got, tt.want) || (got == nil) != (tt.want == nil) {
			t.Errorf("%s of %s: others %v, want %v", tt.line.Holder.Mobile, tt.line.Filing.Subject, got, tt.want)
		}
	}
}

func TestManySubjects(t *testing.T) {
	var lines []*crawler.Target
	for i := range 20 {
		lines = append(lines, target("13912345671", fmt.Sprintf("第%d公司", i)))
	}
	x := index(t, lines)
	for _, l := range lines {
		s, err := x.Of(l)
		if err != nil || len(s.Others) != maxSubjects-1 || !s.More || slices.Contains(s.Others, l.Filing.Subject) {
			t.Fatalf("%s: %+v, error %v", l.Filing.Subject, s, err)
		}
	}
}

// TestSpilled holds the form on disk to the truth, more lines than memory
// takes: every tenth number has two subjects, one has them all.
func TestSpilled(t *testing.T) {
	const n = 2*inMemory + 777
	line := func(i int) *crawler.Target {
		mobile, subject := 13000000001+uint64(i)*37, fmt.Sprintf("第%d公司", i)
		switch {
		case i%10 == 1:
			mobile -= 37 // that of the line before
		case i%1000 == 5:
			mobile = 15911112222
		case i%7 == 6 && i%10 != 0:
			subject = "大公司"
		}
		return target(fmt.Sprint(mobile), subject)
	}
	dir := t.TempDir()
	b := New(dir)
	for i := range n {
		if err := b.Add(line(i)); err != nil {
			t.Fatal(err)
		}
	}
	if b.parts == nil {
		t.Fatal("nothing was spilled")
	}
	x, err := b.Index()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for i := range n {
		got := others(t, x, line(i))
		want := 0
		switch {
		case i%10 == 0 && i+1 < n || i%10 == 1:
			want = 1
		case i%1000 == 5:
			want = maxSubjects - 1
		}
		if len(got) != want {
			t.Fatalf("line %d has %d others, want %d: %v", i, len(got), want, got)
		}
	}
}

func FuzzBlock(f *testing.F) {
	f.Add(group{subjects: []subject{{1, "甲公司"}, {2, "乙公司"}}}.append(nil, 13912345671))
	f.Fuzz(func(t *testing.T, block []byte) {
		inBlock(block, 13912345671) //nolint:errcheck // it must not panic
	})
}

func BenchmarkAdd(b *testing.B) {
	book := New(b.TempDir())
	defer book.Close()
	i := 0
	for b.Loop() {
		i++
		if err := book.Add(target(fmt.Sprint(13000000000+i), "平原县青禾灌溉设备有限公司")); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTenMillion takes in ten million lines, one in ten of which shares its
// number, and wants memory to stay within 256 MB. It runs only where
// BEIANWATCH_SHARING_MILLIONS is set.
func TestTenMillion(t *testing.T) {
	if os.Getenv("BEIANWATCH_SHARING_MILLIONS") == "" {
		t.Skip("BEIANWATCH_SHARING_MILLIONS is not set")
	}
	const n = 10_000_000
	line := func(i int) *crawler.Target {
		mobile := 15000000001 + uint64(i)*37
		if i%20 == 1 {
			mobile -= 37
		}
		return target(fmt.Sprint(mobile), fmt.Sprintf("青禾灌溉第%d设备有限公司", i))
	}
	b := New(t.TempDir())
	for i := range n {
		if err := b.Add(line(i)); err != nil {
			t.Fatal(err)
		}
	}
	x, err := b.Index()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for i := 0; i < n; i += 997 {
		want := 0
		if i%20 <= 1 {
			want = 1
		}
		if got := others(t, x, line(i)); len(got) != want {
			t.Fatalf("line %d has %d others, want %d", i, len(got), want)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.Sys > 256<<20 {
		t.Errorf("%d MB were taken from the system", m.Sys>>20)
	}
	t.Logf("%d lines, %d marks, %d MB of shared numbers on disk, %d MB taken from the system", n, len(x.marks), x.size>>20, m.Sys>>20)
}
