package inventory

import (
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"

	"github.com/beianwatch/beianwatch/crawler/inventory/date"
)

func TestDocument(t *testing.T) {
	day := time.Date(2027, 5, 1, 0, 0, 0, 0, date.China)
	for _, tt := range []struct {
		item string
		want crawler.Document
		ok   bool
	}{
		{"营业执照:acme/licence.jpg", crawler.Document{Kind: "营业执照", Path: "acme/licence.jpg"}, true},
		{" 身份证正面 ： id a.jpg@2027-05-01 ", crawler.Document{Kind: "身份证正面", Path: "id a.jpg", Expires: day}, true},
		{"身份证:id.jpg ＠ 2027年5月1日", crawler.Document{Kind: "身份证", Path: "id.jpg", Expires: day}, true},
		{"id:me@home/id.jpg", crawler.Document{Kind: "id", Path: "me@home/id.jpg"}, true},
		{"id:me@home/id.jpg@2027/5/1", crawler.Document{Kind: "id", Path: "me@home/id.jpg", Expires: day}, true},
		{"id:id.jpg@长期", crawler.Document{Kind: "id", Path: "id.jpg@长期"}, true},
		{"id:@2027-05-01", crawler.Document{Kind: "id", Path: "@2027-05-01"}, true},
		{"licence.jpg", crawler.Document{Kind: "licence.jpg"}, false},
		{":a.jpg", crawler.Document{Path: "a.jpg"}, false},
	} {
		d, ok := Document(tt.item)
		if d != tt.want || ok != tt.ok {
			t.Errorf("%q: got %+v, %v", tt.item, d, ok)
		}
	}
}

func FuzzDocument(f *testing.F) {
	for _, s := range []string{"营业执照:a.jpg@2027-05-01", "a:b@", "a:@@@2027-1-1", "：：＠＠", "a:\xff@\xfe", "a:b＠2027年5月1日"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, item string) {
		d, ok := Document(item)
		if ok != (d.Kind != "" && d.Path != "") {
			t.Fatalf("%q: %+v, %v", item, d, ok)
		}
		if strings.TrimSpace(d.Path) != d.Path || len(d.Path) > len(item) {
			t.Fatalf("%q: path %q", item, d.Path)
		}
		if !d.Expires.IsZero() && (d.Expires.Year() < 1990 || d.Expires.Year() > 2120) {
			t.Fatalf("%q: %v", item, d.Expires)
		}
	})
}
