package actions

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

// A Door lets people who have not logged in check one site or one page. It shows
// nothing of the inventory, and its checks reach no inner address.
type Door struct {
	Visit func(ctx context.Context, domain, filing string) (id string, err error)
	// Accepts is an error for what Visit would refuse as it was given; nil accepts all.
	Accepts func(domain, filing string) error
	// Check says what came of a visit of Visit's; [ErrNotFound] for those that others
	// asked for.
	Check func(ctx context.Context, id string) (*Check, error)
	// Steps are what a visit of Visit's has done so far, without the addresses that it
	// went to; nil: nobody is told.
	Steps func(domain string) []Step

	mu      sync.Mutex
	asked   map[string][]time.Time // by address, and "" for all
	earlier map[string]openCheck   // by site and filing
	pages   int                    // that are being judged
}

// An openCheck is one that a site has had.
type openCheck struct {
	id string
	at time.Time
}

// Bounds of the open door.
const (
	openTime  = 10 * time.Minute
	openEach  = 6  // of an address within openTime
	openHouse = 30 // of a /48 of IPv6, which one customer may have
	openAll   = 120
	openPages = 2 // judged at once
	maxOpened = 10_000
)

// OpenCheck has a site visited for somebody at an address who has not logged in. A site that
// had it done a moment ago is not visited again: the id is that of the earlier check.
func (s *Service) OpenCheck(ctx context.Context, address, domain, filing string) (id string, err error) {
	if s.Door == nil {
		return "", ErrNotFound
	}
	name, err := openName(domain)
	if err != nil {
		return "", err
	}
	key := name + " " + filing
	if s.Door.Accepts != nil {
		if err := s.Door.Accepts(name, filing); err != nil {
			return "", err
		}
	}
	if id = s.Door.had(s.now(), key); id != "" {
		if c, err := s.Door.Check(ctx, id); err == nil && c.State != "failed" {
			return id, nil
		}
	}
	if err = s.Door.admit(s.now(), address); err != nil {
		return "", err
	}
	if id, err = s.Door.Visit(ctx, name, filing); err != nil {
		return "", err
	}
	s.Door.keep(s.now(), key, id)
	s.note(ctx, account.Viewer{Name: "-"}, "site.visit", name)
	return id, nil
}

// openName is the name of a public site: an address, and a name below no public suffix,
// are none.
func openName(given string) (string, error) {
	given = strings.TrimSpace(given)
	if u, err := url.Parse(given); err == nil && u.Host != "" {
		given = u.Hostname()
	}
	name, err := dns.Name(given)
	_, ip := netip.ParseAddr(name)
	// A suffix that is not ICANN's is a provider's own if it has a dot, else none at all.
	if suffix, icann := publicsuffix.PublicSuffix(name); err != nil || ip == nil || !icann && !strings.Contains(suffix, ".") || !strings.Contains(name, ".") || strings.HasSuffix(name, ".arpa") {
		return "", bad("请填写一个公网域名，例如 example.cn", "give the domain of a public site, such as example.cn")
	}
	return name, nil
}

// OpenPage judges the bytes of a page for somebody at an address who has not logged in.
func (s *Service) OpenPage(ctx context.Context, address string, page []byte, filing string) (*reports.Record, error) {
	if s.Door == nil {
		return nil, ErrNotFound
	}
	if err := s.Door.admit(s.now(), address); err != nil {
		return nil, err
	}
	if !s.Door.enter() {
		return nil, &TooSoon{time.Second}
	}
	defer s.Door.leave()
	return s.judgePage(ctx, page, filing)
}

// OpenCheckOf returns a check that was asked for at the open door.
func (s *Service) OpenCheckOf(ctx context.Context, id string) (*Check, error) {
	if s.Door == nil {
		return nil, ErrNotFound
	}
	c, err := s.Door.Check(ctx, id)
	if err != nil {
		return nil, err
	}
	c.open = true
	return c, nil
}

// had is the id of an earlier check with a key, "" for none.
func (o *Door) had(now time.Time, key string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for k, c := range o.earlier {
		if now.Sub(c.at) >= openTime {
			delete(o.earlier, k)
		}
	}
	return o.earlier[key].id
}

// admit counts a request of an address; [TooSoon] where there were too many.
func (o *Door) admit(now time.Time, address string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	address = account.Neighbours(address)
	wide := account.House(address)
	for _, e := range []struct {
		who  string
		most int
	}{{address, openEach}, {wide, openHouse}, {"", openAll}} {
		list := o.recent(now, e.who)
		if len(list) >= e.most {
			return &TooSoon{openTime - now.Sub(list[0])}
		}
	}
	if o.asked == nil {
		o.asked = map[string][]time.Time{}
	}
	if len(o.asked) >= maxOpened {
		for who := range o.asked {
			o.recent(now, who)
		}
	}
	for _, who := range slices.Compact([]string{address, wide, ""}) {
		o.asked[who] = append(o.asked[who], now)
	}
	return nil
}

// recent are the times within openTime at which an address asked.
func (o *Door) recent(now time.Time, who string) []time.Time {
	list := o.asked[who]
	for len(list) > 0 && now.Sub(list[0]) >= openTime {
		list = list[1:]
	}
	if len(list) == 0 {
		delete(o.asked, who)
	} else {
		o.asked[who] = list
	}
	return list
}

func (o *Door) keep(now time.Time, key, id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.earlier == nil {
		o.earlier = map[string]openCheck{}
	}
	o.earlier[key] = openCheck{id, now} // openAll bounds how many there are
}

func (o *Door) enter() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pages >= openPages {
		return false
	}
	o.pages++
	return true
}

func (o *Door) leave() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages--
}
