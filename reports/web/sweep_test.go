package web

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// TestOldListings: of an inventory's runs the newest two keep their rows; of the others
// nothing is left but the figures, also where a sweep was cut short.
func TestOldListings(t *testing.T) {
	for engine, dsn := range map[string]func(testing.TB) string{"sqlite": func(t testing.TB) string { return filepath.Join(t.TempDir(), "results.db") }, "postgres": pgtest.DSN} {
		t.Run(engine, func(t *testing.T) { oldListings(t, dsn(t)) })
	}
}

func oldListings(t *testing.T, dsn string) {
	ctx := context.Background()
	s := serviceOn(t, dsn, reporttest.Rules)
	count := func(table, run string) (n int) {
		t.Helper()
		if err := s.Store.Reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table+` WHERE run = $1`, run).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var ids []string
	for i := range 4 {
		ids = append(ids, fmt.Sprintf("202611%dT020000-000%d", 20+i, i))
		if _, err := s.Listings.Finish(ctx, addRun(t, s.Store, ids[i], 24, nil)); err != nil {
			t.Fatal(err)
		}
		if i == 2 { // as if the process had died while the first one was swept
			if _, err := s.Store.Writer().ExecContext(ctx, `UPDATE listing_run SET listed = 2 WHERE run = $1`, ids[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, table := range []string{"listing", "listing_rule", "listing_name", "owner_listing"} {
		for i, id := range ids {
			if n := count(table, id); (n > 0) != (i >= 2) {
				t.Errorf("%s has %d rows of run %d", table, n, i)
			}
		}
	}
	if n := count("listing_run", ids[0]); n != 1 {
		t.Errorf("%d figures of the oldest run", n)
	}
}
