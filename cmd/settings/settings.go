// Package settings holds everything that a person can set: each setting has one
// field, to which its flag is bound and into which the config file is read, and
// one function that makes of it what the rooms to the left ask for.
package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/register"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/oidc"
	"github.com/beianwatch/beianwatch/schedule"
)

// Settings are everything that a person can set, by flag or in the config
// file. The YAML keys are the flags' names; what has no flag is data.
type Settings struct {
	DB        string   `yaml:"db"`
	Dir       string   `yaml:"dir"`
	Out       string   `yaml:"out"`
	Lang      string   `yaml:"lang"`
	Format    string   `yaml:"format"`
	FailOn    string   `yaml:"fail-on"`
	Timezone  string   `yaml:"timezone"` // of the times that people read
	Progress  string   `yaml:"progress"` // one of the words of --progress
	Quiet     bool     `yaml:"quiet"`
	Verbose   bool     `yaml:"verbose"`
	Resolvers []string `yaml:"resolver"`
	AllowNet  []string `yaml:"allow-net"`
	DNSClient string   `yaml:"dns-client"` // fast or plain
	MapPort   []string `yaml:"map-port"`
	Ports     []uint   `yaml:"port"`

	MainlandNet  []string `yaml:"mainland-net"`
	MainlandFile string   `yaml:"mainland-file"`
	Providers    string   `yaml:"providers-file"`
	DocumentFile string   `yaml:"documents-file"`
	Vantage      Vantage  `yaml:"vantage"`
	FromMainland *bool    `yaml:"vantage-mainland"` // Vantage.Mainland, as its flag is named

	Concurrency  int           `yaml:"concurrency"`
	PerIP        int           `yaml:"per-ip"`
	PerIPRate    float64       `yaml:"per-ip-rate"`
	ResolveRate  int           `yaml:"resolve-rate"`
	Timeout      time.Duration `yaml:"timeout"` // 0: as is usual for the command; so Confirm and Pages
	Confirm      Confirmation  `yaml:"confirm"`
	Controls     []string      `yaml:"control"`
	Pages        int           `yaml:"pages"`
	Render       string        `yaml:"render"`
	Browser      string        `yaml:"browser"`
	Tabs         int           `yaml:"tabs"`
	Pictures     int           `yaml:"pictures"`      // line of an inventory up to which pages are drawn for their picture alone
	RenderBudget Budget        `yaml:"render-budget"` // 0: as is usual for the command
	Evidence     string        `yaml:"evidence"`
	Keep         int           `yaml:"keep"`
	KeepOutcomes bool          `yaml:"keep-outcomes"`
	FullEvery    int           `yaml:"full-every"`
	Reports      string        `yaml:"reports"`
	Waivers      string        `yaml:"waivers"` // file of waivers; package lifecycle says how it is written
	Contact      string        `yaml:"contact"`
	Documents    string        `yaml:"documents"`
	At           string        `yaml:"at"`

	WHOIS          bool          `yaml:"whois"`
	WHOISServers   []string      `yaml:"whois-server"`
	WHOISInterval  time.Duration `yaml:"whois-interval"` // least time between two questions to one server
	WHOISFresh     time.Duration `yaml:"whois-fresh"`    // how long an answer is good for
	RDAPServer     string        `yaml:"rdap-server"`
	RDAPBootstrap  string        `yaml:"rdap-bootstrap"` // file that maps suffixes to RDAP servers
	RegistrarsFile string        `yaml:"registrars-file"`
	SuffixesFile   string        `yaml:"suffixes-file"`
	HoldersFile    string        `yaml:"holders-file"`
	ShellsFile     string        `yaml:"shells-file"`           // lists of shell filings that provinces published
	HarmlessFile   string        `yaml:"harmless-scripts-file"` // scripts that touch no text, in the form of detect/lists/harmless-scripts.txt

	MaxFilingAge time.Duration      `yaml:"max-filing-age"`
	Grace        time.Duration      `yaml:"grace"`
	Suffix       map[string]string  `yaml:"suffix"`       // province character → base, site or any
	Fingerprints []kind.Fingerprint `yaml:"fingerprints"` // page fingerprints of the user's own
	Networks     []NetworkLimits    `yaml:"networks"`     // networks with limits of their own
	Registers    []register.Config  `yaml:"registers"`    // asked where the inventory says nothing
	Calendar     []CalendarEntry    `yaml:"calendar"`     // what serve scans, and when

	SiteNames     string         `yaml:"site-names-file"`     // words that the name of a site may not hold
	Provinces     string         `yaml:"provinces-file"`      // what provinces ask of persons and telephones
	PhoneData     string         `yaml:"phone-data"`          // phone.dat: provinces of mobile numbers
	PhoneDays     int            `yaml:"phone-verified-days"` // 0: the policy's own
	Rectify       map[string]int `yaml:"rectify"`             // working days for mending, by severity or rule
	Roles         []string       `yaml:"role"`                // what a process of serve does; empty: everything
	RenderWorkers bool           `yaml:"render-workers"`      // drawing is left to processes with the role renderer
	Listen        string         `yaml:"listen"`              // where serve answers
	TLSCert       string         `yaml:"tls-cert"`            // PEM file; empty: plain HTTP
	TLSKey        string         `yaml:"tls-key"`
	BehindProxy   bool           `yaml:"behind-proxy"` // https is the proxy's, and X-Forwarded-For is believed

	PublicCheck  bool          `yaml:"public-check"`     // people who have not logged in may check a site
	OIDC         oidc.Config   `yaml:"oidc"`             // where people log in; empty: by users of the program's own
	Notify       Notifications `yaml:"notify"`           // who is told of runs
	Notice       Notice        `yaml:"notice"`           // who sends rectification notices
	StampServer  string        `yaml:"timestamp-server"` // RFC 3161; dates exported evidence
	StampRoots   string        `yaml:"timestamp-roots"`  // PEM file
	HolidaysFile string        `yaml:"holidays-file"`    // public holidays in the form of detect/workday/holidays.txt
}

// A Vantage says from where we look. In the config file it may be its name alone.
type Vantage struct {
	Name     string `yaml:"name"`
	Mainland bool   `yaml:"mainland"` // timeouts and resets seen from the mainland count in full
}

// UnmarshalYAML reads a name, or name and mainland.
func (v *Vantage) UnmarshalYAML(read func(any) error) error {
	if read(&v.Name) == nil {
		return nil
	}
	type plain Vantage
	return read((*plain)(v))
}

// A CalendarEntry is one planned scan of serve.
type CalendarEntry struct {
	Name      string `yaml:"name"`
	Cron      string `yaml:"cron"` // five fields; CRON_TZ=Asia/Shanghai may stand before them
	Inventory string `yaml:"inventory"`
}

// Defaults are the settings of a person who sets nothing.
func Defaults() Settings {
	run := schedule.DefaultOptions()
	return Settings{
		DB:            DefaultDir + "/results.db",
		Lang:          localeLang(os.Getenv),
		Timezone:      DefaultZone,
		Progress:      ProgressAuto,
		Concurrency:   128 * runtime.GOMAXPROCS(0),
		PerIP:         asUsual,
		PerIPRate:     5,
		ResolveRate:   run.ResolveRate,
		Render:        string(detect.RenderAuto),
		Tabs:          2,
		Pictures:      1000,
		Evidence:      string(run.Evidence),
		KeepOutcomes:  true,
		FullEvery:     run.FullEvery,
		Listen:        "127.0.0.1:8090",
		DNSClient:     "fast",
		FailOn:        string(detect.Warning),
		MaxFilingAge:  30 * 24 * time.Hour,
		Grace:         3 * 24 * time.Hour,
		WHOISInterval: 2 * time.Second,
		WHOISFresh:    7 * 24 * time.Hour,
	}
}

// DefaultZone is the zone of times where nothing is set: filings are Chinese, and
// so are those who read of them.
const DefaultZone = "Asia/Shanghai"

// The words of --progress.
const (
	ProgressAuto = "auto" // a bar on a terminal, lines elsewhere
	ProgressJSON = "json" // one JSON object a line
	ProgressNone = "none"
)

// DefaultDir is the folder of the SQLite file, and of what else is kept on
// this machine, where nothing is set.
const DefaultDir = "beianwatch-data"

// DataDir is the folder for what is kept on this machine beside the database.
func (s *Settings) DataDir() string {
	switch {
	case s.Dir != "":
		return s.Dir
	case store.IsPostgres(s.DB):
		return DefaultDir
	}
	return filepath.Dir(store.Name(s.DB))
}

// china is the zone of a date without one: filings are Chinese.
var china = time.FixedZone("CST", 8*60*60)

// Moment parses --at; the zero time means now.
func (s *Settings) Moment() (time.Time, error) {
	if s.At == "" {
		return time.Time{}, nil
	}
	if at, err := time.ParseInLocation(time.DateOnly, s.At, china); err == nil {
		return at, nil
	}
	at, err := time.Parse(time.RFC3339, s.At)
	if err != nil {
		return time.Time{}, Usage("--at %q：请写日期如 2026-11-23，或时间如 2026-11-23T02:00:00+08:00", "--at %q: give a date such as 2026-11-23, or a time such as 2026-11-23T02:00:00+08:00", s.At)
	}
	return at, nil
}

// Agent is what sites are told of a version of the program.
func (s *Settings) Agent(version string) string {
	return fmt.Sprintf("Mozilla/5.0 (compatible; beianwatch/%s; +%s)", version, s.ContactAddress())
}

// ContactAddress is where a site owner reaches the people behind the requests.
func (s *Settings) ContactAddress() string {
	if s.Contact != "" {
		return s.Contact
	}
	return "https://" + "github.com/beianwatch/beianwatch"
}

// MustExist says what to do when a database is read that is not there.
func MustExist(db string) error {
	if strings.Contains(db, "://") {
		return nil // no file: opening it says what is wrong
	}
	if _, err := os.Stat(store.Name(db)); errors.Is(err, fs.ErrNotExist) {
		return Usage("%s 中没有结果：请先用“beianwatch scan 清单”检查，或用 --db 指定其他数据库", "no results in %s: begin a run with 'beianwatch scan INVENTORY', or name another database with --db", db)
	}
	return nil
}
