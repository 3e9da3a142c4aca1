package workday

import (
	"strings"
	"testing"
	"time"
)

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := dayIn(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWorks(t *testing.T) {
	for d, want := range map[string]bool{
		"2026-11-23": true, "2026-11-21": false, "2026-11-22": false,
		"2026-02-13": true, "2026-02-14": true, "2026-02-15": false, "2026-02-23": false, "2026-02-24": true, "2026-02-28": true, // Spring Festival
		"2026-01-04": true, "2026-10-01": false, "2026-10-07": false, "2026-10-08": true, "2026-10-10": true, "2026-09-20": true,
		"2025-01-26": true, "2025-10-08": false, "2025-10-11": true, "2025-05-31": false,
		"2027-02-08": true, // Spring Festival of a year that is not known: by weekends alone
	} {
		if got := Default().Works(day(t, d)); got != want {
			t.Errorf("%s: working day %v, want %v", d, got, want)
		}
	}
	// Late in the evening in London it is the next day in China.
	if Default().Works(time.Date(2026, 11, 20, 23, 0, 0, 0, time.UTC)) {
		t.Error("Friday night in London is Saturday in China")
	}
}

// TestExchangedDays holds the data to what every arrangement keeps: a day of
// work is on a weekend.
func TestExchangedDays(t *testing.T) {
	c := Default()
	if len(c.years) == 0 {
		t.Fatal("no year is known")
	}
	for d, off := range c.off {
		if w := d.midnight().Weekday(); !off && w != time.Saturday && w != time.Sunday {
			t.Errorf("%v is worked in exchange and a %s", d, w)
		}
	}
}

func TestAddAndBetween(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		n        int
		known    bool
	}{
		{"2026-11-02", "2026-11-16", 10, true}, // two plain weeks
		{"2026-11-20", "2026-11-23", 1, true},  // Friday to Monday
		{"2026-11-21", "2026-11-23", 1, true},  // from a Saturday
		{"2026-02-12", "2026-02-26", 5, true},  // over the Spring Festival, with a Saturday worked before it
		{"2026-09-24", "2026-10-10", 6, true},  // over the Mid-Autumn and National Days
		{"2026-12-28", "2027-01-11", 10, false},
	} {
		c := Default()
		if got := c.Add(day(t, tt.from).Add(15*time.Hour), tt.n); !got.Equal(day(t, tt.to)) {
			t.Errorf("%d working days after %s: %s, want %s", tt.n, tt.from, got.Format(time.DateOnly), tt.to)
		}
		if got := c.Between(day(t, tt.from), day(t, tt.to)); got != tt.n {
			t.Errorf("from %s to %s: %d working days, want %d", tt.from, tt.to, got, tt.n)
		}
		if got := c.Known(day(t, tt.from), day(t, tt.to)); got != tt.known {
			t.Errorf("from %s to %s: known %v", tt.from, tt.to, got)
		}
	}
	if n := Default().Between(day(t, "2026-11-23"), day(t, "2026-11-20")); n != 0 {
		t.Errorf("backwards: %d", n)
	}
	if n := Default().Between(time.Time{}, day(t, "2026-11-20")); n != MaxDays {
		t.Errorf("since the year 1: %d", n)
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	for bad, want := range map[string]string{
		"rest 2026-01-01 2026-01-03 元旦":                            "no line \"year 2026 DOCUMENT\"",
		"year 26 x":                                                "line 1: \"26\" is no year",
		"year 2026 x\nrest 2026-01-03 2026-01-01":                  "line 2: from",
		"year 2026 x\nrest 2026-01-01 2026-12-31":                  "at most 31 days",
		"year 2026 x\nwork 2026-02-30":                             "\"2026-02-30\" is no day",
		"year 2026 x\nwork 2026-01-03\nrest 2026-01-01 2026-01-03": "as a day off and as a day of work",
		"holiday 2026-01-01":                                       "line 1: write",
	} {
		if _, err := Read(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", bad, err, want)
		}
	}
}

// TestReadJSON: a year in holiday-cn's form is added to what is known.
func TestReadJSON(t *testing.T) {
	const file = `{"$schema": "x", "year": 2027, "papers": ["https://www.example.cn/1"], "days": [
		{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, {"name": "春节", "date": "2027-02-08", "isOffDay": true},
		{"name": "春节", "date": "2027-02-20", "isOffDay": false}]}`
	for form, text := range map[string]string{"one": file, "a list": "\ufeff [" + file + "]", "several": file + "\n" + strings.ReplaceAll(file, "2027", "2028")} {
		c, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		if c.Works(day(t, "2027-02-08")) || !c.Works(day(t, "2027-02-20")) || c.Works(day(t, "2026-10-01")) || !c.Known(day(t, "2025-01-01"), day(t, "2027-12-31")) {
			t.Errorf("%s: the days of 2027, or those known before, are not right", form)
		}
	}
	for text, want := range map[string]string{
		`{"year": 2027, "papers": [], "days": []}`:                                                   "not announced yet",
		`{"year": 27, "days": [{"date": "2027-01-01"}]}`:                                             "no such year",
		`{"year": 2027, "days": [{"date": "1.1.2027"}]}`:                                             "is no day",
		`{"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": true}, {"date": "2027-01-01"}]}`: "as a day off and as a day of work",
		`{"year": `: "no JSON of holiday-cn",
		`[]`:        "no year",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestMissing(t *testing.T) {
	c := Default()
	if got := c.Missing(day(t, "2026-12-30"), day(t, "2028-01-02")); len(got) != 2 || got[0] != 2027 || got[1] != 2028 {
		t.Errorf("missing years: %v", got)
	}
	for at, want := range map[string]int{"2026-11-30": 0, "2026-12-01": 2027, "2025-12-31": 0} {
		if got := c.NextYear(day(t, at)); got != want {
			t.Errorf("on %s the year %d is missed, want %d", at, got, want)
		}
	}
	if AsOf() == "" {
		t.Error("the calendar has no date")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(holidays)
	f.Add(`{"year": 2027, "papers": [], "days": [{"name": "x", "date": "2027-01-01", "isOffDay": true}]}`)
	f.Add("year 2026 x\nrest 2026-01-01 2026-01-31\nwork 9999-12-31")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		from := day(t, "2026-01-01")
		if to := c.Add(from, 10); to.Before(from) || c.Between(from, to) != 10 {
			t.Fatalf("ten working days after %v: %v", from, to)
		}
	})
}
