package dns

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

// udpSize is the answer size offered by EDNS0: what fits one unfragmented
// packet on any path (https://www.dnsflagday.net/2020/).
const udpSize = 1232

// An upstream is one recursive resolver with the lines that lead to it.
type upstream struct {
	addr    string
	timeout time.Duration
	turn    atomic.Uint32
	closed  atomic.Bool
	slots   []slot
}

// A slot holds one line; a new one when that has served.
type slot struct {
	mu   sync.Mutex
	line *line
}

// turnUses is how many questions a line gets before the next one has its turn:
// those of one moment are sent together.
const turnUses = 2 * batchMost

// put gives a question its place on one of the lines, each in turn. It is not
// sent yet.
func (u *upstream) put(ctx context.Context, q *question) (*line, error) {
	s := &u.slots[u.turn.Add(1)/turnUses%uint32(len(u.slots))] //nolint:gosec // there are few
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line == nil || !s.line.add(q) {
		l, err := openLine(ctx, u.addr, u.timeout)
		if err != nil {
			return nil, err
		}
		l.add(q) // before the reading begins: a line without questions closes
		go l.read()
		s.line = l
	}
	if u.closed.Load() {
		s.line.retire()
	}
	return s.line, nil
}

func (u *upstream) close() {
	u.closed.Store(true)
	for i := range u.slots {
		s := &u.slots[i]
		s.mu.Lock()
		if s.line != nil {
			s.line.retire()
		}
		s.mu.Unlock()
	}
}

// errQuestion says that an answer bears our ID and answers something else.
var errQuestion = errors.New("the answer is to another question")

// udp asks one question and waits for its answer.
func (u *upstream) udp(ctx context.Context, name string, qtype uint16, noEDNS bool) (*dns.Msg, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q := questions.Get().(*question)
	defer questions.Put(q)
	if err := q.write(name, qtype, noEDNS); err != nil {
		return nil, err
	}
	l, err := u.put(ctx, q)
	if err != nil {
		return nil, err
	}
	if err := l.send(ctx, q); err != nil {
		return nil, err
	}
	a := new(dns.Msg)
	if err := a.Unpack(q.answer[:q.size]); err != nil {
		return nil, err
	}
	if !answers(a, q.id, name, qtype) {
		return nil, errQuestion
	}
	return a, nil
}

// tcp asks the same over TCP, with a connection of its own: truncated answers
// are rare, and servers close kept connections as they like.
func (u *upstream) tcp(ctx context.Context, q *dns.Msg) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, u.timeout)
	defer cancel()
	c := dns.Client{Net: "tcp", Timeout: u.timeout}
	conn, err := c.DialContext(ctx, u.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	a, _, err := c.ExchangeWithConnContext(ctx, q, conn)
	if err == nil && !answers(a, q.Id, q.Question[0].Name, q.Question[0].Qtype) {
		err = errQuestion
	}
	return a, err
}

// answers tells whether a is a response to a question: ID, QR bit and what was
// asked. Servers that refuse may leave the question out, which forges nothing.
func answers(a *dns.Msg, id uint16, name string, qtype uint16) bool {
	if !a.Response || a.Id != id {
		return false
	}
	if len(a.Question) == 0 {
		return a.Rcode != dns.RcodeSuccess && a.Rcode != dns.RcodeNameError
	}
	got := a.Question[0]
	return len(a.Question) == 1 && got.Qtype == qtype && got.Qclass == dns.ClassINET && strings.EqualFold(got.Name, name)
}

// dial opens a socket that is connected, so that the kernel drops packets from other
// addresses and reports a closed port as an error.
func dial(ctx context.Context, addr string) (*net.UDPConn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp", addr)
	if err != nil {
		return nil, err
	}
	return conn.(*net.UDPConn), nil
}
