package settings

import (
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/schedule/outbox"
)

// Notifications say who is told of runs, and how.
type Notifications struct {
	Channels  []notify.Channel `yaml:"channels"`
	Quiet     string           `yaml:"quiet"`     // hours in which nobody is told, 22:00-08:00, by China's clock
	Link      string           `yaml:"link"`      // address of a run's report; {run} stands for the run's id
	Templates string           `yaml:"templates"` // folder with digest.md.tmpl
}

// checkNotify finds what is wrong with these settings.
func (s *Settings) checkNotify() error {
	if err := notify.CheckAll(s.Notify.Channels); err != nil {
		return Mistake(err)
	}
	if _, err := s.QuietHours(); err != nil {
		return err
	}
	if len(s.Notify.Channels) == 0 {
		return nil
	}
	if _, err := s.DigestText(s.Lang); err != nil {
		return Usage("配置 notify：%v", "config, notify: %v", err)
	}
	return nil
}

// QuietHours reads the hours in which nobody is told.
func (s *Settings) QuietHours() (outbox.Quiet, error) {
	if s.Notify.Quiet == "" {
		return outbox.Quiet{}, nil
	}
	from, to, ok := strings.Cut(s.Notify.Quiet, "-")
	a, errA := time.Parse("15:04", strings.TrimSpace(from))
	b, errB := time.Parse("15:04", strings.TrimSpace(to))
	if !ok || errA != nil || errB != nil {
		return outbox.Quiet{}, Usage("配置 notify：quiet %q：请写成 22:00-08:00", "config, notify: quiet: %q: write it as 22:00-08:00", s.Notify.Quiet)
	}
	day := func(t time.Time) time.Duration {
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	return outbox.Quiet{From: day(a), To: day(b), Zone: china}, nil
}

// DigestText is what renders a digest in lang.
func (s *Settings) DigestText(lang string) (*notify.Text, error) {
	return notify.NewText(s.Notify.Templates, lang, func(run string) string { return strings.ReplaceAll(s.Notify.Link, "{run}", run) })
}
