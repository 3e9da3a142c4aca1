package detect

import (
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

func TestEffectiveFiling(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return at.AddDate(0, 0, -days) }
	tests := []struct {
		name   string
		in     crawler.Filing
		status crawler.FilingStatus
		reason Reason
	}{
		{"nothing is said", crawler.Filing{}, crawler.FilingUnknown, ReasonFilingUnknown},
		{"a number alone", crawler.Filing{Number: "京ICP备16012345号"}, crawler.FilingFiled, ""},
		{"filed without a number", crawler.Filing{Status: crawler.FilingFiled}, crawler.FilingFiled, ""},
		{"unfiled, asked today", crawler.Filing{Status: crawler.FilingUnfiled, CheckedAt: at}, crawler.FilingUnfiled, ""},
		{"unfiled, said by the inventory now", crawler.Filing{Status: crawler.FilingUnfiled}, crawler.FilingUnfiled, ""},
		{"unfiled, asked 30 days ago", crawler.Filing{Status: crawler.FilingUnfiled, CheckedAt: ago(30)}, crawler.FilingUnfiled, ""},
		{"unfiled, asked 31 days ago", crawler.Filing{Status: crawler.FilingUnfiled, CheckedAt: ago(31)}, crawler.FilingUnknown, ReasonFilingOld},
		{"unfiled with a number", crawler.Filing{Status: crawler.FilingUnfiled, Number: "京ICP备16012345号"}, crawler.FilingUnknown, ReasonFilingContradicts},
		{"cancelled long ago", crawler.Filing{Status: crawler.FilingCancelled, CheckedAt: ago(90)}, crawler.FilingUnknown, ReasonFilingOld},
		{"filed, asked long ago", crawler.Filing{Status: crawler.FilingFiled, CheckedAt: ago(900)}, crawler.FilingFiled, ""},
		{"in review", crawler.Filing{Status: crawler.FilingInReview}, crawler.FilingInReview, ""},
		{"a register that is out of order", crawler.Filing{Status: crawler.FilingUnknown, Reason: "captcha"}, crawler.FilingUnknown, "captcha"},
		{"a word that nobody knows", crawler.Filing{Status: "perhaps"}, crawler.FilingUnknown, ReasonFilingUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := effectiveFiling(tt.in, at, DefaultPolicy())
			if got.Status != tt.status || got.Reason != string(tt.reason) {
				t.Errorf("got %s %q, want %s %q", got.Status, got.Reason, tt.status, tt.reason)
			}
			if got.Number != tt.in.Number {
				t.Errorf("the number became %q", got.Number)
			}
		})
	}
}
