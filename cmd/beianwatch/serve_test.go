package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/cmd/settings"
)

// TestRoles: a worker draws too, unless drawing is done elsewhere.
func TestRoles(t *testing.T) {
	const shared = "postgres://db/beianwatch"
	for _, c := range []struct {
		given     string
		elsewhere bool
		db, want  string // want: the roles, or words of the error
	}{
		{"", false, "r.db", "[scheduler worker web renderer]"},
		{"worker", false, shared, "[worker renderer]"},
		{"worker,web", true, shared, "[worker web]"},
		{"renderer", false, shared, "[renderer]"},
		{"renderer", false, "r.db", "needs a database"},
		{"worker", true, "r.db", "needs a database"},
		{"renderer", true, shared, "leaves drawing to others"},
		{"painter", false, shared, "must be web, scheduler, worker or renderer"},
	} {
		p := &program{Settings: settings.Defaults()}
		p.DB, p.Calendar = c.db, []settings.CalendarEntry{{Name: "n"}}
		var given []string
		if c.given != "" {
			given = strings.Split(c.given, ",")
		}
		roles, err := p.roles(given, c.elsewhere)
		got := fmt.Sprint(roles)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("--role %s, --render-workers %v on %s: %s, want %s", c.given, c.elsewhere, c.db, got, c.want)
		}
	}
}
