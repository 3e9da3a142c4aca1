package lifecycle

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"github.com/beianwatch/beianwatch/reports"
)

// rowsInReapply is how many findings get their waiver in one transaction.
const rowsInReapply = 2000

// Reapply has the waivers count for the open findings of a domain, or of all those
// that a pattern stands for, in the newest run of each inventory.
func (s *Store) Reapply(ctx context.Context, domain string) error {
	waivers, err := s.Waivers(ctx)
	if err != nil {
		return err
	}
	var scopes []scope
	err = s.each(ctx, `SELECT id, inventory, run FROM finding_scope`, nil, func(rows *sql.Rows) error {
		var c scope
		err := rows.Scan(&c.id, &c.inventoryName, &c.run)
		scopes = append(scopes, c)
		return reading(err)
	})
	if err != nil {
		return err
	}
	for _, c := range scopes {
		run, err := s.results.Run(ctx, c.run)
		if err != nil {
			return err
		}
		if err := s.reapply(ctx, &c, run, waivers, domain); err != nil {
			return err
		}
	}
	return nil
}

// A waived is a finding with the waiver that it gets.
type waived struct {
	domain, rule string
	waiver       int64
	changed      bool
}

// reapply is Reapply for one inventory.
func (s *Store) reapply(ctx context.Context, c *scope, run *reports.Run, waivers *Waivers, domain string) error {
	changed := false
	last := waived{}
	for {
		part, err := s.rewaived(ctx, c, run, waivers, domain, last)
		if err != nil {
			return err
		}
		if len(part) == 0 {
			break
		}
		last = part[len(part)-1]
		part = slices.DeleteFunc(part, func(w waived) bool { return !w.changed })
		if len(part) == 0 {
			continue
		}
		changed = true
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			for _, w := range part {
				if _, err := tx.ExecContext(ctx, `UPDATE finding_life SET waiver = $4 WHERE scope = $1 AND domain = $2 AND rule = $3 AND is_open = 1`, c.id, w.domain, w.rule, w.waiver); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	counts, err := s.counted(ctx, c.id, run)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sql.Tx) error { return s.putCounts(ctx, tx, run, counts) })
}

// rewaived lists the next open findings behind one, with their waivers as they are
// to be.
func (s *Store) rewaived(ctx context.Context, c *scope, run *reports.Run, waivers *Waivers, domain string, behind waived) (list []waived, err error) {
	query, args := `SELECT domain, rule, waiver FROM finding_life WHERE scope = $1 AND is_open = 1 AND (domain, rule) > ($2, $3)`, []any{c.id, behind.domain, behind.rule}
	if one := (&reports.Waiver{Domain: domain}); !one.Pattern() {
		query, args = query+` AND domain = $4`, append(args, domain)
	}
	query += ` ORDER BY domain, rule LIMIT ` + strconv.Itoa(rowsInReapply)
	err = s.each(ctx, query, args, func(rows *sql.Rows) error {
		var w waived
		if err := rows.Scan(&w.domain, &w.rule, &w.waiver); err != nil {
			return reading(err)
		}
		var now int64
		if one := waivers.For(w.domain, w.rule, run.StartedAt); one != nil {
			now = one.ID
		}
		w.changed, w.waiver = now != w.waiver, now
		list = append(list, w)
		return nil
	})
	return list, err
}
