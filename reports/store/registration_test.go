package store

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

func TestRegistrations(t *testing.T) { forEachEngine(t, testRegistrations) }

func testRegistrations(t *testing.T, s *Store) {
	ctx := context.Background()
	if r, err := s.Registration(ctx, "example.cn"); r != nil || err != nil {
		t.Fatalf("before anything was kept: %+v, %v", r, err)
	}
	want := &crawler.Registration{
		Domain: "example.cn", Protocol: crawler.ProtocolWHOIS, Server: "whois.cnnic.cn:43", At: night, Holder: "青禾灌溉设备有限公司", Redacted: true,
		Registrar: "示例", RegistrarID: "1", Statuses: []string{"ok"}, Registered: night, Expires: night.Add(time.Hour), NameServers: []string{"ns1.example.cn"},
		Failure: &crawler.Failure{Kind: crawler.FailGarbage, Detail: "x"}, Raw: []byte("\xff\x00"),
	}
	for range 2 { // the second takes the place of the first
		if err := s.PutRegistration(ctx, want); err != nil {
			t.Fatal(err)
		}
		want.Holder += "一"
	}
	got, err := s.Registration(ctx, "example.cn")
	if err != nil {
		t.Fatal(err)
	}
	want.Holder = "青禾灌溉设备有限公司一"
	for _, at := range []*time.Time{&got.At, &got.Registered, &got.Expires} {
		*at = at.In(night.Location())
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestAnswers(t *testing.T) { forEachEngine(t, testAnswers) }

func testAnswers(t *testing.T, s *Store) {
	ctx := context.Background()
	if p, _, err := s.Answer(ctx, "ours", "example.cn"); p != nil || err != nil {
		t.Fatalf("before anything was kept: %q, %v", p, err)
	}
	for i, payload := range []string{"one", "two"} {
		if err := s.PutAnswer(ctx, "ours", "example.cn", night.Add(time.Duration(i)*time.Hour), []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	p, at, err := s.Answer(ctx, "ours", "example.cn")
	if err != nil || string(p) != "two" || !at.Equal(night.Add(time.Hour)) {
		t.Errorf("%q of %v, %v", p, at, err)
	}
	if p, _, _ := s.Answer(ctx, "theirs", "example.cn"); p != nil {
		t.Errorf("another register answered %q", p)
	}
}
