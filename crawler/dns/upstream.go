package dns

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

// udpSize is the answer size offered by EDNS0: what fits one unfragmented
// packet on any path (https://www.dnsflagday.net/2020/).
const udpSize = 1232

// socketUses is how many questions a socket serves before it gives way to one
// with a fresh random port: a forger must guess the port anew, and a new
// socket costs 10 µs once in so many questions.
const socketUses = 500

// An upstream is one recursive resolver with its idle UDP sockets.
type upstream struct {
	addr   string
	idle   chan *socket
	closed atomic.Bool
}

// A socket is connected, so the kernel drops packets from other addresses and
// reports a closed port as an error.
type socket struct {
	dns.Conn
	uses int
}

func (u *upstream) take(ctx context.Context) (*socket, error) {
	select {
	case s := <-u.idle:
		return s, nil
	default:
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "udp", u.addr)
	if err != nil {
		return nil, err
	}
	return &socket{Conn: dns.Conn{Conn: c}}, nil
}

// give puts a socket back that has nothing left to read.
func (u *upstream) give(s *socket) {
	if s.uses++; s.uses >= socketUses || u.closed.Load() {
		s.Close()
		return
	}
	select {
	case u.idle <- s:
		if u.closed.Load() {
			u.drain()
		}
	default:
		s.Close()
	}
}

func (u *upstream) close() {
	u.closed.Store(true)
	u.drain()
}

func (u *upstream) drain() {
	for {
		select {
		case s := <-u.idle:
			s.Close()
		default:
			return
		}
	}
}

// errQuestion says that an answer bears our ID and answers something else.
var errQuestion = errors.New("the answer is to another question")

// udp sends one question and waits for its answer. A socket that saw a timeout
// or a strange packet is closed, so that a late answer meets nobody.
func (u *upstream) udp(ctx context.Context, q *dns.Msg, timeout time.Duration) (*dns.Msg, error) {
	s, err := u.take(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { s.SetDeadline(time.Unix(1, 0)) })
	c := dns.Client{Timeout: timeout}
	a, _, err := c.ExchangeWithConnContext(ctx, q, &s.Conn)
	if err == nil && !answers(a, q) {
		err = errQuestion
	}
	if !stop() || err != nil {
		s.Close()
		return a, err
	}
	u.give(s)
	return a, nil
}

// tcp asks the same over TCP, with a connection of its own: truncated answers
// are rare, and servers close kept connections as they like.
func (u *upstream) tcp(ctx context.Context, q *dns.Msg, timeout time.Duration) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c := dns.Client{Net: "tcp", Timeout: timeout}
	conn, err := c.DialContext(ctx, u.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	a, _, err := c.ExchangeWithConnContext(ctx, q, conn)
	if err == nil && !answers(a, q) {
		err = errQuestion
	}
	return a, err
}

// answers tells whether a is a response to q: ID, QR bit and question.
// Servers that refuse may leave the question out, which forges nothing.
func answers(a, q *dns.Msg) bool {
	if !a.Response || a.Id != q.Id {
		return false
	}
	if len(a.Question) == 0 {
		return a.Rcode != dns.RcodeSuccess && a.Rcode != dns.RcodeNameError
	}
	got, want := a.Question[0], q.Question[0]
	return len(a.Question) == 1 && got.Qtype == want.Qtype && got.Qclass == want.Qclass && strings.EqualFold(got.Name, want.Name)
}
