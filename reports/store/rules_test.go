package store

import (
	"context"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

// A reading needs one connection, also where it meets a rule set for the first
// time: visits that confirm once read all at once, and waited for each other.
func TestReadingNeedsOneConnection(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			dsn := e.dsn(t)
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			for reads := range 2 { // the second store has read nothing yet
				s, err := Open(ctx, dsn)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if reads == 0 {
					if err := s.CreateRun(ctx, runOf("run", reports.RunActive)); err != nil {
						t.Fatal(err)
					}
					put(t, s, plainResult("run", "a.cn", "VV"))
					continue
				}
				for range readers - 1 {
					busy, err := s.reader.Conn(ctx)
					if err != nil {
						t.Fatal(err)
					}
					defer busy.Close()
				}
				if _, err := s.Verdict(ctx, "run", "a.cn"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
