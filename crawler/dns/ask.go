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

// A verdict is what one packet to one upstream came to.
type verdict int

const (
	good     verdict = iota
	oursOnly         // this machine could not ask, or was told to stop
	absent           // nothing listens there: the resolver is not there, which says nothing of the name
	silent           // no answer in time
	refusing         // an answer that is no answer: SERVFAIL, REFUSED, unreadable
)

// ask puts one question to the upstreams in turn until one gives a usable
// answer (NOERROR or NXDOMAIN). The failure is nil if one did.
func (w *walk) ask(ctx context.Context, name string) (*dns.Msg, *crawler.Failure) {
	var (
		worst     verdict
		why       string
		truncated *dns.Msg
		noEDNS    bool
	)
	tries := max(w.r.tries, min(len(w.r.upstreams), 8))
	for try := range tries {
		if try >= w.r.tries && worst > absent {
			break // beyond the tries only to find an upstream that is there
		}
		u := w.r.upstreams[(w.first+try)%len(w.r.upstreams)]
		var a *dns.Msg
		var err error
		if try == tries-1 && worst == silent {
			a, err = w.sendTCP(ctx, u, name, noEDNS)
		} else {
			a, err = w.send(ctx, u, name, noEDNS)
		}
		v, text := judge(ctx, u, a, err)
		switch {
		case v == good && !a.Truncated:
			return a, nil
		case v == good:
			truncated, v, text = a, silent, "truncated answer and no TCP from "+u.addr
		case v == oursOnly:
			return nil, crawler.NewFailure(crawler.FailOurs, text)
		case v == refusing && err == nil:
			w.lookup.RCode = dns.RcodeToString[a.Rcode]
			noEDNS = noEDNS || !knowsEDNS(a.Rcode)
		}
		if v >= worst {
			worst, why = v, text
		}
	}
	return w.giveUp(worst, why, truncated)
}

// giveUp turns the most telling of the fruitless tries into a failure.
func (w *walk) giveUp(worst verdict, why string, truncated *dns.Msg) (*dns.Msg, *crawler.Failure) {
	switch {
	case truncated != nil && len(truncated.Answer) > 0: // some of the addresses are better than none
		return truncated, nil
	case worst == refusing:
		return nil, crawler.NewFailure(crawler.FailDNSServer, why)
	case worst == silent:
		return nil, crawler.NewFailure(crawler.FailDNSTimeout, why)
	}
	return nil, crawler.NewFailure(crawler.FailOurs, "no resolver is there: "+why)
}

// sendTCP asks one upstream over TCP alone. It is the last try after silence:
// servers that limit their rate drop packets of UDP, never connections.
func (w *walk) sendTCP(ctx context.Context, u *upstream, name string, noEDNS bool) (*dns.Msg, error) {
	w.lookup.Server = u.addr
	w.lookup.Tries++
	a, err := u.tcp(ctx, w.question(name, noEDNS))
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

// question makes the message that asks for name over TCP.
func (w *walk) question(name string, noEDNS bool) *dns.Msg {
	q := new(dns.Msg)
	q.SetQuestion(name, w.qtype)
	if !noEDNS {
		q.SetEdns0(udpSize, false)
	}
	return q
}

// send asks one upstream over UDP, and again over TCP if the answer was
// truncated. A truncated answer comes back as it is when TCP fails, and at once
// when it says that the name does not exist: that stands in its header, and
// servers that limit their rate cut such answers by the hundred.
func (w *walk) send(ctx context.Context, u *upstream, name string, noEDNS bool) (*dns.Msg, error) {
	w.lookup.Server = u.addr
	w.lookup.Tries++
	a, err := u.udp(ctx, name, w.qtype, noEDNS)
	if err != nil || !a.Truncated {
		return a, err
	}
	if a.Rcode == dns.RcodeNameError {
		a.Truncated = false
		return a, nil
	}
	w.lookup.Tries++
	full, err := u.tcp(ctx, w.question(name, noEDNS))
	if err != nil {
		if stopped(ctx) || crawler.OurTrouble(err) {
			return nil, err
		}
		return a, nil
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
	case err == nil:
		return refusing, fmt.Sprintf("%s from %s", rcode(a.Rcode), u.addr)
	case stopped(ctx):
		return oursOnly, "stopped while asking " + u.addr + ": our time was up"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return absent, err.Error()
	case crawler.OurTrouble(err), errors.Is(err, net.ErrClosed):
		return oursOnly, err.Error()
	case timedOut(err):
		return silent, "no answer from " + u.addr
	}
	return refusing, fmt.Sprintf("unreadable answer from %s: %v", u.addr, err)
}

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

// stopped tells whether it is the caller's time that ended. The socket's
// deadline may fire a moment before the context's timer does.
func stopped(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}
