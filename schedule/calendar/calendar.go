// Package calendar computes when the entries of a calendar fall due. It keeps
// no clock and starts nothing.
package calendar

import (
	"time"

	"github.com/robfig/cron/v3"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// An Entry is one planned scan.
type Entry struct {
	Name      string // unique; runs are kept under it
	Cron      string // five fields; CRON_TZ=Asia/Shanghai may stand before them
	Inventory string // path
}

// A Planned entry has its cron expression read.
type Planned struct {
	Entry
	schedule cron.Schedule
}

// Parse checks entries. The error says which one is wrong and what to write.
func Parse(entries []Entry) ([]Planned, error) {
	seen := map[string]bool{}
	list := make([]Planned, 0, len(entries))
	for i, e := range entries {
		switch {
		case e.Name == "":
			return nil, message.Errorf("第 %d 项日程没有名称：请写 name，批次以它归档", "calendar entry %d has no name: give it one, the runs are kept under it", i+1)
		case seen[e.Name]:
			return nil, message.Errorf("日程 %q 重复：每项须有自己的名称", "calendar entry %q stands there twice: give each a name of its own", e.Name)
		case e.Inventory == "":
			return nil, message.Errorf("日程 %q 没有清单：请给出 CSV、XLSX 或 JSON Lines 文件的路径", "calendar entry %q has no inventory: give the path of a CSV, XLSX or JSON Lines file", e.Name)
		}
		seen[e.Name] = true
		s, err := cron.ParseStandard(e.Cron)
		if err != nil {
			return nil, message.Errorf("日程 %[1]q：cron %[2]q 无法识别；须为五个字段，例如 CRON_TZ=Asia/Shanghai 0 2 * * *", "calendar entry %q: cron %q: %w; five fields are wanted, for example: CRON_TZ=Asia/Shanghai 0 2 * * *", e.Name, e.Cron, err)
		}
		list = append(list, Planned{e, s})
	}
	return list, nil
}

// maxMissed bounds the ticks that Missed returns: of more, the newest.
const maxMissed = 100

// Missed returns the ticks after last up to now, the oldest first. An entry of
// every minute that was out for a year has half a million; only the newest
// hundred are returned.
func (p *Planned) Missed(last, now time.Time) []time.Time {
	var ticks []time.Time
	for t := p.schedule.Next(last); !t.IsZero() && !t.After(now); t = p.schedule.Next(t) {
		if len(ticks) == maxMissed {
			ticks = append(ticks[:0], ticks[1:]...)
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// Next returns the first tick after a time; the zero time if there is none.
func (p *Planned) Next(after time.Time) time.Time { return p.schedule.Next(after) }
