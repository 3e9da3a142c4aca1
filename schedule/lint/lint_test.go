package lint

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/schedule/sharing"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// write makes an inventory and returns its path.
func write(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "inventory.csv")
	text := "domain,filing_status,filing_number,subject,mobile\n" + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every line comes out once, in order, judged or rejected, whatever the number
// of batches; progress counts them.
func TestRun(t *testing.T) {
	const lines = 3*batchLines + 7
	text := make([]string, lines)
	for i := range text {
		text[i] = fmt.Sprintf("site%d.cn,filed,京ICP备20000001号-1,测试公司,", i)
	}
	text[300] = "not a name,filed,京ICP备20000001号-1,测试公司,"
	l := &Linter{Inventory: write(t, text...), At: time.Now(), Dir: t.TempDir()}
	if p := l.Progress(); p.Judging || p.Lines != 0 {
		t.Errorf("before: %+v", p)
	}
	var domains []string
	rejected := 0
	counts, err := Run(t.Context(), l, func(batch []Judged) ([]string, error) {
		var names []string
		for _, j := range batch {
			if j.Rejected != nil {
				names = append(names, "")
				continue
			}
			if len(j.Outcomes) == 0 {
				return nil, errors.New("a line without outcomes")
			}
			names = append(names, j.Case.Target.Domain)
		}
		return names, nil
	}, func(names []string) error { domains = append(domains, names...); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range domains {
		if d == "" {
			rejected++
		} else if want := fmt.Sprintf("site%d.cn", i); d != want {
			t.Fatalf("line %d: %s", i, d)
		}
	}
	if len(domains) != lines || rejected != 1 || counts.Rejected != 1 {
		t.Errorf("%d lines, %d rejected, %+v", len(domains), rejected, counts)
	}
	if p := l.Progress(); !p.Judging || p.Lines != lines || p.Judged != lines || p.Rate <= 0 {
		t.Errorf("after: %+v", p)
	}
}

// Registers are asked where the inventory says nothing, and the network is not
// used otherwise; who shares a mobile is known in the first line already.
func TestRunAsksRecords(t *testing.T) {
	l := &Linter{Inventory: write(t, "one.cn,,,甲公司,13671234590", "two.cn,filed,京ICP备20000001号-1,乙公司,13671234590"), At: time.Now(),
		Records: &visit.Records{
			Filing: func(context.Context, string) crawler.Filing {
				return crawler.Filing{Status: crawler.FilingFiled, Number: "京ICP备20000002号-1"}
			},
			Registration: func(_ context.Context, domain string) *crawler.Registration {
				return &crawler.Registration{Domain: domain}
			},
		}}
	_, err := Run(t.Context(), l, func(batch []Judged) (int, error) {
		for _, j := range batch {
			target := j.Case.Target
			if target.Filing.Number == "" || j.Case.Obs.Registration == nil || target.Holder.Sharing == nil || len(target.Holder.Sharing.Others) != 1 {
				t.Errorf("%s: %+v, %+v", target.Domain, target.Filing, target.Holder)
			}
		}
		return len(batch), nil
	}, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// The first error of reading, of working and of taking ends it.
func TestRunEndsWithTheFirstError(t *testing.T) {
	broken := errors.New("broken")
	work := func(batch []Judged) (int, error) { return len(batch), nil }
	good := write(t, "one.cn,filed,京ICP备20000001号-1,甲公司,")
	if _, err := Run(t.Context(), &Linter{Inventory: good}, func([]Judged) (int, error) { return 0, broken }, func(int) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("work: %v", err)
	}
	if _, err := Run(t.Context(), &Linter{Inventory: good}, work, func(int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("take: %v", err)
	}
	var fault *sharing.InventoryError
	if _, err := Run(t.Context(), &Linter{Inventory: good + ".none"}, work, func(int) error { return nil }); !errors.As(err, &fault) {
		t.Errorf("no file: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Run(ctx, &Linter{Inventory: good}, work, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}
