package main

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/register"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
)

// settings are everything that a person can set, by flag or in the config
// file. The YAML keys are the flags' names; what has no flag is data.
type settings struct {
	DB        string   `yaml:"db"`
	Dir       string   `yaml:"dir"`
	Out       string   `yaml:"out"`
	Lang      string   `yaml:"lang"`
	Format    string   `yaml:"-"`
	Quiet     bool     `yaml:"-"`
	Verbose   bool     `yaml:"-"`
	Resolvers []string `yaml:"resolver"`
	AllowNet  []string `yaml:"allow-net"`
	MapPort   []string `yaml:"map-port"`
	Ports     []uint   `yaml:"port"`

	MainlandNet  []string `yaml:"mainland-net"`
	MainlandFile string   `yaml:"mainland-file"`
	Providers    string   `yaml:"providers-file"`
	DocumentFile string   `yaml:"documents-file"`
	Vantage      vantage  `yaml:"vantage"`

	Concurrency  int           `yaml:"concurrency"`
	PerIP        int           `yaml:"per-ip"`
	PerIPRate    float64       `yaml:"per-ip-rate"`
	ResolveRate  int           `yaml:"resolve-rate"`
	Timeout      time.Duration `yaml:"timeout"`
	Confirm      confirmation  `yaml:"confirm"`
	Controls     []string      `yaml:"control"`
	Pages        int           `yaml:"pages"`
	Render       string        `yaml:"render"`
	Browser      string        `yaml:"browser"`
	Tabs         int           `yaml:"tabs"`
	RenderBudget time.Duration `yaml:"render-budget"`
	Evidence     string        `yaml:"evidence"`
	Keep         int           `yaml:"keep"`
	KeepOutcomes bool          `yaml:"keep-outcomes"`
	FullEvery    int           `yaml:"full-every"`
	Reports      string        `yaml:"reports"`
	Contact      string        `yaml:"contact"`
	Documents    string        `yaml:"documents"`
	At           string        `yaml:"-"`

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
	Networks     []networkLimits    `yaml:"networks"`     // networks with limits of their own
	Registers    []register.Config  `yaml:"registers"`    // asked where the inventory says nothing
	Calendar     []calendarEntry    `yaml:"calendar"`     // what serve scans, and when

	Papers       paperSettings  `yaml:",inline"`       // data on names, provinces and telephones
	Rectify      map[string]int `yaml:"rectify"`       // working days for mending, by severity or rule
	HolidaysFile string         `yaml:"holidays-file"` // public holidays in the form of detect/workday/holidays.txt
}

// vantage says from where we look.
type vantage struct {
	Name     string `yaml:"name"`
	Mainland bool   `yaml:"mainland"` // timeouts and resets seen from the mainland count in full
}

// A calendarEntry is one planned scan of serve.
type calendarEntry struct {
	Name      string `yaml:"name"`
	Cron      string `yaml:"cron"` // five fields; CRON_TZ=Asia/Shanghai may stand before them
	Inventory string `yaml:"inventory"`
}

// defaults are the settings of a person who sets nothing.
func defaults() settings {
	return settings{
		DB:            defaultDir + "/results.db",
		Lang:          localeLang(os.Getenv),
		Concurrency:   128 * runtime.GOMAXPROCS(0),
		PerIP:         2,
		PerIPRate:     5,
		ResolveRate:   schedule.ResolveRate * runtime.GOMAXPROCS(0),
		Timeout:       15 * time.Second,
		Render:        string(detect.RenderAuto),
		Tabs:          2,
		Evidence:      "findings",
		KeepOutcomes:  true,
		FullEvery:     7,
		Reports:       reportsAll,
		MaxFilingAge:  30 * 24 * time.Hour,
		Grace:         3 * 24 * time.Hour,
		WHOISInterval: 2 * time.Second,
		WHOISFresh:    7 * 24 * time.Hour,
	}
}

// defaultDir is the folder of the SQLite file, and of what else is kept on
// this machine, where nothing is set.
const defaultDir = "beianwatch-data"

// dataDir is the folder for what is kept on this machine beside the database.
func (s *settings) dataDir() string {
	switch {
	case s.Dir != "":
		return s.Dir
	case store.IsPostgres(s.DB):
		return defaultDir
	}
	return filepath.Dir(store.Name(s.DB))
}

// localeLang is "zh" unless the locale names another language: the readers of
// filing rules are Chinese, and a machine without a locale says nothing.
func localeLang(getenv func(string) string) string {
	for _, key := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(key)
		if locale == "" {
			continue
		}
		lang, _, _ := strings.Cut(locale, ".")
		if lang == "C" || lang == "POSIX" || strings.HasPrefix(lang, "zh") {
			return "zh"
		}
		return "en"
	}
	return "zh"
}

// bindLook binds the flags of every command that looks at sites. The present
// values are the flags' defaults.
func (s *settings) bindLook(fs *pflag.FlagSet) {
	fs.StringArrayVar(&s.Resolvers, "resolver", s.Resolvers, "DNS server as HOST:PORT (repeatable; default: the system's)")
	fs.StringArrayVar(&s.AllowNet, "allow-net", s.AllowNet, "network that may be dialled although it is private, as CIDR (repeatable; for tests)")
	fs.StringArrayVar(&s.MapPort, "map-port", s.MapPort, "dial another port than the real one, as REAL:DIALLED (repeatable; for tests)")
	fs.UintSliceVar(&s.Ports, "port", s.Ports, "further port that may be dialled beside 80 and 443 (repeatable)")
	fs.StringArrayVar(&s.MainlandNet, "mainland-net", s.MainlandNet, "network that counts as mainland China, as CIDR (repeatable)")
	fs.StringVar(&s.MainlandFile, "mainland-file", s.MainlandFile, "file of networks, a line each: PREFIX [COUNTRY]")
	fs.StringVar(&s.Vantage.Name, "vantage", s.Vantage.Name, "name of the network that we look from, kept with the evidence")
	fs.BoolVar(&s.Vantage.Mainland, "vantage-mainland", s.Vantage.Mainland, "we look from mainland China: timeouts and resets count in full")
	fs.IntVar(&s.Concurrency, "concurrency", s.Concurrency, "names under way at once")
	fs.IntVar(&s.PerIP, "per-ip", s.PerIP, "requests in flight to one address (0: no limit)")
	fs.Float64Var(&s.PerIPRate, "per-ip-rate", s.PerIPRate, "requests a second to one address (0: no limit)")
	fs.IntVar(&s.ResolveRate, "resolve-rate", s.ResolveRate, "names of a run to begin asking resolvers about, a second (0: as fast as they answer)")
	fs.DurationVar(&s.Timeout, "timeout", s.Timeout, "time for one request, from dial to last byte")
	fs.Var(&s.Confirm, "confirm", "when a failure is looked at again before it counts: quick, nightly, gov (140 visits in a week, 5 % failures are down), or delays such as 30s,2m,10m (default: check 1s,3s; scan and serve nightly)")
	fs.StringArrayVar(&s.Controls, "control", s.Controls, "site that is known to be up: if it fails too, the trouble is ours (repeatable)")
	fs.StringVar(&s.Contact, "contact", s.Contact, "address in the agent string, so that a site owner can reach you")
	fs.DurationVar(&s.MaxFilingAge, "max-filing-age", s.MaxFilingAge, "an \"unfiled\" that was asked longer ago is unknown")
	s.bindRegistry(fs)
	fs.StringVar(&s.At, "at", s.At, "judge as of this date or time (RFC 3339) instead of now")
}

// bindRead binds the flags that say how much of a site is read.
func (s *settings) bindRead(fs *pflag.FlagSet) {
	fs.IntVar(&s.Pages, "pages", s.Pages, "pages of a site to read, the home page among them (default: check 5, scan and serve 1)")
	fs.StringVar(&s.Render, "render", s.Render, "draw pages in a browser: auto (those whose scripts decide), always or never")
	fs.StringVar(&s.Browser, "browser", s.Browser, "path of the Chromium or Chrome to use (default: the first on PATH)")
	fs.IntVar(&s.Tabs, "tabs", s.Tabs, "pages drawn at once")
	fs.StringVar(&s.Evidence, "evidence", s.Evidence, "whose bytes are kept as WARC: none, findings (and changes) or all")
}

// bindDocuments binds the flag that says where documents lie.
func (s *settings) bindDocuments(fs *pflag.FlagSet) {
	fs.StringVar(&s.Documents, "documents", s.Documents, "folder of the files that the inventory's column documents names (default: none are read)")
}

// bindFormat binds --format; usual is the format without the flag.
func (s *settings) bindFormat(fs *pflag.FlagSet, usual string) {
	fs.StringVar(&s.Format, "format", usual, "form of the output")
}

// bindShared binds the flags that every command has.
func (s *settings) bindShared(fs *pflag.FlagSet) {
	fs.StringVar(&s.DB, "db", s.DB, "where runs are kept: the path of a SQLite file, or postgres://USER@HOST/DATABASE (password by PGPASSWORD or ~/.pgpass)")
	fs.StringVar(&s.Dir, "dir", s.Dir, "folder for evidence and other files of this machine (default: that of the SQLite file; with PostgreSQL beianwatch-data)")
	fs.StringVar(&s.Out, "out", s.Out, "folder for report files")
	fs.StringVar(&s.Lang, "lang", s.Lang, "language of texts: zh or en")
	fs.BoolVarP(&s.Quiet, "quiet", "q", s.Quiet, "say only what was asked for")
	fs.BoolVar(&s.Verbose, "verbose", s.Verbose, "log what developers ask for, such as pages that our two readers read differently")
}

// Bounds on what may be asked for: a site is sampled, not copied, and a tab
// takes some 100 MB.
const (
	maxPages = 50
	maxTabs  = 64
)

// check finds what is wrong with the settings before anything is done.
func (s *settings) check() error {
	if s.Lang != "zh" && s.Lang != "en" {
		return usage("--lang %q: say zh or en", s.Lang)
	}
	if s.Concurrency < 1 || s.Concurrency > 100_000 {
		return usage("--concurrency %d: give a number from 1 to 100000", s.Concurrency)
	}
	if s.ResolveRate < 0 {
		return usage("--resolve-rate %d: give 0 (no limit) or more", s.ResolveRate)
	}
	if s.PerIP < 0 || s.PerIPRate < 0 {
		return usage("--per-ip and --per-ip-rate: give 0 (no limit) or more")
	}
	if s.Timeout < 100*time.Millisecond {
		return usage("--timeout %v: give at least 100ms", s.Timeout)
	}
	if err := s.checkConfirm(); err != nil {
		return err
	}
	if s.Pages < 0 || s.Pages > maxPages {
		return usage("--pages %d: give a number from 1 to %d", s.Pages, maxPages)
	}
	if s.RenderBudget < 0 {
		return usage("--render-budget %v: give a duration such as 4h, or 0", s.RenderBudget)
	}
	if s.Tabs < 1 || s.Tabs > maxTabs {
		return usage("--tabs %d: give a number from 1 to %d", s.Tabs, maxTabs)
	}
	switch detect.Render(s.Render) {
	case detect.RenderAuto, detect.RenderAlways, detect.RenderNever:
	default:
		return usage("--render %q: say auto, always or never", s.Render)
	}
	if err := s.checkKeep(); err != nil {
		return err
	}
	switch s.Evidence {
	case "none", "findings", "all":
	default:
		return usage("evidence %q: say none, findings or all", s.Evidence)
	}
	if s.WHOISInterval < 0 || s.WHOISFresh < 0 {
		return usage("whois-interval and whois-fresh: give 0 (the default) or more")
	}
	for _, custom := range s.Suffix {
		if custom != "base" && custom != "site" && custom != "any" {
			return usage("suffix %q: say base (number without -N), site (with -N) or any", custom)
		}
	}
	return nil
}

// prefixes parses networks given under flag.
func prefixes(flag string, given []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, g := range given {
		p, err := netip.ParsePrefix(g)
		if err != nil {
			a, aerr := netip.ParseAddr(g)
			if aerr != nil {
				return nil, usage("--%s %q: give a network such as 192.0.2.0/24", flag, g)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// portMap parses --map-port values, REAL:DIALLED.
func portMap(given []string) (map[uint16]uint16, error) {
	out := map[uint16]uint16{}
	for _, g := range given {
		real, dialled, ok := strings.Cut(g, ":")
		from, err1 := strconv.ParseUint(real, 10, 16)
		to, err2 := strconv.ParseUint(dialled, 10, 16)
		if !ok || err1 != nil || err2 != nil || from == 0 || to == 0 {
			return nil, usage("--map-port %q: give REAL:DIALLED, for example 80:8080", g)
		}
		out[uint16(from)] = uint16(to)
	}
	return out, nil
}

// china is the zone of a date without one: filings are Chinese.
var china = time.FixedZone("CST", 8*60*60)

// moment parses --at; the zero time means now.
func (s *settings) moment() (time.Time, error) {
	if s.At == "" {
		return time.Time{}, nil
	}
	if at, err := time.ParseInLocation(time.DateOnly, s.At, china); err == nil {
		return at, nil
	}
	at, err := time.Parse(time.RFC3339, s.At)
	if err != nil {
		return time.Time{}, usage("--at %q: give a date such as 2026-11-23, or a time such as 2026-11-23T02:00:00+08:00", s.At)
	}
	return at, nil
}

// agent is what sites are told of us.
func (s *settings) agent() string {
	return fmt.Sprintf("Mozilla/5.0 (compatible; beianwatch/%s; +%s)", version, s.contact())
}

// contact is where a site owner reaches the people behind the requests.
func (s *settings) contact() string {
	if s.Contact != "" {
		return s.Contact
	}
	return "https://" + "github.com/beianwatch/beianwatch"
}
