package actions

import (
	"context"
	"errors"
	"strings"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

// Waivers lists all waivers.
func (s *Service) Waivers(ctx context.Context, v account.Viewer) ([]*reports.Waiver, error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, err
	}
	return s.Life.ListWaivers(ctx)
}

// Waive accepts findings until a day: domain is a name or a pattern with *, rule an id
// or *, until YYYY-MM-DD.
func (s *Service) Waive(ctx context.Context, v account.Viewer, domain, rule, until, reason string) error {
	if err := allow(v, account.Waive); err != nil {
		return err
	}
	w := &reports.Waiver{Domain: strings.TrimSpace(domain), Rule: strings.TrimSpace(rule), Until: strings.TrimSpace(until), Reason: strings.TrimSpace(reason),
		Who: v.Name, Added: s.now()}
	known := func(rule string) bool { return s.Book()[rule] != nil }
	if err := lifecycle.Normalize(w, known); err != nil {
		return fault(err)
	}
	if err := s.Life.Waive(ctx, w); err != nil {
		return fault(err)
	}
	s.note(ctx, v, "finding.waive", w.Domain+" "+w.Rule+" "+w.Until)
	return nil
}

// Unwaive ends a waiver that was not given by a file.
func (s *Service) Unwaive(ctx context.Context, v account.Viewer, domain, rule string) error {
	if err := allow(v, account.Waive); err != nil {
		return err
	}
	err := s.Life.Unwaive(ctx, domain, rule, false)
	if errors.Is(err, lifecycle.ErrNoWaiver) {
		return ErrNotFound
	}
	if err == nil {
		s.note(ctx, v, "finding.unwaive", domain+" "+rule)
	}
	return err
}

// fault makes what is wrong with a waiver the asker's.
func fault(err error) error {
	var f *lifecycle.Fault
	if errors.As(err, &f) {
		return &BadRequest{f}
	}
	return err
}
