package outbox

import "time"

// Quiet are the hours in which nobody is told anything, by the clock of Zone:
// from From until To, which may be on the next day; the same time twice: none.
type Quiet struct {
	From, To time.Duration // since midnight
	Zone     *time.Location
}

// Until is the end of the quiet hours that now lies in; zero if it lies in none.
func (q Quiet) Until(now time.Time) time.Time {
	if q.From == q.To {
		return time.Time{}
	}
	zone := q.Zone
	if zone == nil {
		zone = time.Local
	}
	at := now.In(zone)
	since := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
	day := 0
	switch {
	case q.From < q.To && (since < q.From || since >= q.To), q.From > q.To && since >= q.To && since < q.From:
		return time.Time{}
	case q.From > q.To && since >= q.From:
		day = 1 // they end on the next day
	}
	return time.Date(at.Year(), at.Month(), at.Day()+day, int(q.To/time.Hour), int(q.To%time.Hour/time.Minute), 0, 0, zone)
}
