package main

import (
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// warnHolidays says once, from November on, that the next year's holidays are
// not known: deadlines that reach into it are counted by weekends alone.
func (p *program) warnHolidays(calendar *workday.Calendar, now time.Time) {
	if calendar == nil {
		calendar = workday.Default()
	}
	day := workday.Day(now)
	if day.Month() == time.November { // when it is announced: the calendar itself asks for it a month later
		day = day.AddDate(0, 1, 0)
	}
	year := calendar.NextYear(day)
	if year == 0 {
		return
	}
	p.say(noHolidays.ZH, noHolidays.EN, year)
}

var noHolidays = detect.Text{
	ZH: "提示：缺少国务院办公厅关于 %[1]d 年节假日安排的数据，跨入该年的整改期限只按周末计算。可下载 holiday-cn 的 %[1]d.json，并在配置中写 holidays-file: 文件路径。",
	EN: "note: the State Council's holidays of %[1]d are not in the data, so due dates in that year go by weekends alone. Download holiday-cn's %[1]d.json and set holidays-file in the config.",
}
