package main

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/cmd/cli"
	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/register"
	"github.com/beianwatch/beianwatch/crawler/registration"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// looking is what looks at sites: made from the settings, closed when done.
type looking struct {
	resolver *dns.Resolver
	guard    *guard.Guard
	gate     *polite.Gate
	looker   *visit.Scanner
	drawing  *drawing
	papers   *document.Reader     // nil without --documents
	registry *registration.Client // nil: not asked
	book     *register.Book       // nil: not asked
	options  schedule.Options
	memory   *web.Memory // of all visits together
}

// scanUsual is how scan and serve visit sites unless they are told otherwise;
// the drawing of a run of serve ends before the next night.
var (
	scanUsual  = settings.Usual{Confirm: settings.Preset("nightly"), Timeout: 15 * time.Second, Pages: 1, PerIP: 2}
	nightUsual = settings.Usual{Confirm: scanUsual.Confirm, Timeout: scanUsual.Timeout, Pages: scanUsual.Pages, PerIP: scanUsual.PerIP, Drawing: 6 * time.Hour}
)

// looking wires crawler and rules together. keeps: there is a next run, which may
// keep what was drawn.
func (p *program) looking(keeps bool) (*looking, error) {
	policy, err := p.Policy()
	if err != nil {
		return nil, err
	}
	at, err := p.Moment()
	if err != nil {
		return nil, err
	}
	l := &looking{}
	if l.gate, err = p.Gate(); err != nil {
		return nil, err
	}
	if l.resolver, l.guard, err = p.Reach(); err != nil {
		return nil, err
	}
	l.memory = web.NewMemory(cli.MemoryLimit())
	l.looker = &visit.Scanner{
		Resolver: l.resolver,
		Web:      web.New(web.Options{Resolver: l.resolver, Guard: l.guard, Gate: l.gate.Enter, Heard: l.gate.Heard, Timeout: p.Timeout, Agent: p.Agent(version), Memory: l.memory}),
		Policy:   policy, Vantage: p.Vantage.Name, At: at,
		Confirm:   p.Confirm.Confirmation,
		Disagreed: disagreements(p.logger()),
		Known:     []string{"www.baidu.com", "www.qq.com", "www.aliyun.com", "www.gov.cn"}, // of several networks
	}
	if l.papers, err = p.DocumentReader(); err != nil {
		l.resolver.Close()
		return nil, err
	}
	if l.papers != nil {
		l.looker.Documents = l.papers.Read
	}
	if l.drawing, err = p.drawing(l, policy, keeps); err != nil {
		l.close()
		return nil, err
	}
	if l.drawing != nil {
		l.looker.Draw = l.drawing.do
		l.looker.Browser = l.drawing.product
		if l.drawing.none == nil {
			l.looker.Pictures = p.Pictures
		}
	}
	l.options = p.RunOptions()
	return l, nil
}

func (l *looking) close() {
	l.drawing.close()
	if l.papers != nil {
		l.papers.Close() //nolint:errcheck // a folder that was only read
	}
	if l.registry != nil {
		l.registry.Close()
	}
	if l.book != nil {
		l.book.Close()
	}
	l.resolver.Close()
}

// config is the runner's, for the data folder of the store.
func (l *looking) config(s *store.Store, p *program, roles []schedule.Role) schedule.Config {
	c := schedule.Config{Store: s, Dir: p.DataDir(), Scanner: l.looker, Gate: l.gate, Options: l.options, Log: p.logger(), Roles: roles}
	switch {
	case l.drawing == nil: // nothing is drawn
	case slices.Contains(roles, schedule.RoleWorker) && !slices.Contains(roles, schedule.RoleRenderer):
		c.Renderers = max(1, p.Tabs) // others': what needs one is left to them
		c.Scanner.Browser = nil
	case l.drawing.none == nil:
		c.Renderers = max(1, p.Tabs)
	}
	return c
}

// openChecker visits sites for people who have not logged in: registers and documents are not
// asked for them, and where networks are allowed to others it has connections of its own,
// which reach no inner address.
func (l *looking) openChecker(p *program, c *visit.Scanner) *visit.Scanner {
	open := c.ForChecks(c.Confirm.Delays, 1)
	open.Records, open.Documents, open.Pictures = nil, nil, 0
	if len(p.AllowNet)+len(p.MapPort)+len(p.Ports) > 0 {
		open.Web = web.New(web.Options{Resolver: l.resolver, Guard: guard.New(nil, nil), Gate: l.gate.Enter, Heard: l.gate.Heard, Timeout: p.Timeout, Agent: p.Agent(version), Memory: l.memory})
		open.Draw, open.Browser = nil, nil // the browser goes by the other guard
	}
	return open
}

// registry makes what asks WHOIS and RDAP, nil without --whois. Answers are
// kept in the store, if there is one.
func (p *program) registry(resolver *dns.Resolver, s *store.Store) (*registration.Client, error) {
	if !p.WHOIS {
		return nil, nil
	}
	servers, err := p.WHOISServerMap()
	if err != nil {
		return nil, err
	}
	g, err := p.RegistryGuard(servers)
	if err != nil {
		return nil, err
	}
	opt := registration.Options{Resolve: settings.Resolve(resolver), Guard: g, WHOIS: servers, RDAPServer: p.RDAPServer, Agent: p.Agent(version),
		Every: p.WHOISInterval, Fresh: p.WHOISFresh}
	if p.RDAPBootstrap != "" {
		if opt.Bootstrap, err = os.ReadFile(p.RDAPBootstrap); err != nil {
			return nil, usage("配置 rdap-bootstrap：%v；请从 https://data.iana.org/rdap/dns.json 下载该文件，或不写这一项", "config, rdap-bootstrap: %v; save the file from https://data.iana.org/rdap/dns.json, or leave the key out", err)
		}
	}
	if s != nil {
		opt.Recall, opt.Keep = s.Registration, s.PutRegistration
	}
	c, err := registration.New(opt)
	if err != nil {
		return nil, usage("配置 rdap-bootstrap %s：%v", "config, rdap-bootstrap %s: %v", p.RDAPBootstrap, err)
	}
	return c, nil
}

// consult lets looks ask registries and registers, as far as the settings want
// it.
func (l *looking) consult(p *program, s *store.Store, patience time.Duration) (err error) {
	if l.registry, err = p.registry(l.resolver, s); err != nil {
		return err
	}
	if l.book, err = p.registers(l.resolver, s, patience); err != nil {
		return err
	}
	records := &visit.Records{}
	if l.registry != nil {
		records.Registration = l.registry.Lookup
	}
	if l.book != nil {
		records.Filing, records.Number, records.Patience = l.book.Filing, l.book.Number, patience
	}
	l.looker.Records = records
	return nil
}

// cache opens the database for a command that keeps nothing in it but what
// registries and registers said; nil if none is asked.
func (p *program) cache(ctx context.Context) (*store.Store, error) {
	if !p.WHOIS && len(p.Registers) == 0 {
		return nil, nil
	}
	return store.Open(ctx, p.DB)
}

// How long a look waits for a register: a person who checks one site has the
// time, a scan over many has not. The question goes on and its answer is kept.
const (
	scanPatience  = 10 * time.Second
	checkPatience = 40 * time.Second
)

// registers makes what asks the registers of the config, nil if it names none.
// Answers are kept in the store, if there is one. patience is how long a
// question waits for its answer.
func (p *program) registers(resolver *dns.Resolver, s *store.Store, patience time.Duration) (*register.Book, error) {
	if len(p.Registers) == 0 {
		return nil, nil
	}
	opt := register.Options{Resolve: settings.Resolve(resolver), Agent: p.Agent(version), Fresh: p.MaxFilingAge, Patience: patience}
	if s != nil {
		opt.Recall, opt.Keep = s.Answer, s.PutAnswer
	}
	b, err := register.Open(p.Registers, opt)
	if err != nil {
		return nil, usage("配置：%v", "config: %v", err)
	}
	return b, nil
}

// maxDisagreements bounds the pages whose disagreement is logged: some show
// what is to be mended.
const maxDisagreements = 10_000

// disagreements logs pages that our two readers read otherwise, each once by
// its bytes: whoever mends the fast reader makes a test of it.
func disagreements(log *slog.Logger) func(detect.Disagreement) {
	var mu sync.Mutex
	told := map[string]struct{}{}
	return func(d detect.Disagreement) {
		mu.Lock()
		_, before := told[d.Page]
		if full := len(told) >= maxDisagreements; before || full {
			mu.Unlock()
			return
		}
		told[d.Page] = struct{}{}
		mu.Unlock()
		log.Debug("two readings of a page disagree", "url", d.URL, "page", d.Page, "about", d.About, "near", d.Near)
	}
}

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
