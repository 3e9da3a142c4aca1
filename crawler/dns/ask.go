package dns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

// A verdict is what one packet to one upstream came to. Of several, the
// greatest says most of the name.
type verdict int

const (
	good       verdict = iota
	oursOnly           // this machine could not ask, or was told to stop
	absent             // nothing listens there: the resolver is not there, which says nothing of the name
	denied             // REFUSED, NOTIMP and the like: the resolver's policy towards us
	unreadable         // no answer that fits, over TCP too
	silent             // no answer in time
	failing            // SERVFAIL
)

// attempts are the fruitless packets for one question.
type attempts struct {
	worst     verdict
	why       string
	truncated *dns.Msg
	cut       string // which answer that was; "" for none
	noEDNS    bool
	servfails int
	failed    map[*upstream]int
}

// note keeps what one packet came to.
func (t *attempts) note(u *upstream, v verdict, why string) {
	if t.failed == nil {
		t.failed = make(map[*upstream]int, 2)
	}
	t.failed[u]++
	if v >= t.worst {
		t.worst, t.why = v, why
	}
}

// ask puts one question to the upstreams in turn until one gives a usable
// answer (NOERROR or NXDOMAIN). The failure is nil if one did. After SERVFAIL the
// last packet asks with checking disabled: a name whose DNSSEC is broken has
// visitors all the same, behind the many resolvers that do not check.
func (w *walk) ask(ctx context.Context, name string) (*dns.Msg, *crawler.Failure) {
	var t attempts
	var u *upstream
	tries := max(w.r.tries, min(len(w.r.upstreams), 8))
	for try := range tries {
		if try >= w.r.tries && t.worst > absent {
			break // beyond the tries only to find an upstream that is there
		}
		u = w.r.upstreams[(w.first+try)%len(w.r.upstreams)]
		last := try == tries-1 || try == w.r.tries-1
		a, f := w.try(ctx, u, w.query(name, &t, last), &t, last)
		if a != nil || f != nil {
			return a, f
		}
	}
	if t.worst == denied || t.worst >= silent {
		if a, f := w.doubt(ctx, u, w.query(name, &t, true), &t); a != nil || f != nil {
			return a, f
		}
	}
	return w.giveUp(&t)
}

// query is the question as it is to be sent next.
func (w *walk) query(name string, t *attempts, last bool) query {
	return query{name: name, qtype: w.qtype, noEDNS: t.noEDNS, unchecked: last && t.servfails > 0}
}

// try sends one packet, in the upstream's turn. Neither an answer nor a failure
// means that the next may be sent; what came of it is in t.
func (w *walk) try(ctx context.Context, u *upstream, q query, t *attempts, last bool) (*dns.Msg, *crawler.Failure) {
	if err := u.backoff.wait(ctx); err != nil {
		return nil, crawler.NewFailure(crawler.FailOurs, "our time was up before the turn came to ask "+u.addr+", which is asked slowly because it fails us")
	}
	var a *dns.Msg
	var err error
	if last && t.worst == silent {
		a, err = w.sendTCP(ctx, u, q)
	} else {
		a, err = w.send(ctx, u, q)
	}
	v, why := judge(ctx, u, a, err)
	switch {
	case v == good && !a.Truncated:
		w.lookup.Unchecked = w.lookup.Unchecked || q.unchecked
		u.answered(q, t.failed[u])
		return a, nil
	case v == good:
		// It has answered: that the rest does not reach us over TCP is no silence.
		t.truncated, v, why = a, unreadable, "truncated answer and no TCP from "+u.addr
		t.cut = why
	case v == oursOnly:
		return nil, crawler.NewFailure(crawler.FailOurs, why)
	case err == nil:
		w.lookup.RCode = rcode(a.Rcode)
		t.noEDNS = t.noEDNS || !knowsEDNS(a.Rcode)
		if v == failing {
			t.servfails++
		}
	}
	t.note(u, v, why)
	return nil, nil
}

// giveUp turns the most telling of the fruitless tries into a failure.
func (w *walk) giveUp(t *attempts) (*dns.Msg, *crawler.Failure) {
	w.lookup.Resolvers = len(t.failed)
	switch {
	case t.truncated != nil && len(t.truncated.Answer) > 0: // some of the addresses are better than none
		return t.truncated, nil
	case t.worst == failing:
		return nil, crawler.NewFailure(crawler.FailDNSServer, t.why)
	case t.worst == silent && t.cut != "": // silence after an answer is not the name's
		return nil, crawler.NewFailure(crawler.FailOurs, t.cut)
	case t.worst == silent:
		return nil, crawler.NewFailure(crawler.FailDNSTimeout, t.why)
	case t.worst == denied:
		return nil, crawler.NewFailure(crawler.FailOurs, "the resolver does not answer us: "+t.why)
	case t.worst == unreadable:
		return nil, crawler.NewFailure(crawler.FailOurs, t.why)
	}
	return nil, crawler.NewFailure(crawler.FailOurs, "no resolver is there: "+t.why)
}

// sendTCP asks one upstream over TCP alone. It is the last try after silence:
// servers that limit their rate drop packets of UDP, never connections.
func (w *walk) sendTCP(ctx context.Context, u *upstream, q query) (*dns.Msg, error) {
	w.lookup.Server = u.addr
	w.lookup.Tries++
	a, err := u.tcp(ctx, q)
	if err == nil {
		w.lookup.TCP = true
		return a, nil
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) {
		// A server without TCP; that it said nothing over UDP is what counts.
		err = os.ErrDeadlineExceeded
	}
	return nil, err
}

// send asks one upstream over UDP, and again over TCP if the answer was
// truncated or cannot be read. A truncated answer comes back as it is when TCP
// fails, and at once when it says that the name does not exist: that stands in its
// header, and servers that limit their rate cut such answers by the hundred.
func (w *walk) send(ctx context.Context, u *upstream, q query) (*dns.Msg, error) {
	w.lookup.Server = u.addr
	w.lookup.Tries++
	a, err := u.udp.exchange(ctx, q)
	switch {
	case err == nil && !a.Truncated, err != nil && !errors.Is(err, errUnreadable):
		return a, err
	case err == nil && a.Rcode == dns.RcodeNameError:
		a.Truncated = false
		return a, nil
	}
	w.lookup.Tries++
	full, tcpErr := u.tcp(ctx, q)
	if tcpErr != nil {
		if stopped(ctx) || crawler.OurTrouble(tcpErr) {
			return nil, tcpErr
		}
		return a, err
	}
	w.lookup.TCP = true
	full.Truncated = false
	return full, nil
}

// judge says what came of one try, in words fit for a Failure.
func judge(ctx context.Context, u *upstream, a *dns.Msg, err error) (verdict, string) {
	switch {
	case err == nil && (a.Rcode == dns.RcodeSuccess || a.Rcode == dns.RcodeNameError):
		return good, ""
	case err == nil && a.Rcode == dns.RcodeServerFailure:
		return failing, fmt.Sprintf("%s from %s", rcode(a.Rcode), u.addr)
	case err == nil:
		return denied, fmt.Sprintf("%s from %s", rcode(a.Rcode), u.addr)
	case stopped(ctx):
		return oursOnly, timeUp(u)
	case errors.Is(err, errUnreadable):
		return unreadable, fmt.Sprintf("from %s: %v", u.addr, err)
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return absent, err.Error()
	case crawler.OurTrouble(err), errors.Is(err, net.ErrClosed):
		return oursOnly, err.Error()
	case timedOut(err):
		return silent, "no answer from " + u.addr
	}
	return unreadable, fmt.Sprintf("from %s: %v", u.addr, err)
}

// timeUp says that we ourselves ended while an upstream was being asked.
func timeUp(u *upstream) string { return "stopped while asking " + u.addr + ": our time was up" }

func timedOut(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

func rcode(code int) string {
	if s, ok := dns.RcodeToString[code]; ok {
		return s
	}
	return fmt.Sprintf("RCODE %d", code)
}

// knowsEDNS is false for the answers of servers that choke on an OPT record
// and may answer the bare question (RFC 6891, section 7).
func knowsEDNS(code int) bool {
	return code != dns.RcodeFormatError && code != dns.RcodeNotImplemented && code != dns.RcodeBadVers
}

// stopped reports whether it is the caller's time that ended. The socket's
// deadline may fire a moment before the context's timer does.
func stopped(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}
