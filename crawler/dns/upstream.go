package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

// udpSize is the answer size offered by EDNS0: what fits one unfragmented
// packet on any path (https://www.dnsflagday.net/2020/).
const udpSize = 1232

// A query is one question as it is sent.
type query struct {
	name      string // fully qualified, in lower case
	qtype     uint16
	noEDNS    bool
	unchecked bool // CD=1: the resolver is not to check DNSSEC
}

// msg is the query as a message of the library.
func (q query) msg() *dns.Msg {
	m := new(dns.Msg)
	m.SetQuestion(q.name, q.qtype)
	m.CheckingDisabled = q.unchecked
	if !q.noEDNS {
		m.SetEdns0(udpSize, false)
	}
	return m
}

// An upstream is one recursive resolver.
type upstream struct {
	addr    string
	timeout time.Duration
	udp     exchanger
	backoff backoff
	control control
}

// An exchanger asks an upstream over UDP. The error wraps errUnreadable if an
// answer came that cannot be one to the question.
type exchanger interface {
	exchange(ctx context.Context, q query) (*dns.Msg, error)
	close()
}

// errUnreadable is wrapped by the errors of answers that cannot be read, do not
// fit the question, or did not fit their packet.
var errUnreadable = errors.New("unreadable answer")

// plainUDP asks by the library's own client, with a socket for each question.
type plainUDP struct {
	addr    string
	timeout time.Duration
}

func (p plainUDP) close() {}

func (p plainUDP) exchange(ctx context.Context, q query) (*dns.Msg, error) {
	c := dns.Client{Net: "udp", Timeout: p.timeout}
	conn, err := c.DialContext(ctx, p.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	conn.UDPSize = udpSize + 1
	conn.SetDeadline(time.Now().Add(p.timeout))
	m := q.msg()
	if err := conn.WriteMsg(m); err != nil {
		return nil, err
	}
	for {
		packet, err := conn.ReadMsgHeader(nil)
		switch {
		case errors.Is(err, dns.ErrShortRead), err == nil && binary.BigEndian.Uint16(packet) != m.Id:
			continue // a late answer, or a forged one
		case err != nil:
			return nil, err
		}
		return unpackUDP(packet, q)
	}
}

// unpackUDP reads a datagram that bears the ID of its query. One that is larger
// than was said to fit may be cut.
func unpackUDP(packet []byte, q query) (*dns.Msg, error) {
	if len(packet) > udpSize {
		return nil, fmt.Errorf("%w: it is larger than %d bytes", errUnreadable, udpSize)
	}
	return unpack(packet, q)
}

// unpack reads an answer that bears the ID of its query.
func unpack(packet []byte, q query) (*dns.Msg, error) {
	a := new(dns.Msg)
	if err := a.Unpack(packet); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	if int(binary.BigEndian.Uint16(packet[6:])) != len(a.Answer) && !a.Truncated {
		return nil, fmt.Errorf("%w: it promises other records than it holds", errUnreadable)
	}
	return a, fits(a, q)
}

// fits returns an error that wraps errUnreadable if a cannot be the response to
// a query: QR bit, what was asked, and whose records it holds. Servers that refuse
// may leave the question out, which forges nothing.
func fits(a *dns.Msg, q query) error {
	if !a.Response {
		return fmt.Errorf("%w: it is a question", errUnreadable)
	}
	if len(a.Question) == 0 && a.Rcode != dns.RcodeSuccess && a.Rcode != dns.RcodeNameError {
		return nil
	}
	if len(a.Question) != 1 || a.Question[0].Qtype != q.qtype || a.Question[0].Qclass != dns.ClassINET || !strings.EqualFold(a.Question[0].Name, q.name) {
		return fmt.Errorf("%w: the answer is to another question", errUnreadable)
	}
	own := func(rr dns.RR) bool {
		h := rr.Header()
		return h.Class == dns.ClassINET && strings.EqualFold(h.Name, q.name) && (h.Rrtype == q.qtype || h.Rrtype == dns.TypeCNAME)
	}
	if len(a.Answer) > 0 && !slices.ContainsFunc(a.Answer, own) {
		return fmt.Errorf("%w: none of its records is of that name and type", errUnreadable)
	}
	return nil
}

// sockets asks over a few sockets with many questions under way on each, sent
// and read many in one system call.
type sockets struct {
	addr    string
	timeout time.Duration
	turn    atomic.Uint32
	closed  atomic.Bool
	slots   []slot
}

// A slot holds one socket; a new one when that has served.
type slot struct {
	mu   sync.Mutex
	conn *udpConn
}

// usesPerTurn is how many questions a socket gets before the next one has its turn:
// those of one moment are sent together.
const usesPerTurn = 2 * maxBatch

// put gives a question its place on one of the sockets, each in turn. It is not
// sent yet.
func (u *sockets) put(ctx context.Context, q *question) (*udpConn, error) {
	s := &u.slots[u.turn.Add(1)/usesPerTurn%uint32(len(u.slots))] //nolint:gosec // there are few
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil || !s.conn.add(q) {
		l, err := openUDP(ctx, u.addr, u.timeout)
		if err != nil {
			return nil, err
		}
		l.add(q) // before the reading begins: a socket without questions closes
		go l.read()
		s.conn = l
	}
	if u.closed.Load() {
		s.conn.retire()
	}
	return s.conn, nil
}

func (u *sockets) close() {
	u.closed.Store(true)
	for i := range u.slots {
		s := &u.slots[i]
		s.mu.Lock()
		if s.conn != nil {
			s.conn.retire()
		}
		s.mu.Unlock()
	}
}

func (u *sockets) exchange(ctx context.Context, ask query) (*dns.Msg, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q := questions.Get().(*question)
	defer questions.Put(q)
	if err := q.write(ask); err != nil {
		return nil, err
	}
	conn, err := u.put(ctx, q)
	if err != nil {
		return nil, err
	}
	if err := conn.send(ctx, q); err != nil {
		return nil, err
	}
	return unpackUDP(q.answer[:q.size], ask)
}

// tcp asks over TCP, with a connection of its own: truncated answers are rare,
// and servers close kept connections as they like.
func (u *upstream) tcp(ctx context.Context, q query) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, u.timeout)
	defer cancel()
	c := dns.Client{Net: "tcp", Timeout: u.timeout}
	conn, err := c.DialContext(ctx, u.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	conn.SetDeadline(time.Now().Add(u.timeout))
	m := q.msg()
	if err := conn.WriteMsg(m); err != nil {
		return nil, err
	}
	packet, err := conn.ReadMsgHeader(nil)
	var no net.Error
	switch {
	case errors.As(err, &no), errors.Is(err, io.EOF), err != nil && ctx.Err() != nil:
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	case binary.BigEndian.Uint16(packet) != m.Id:
		return nil, fmt.Errorf("%w: %w", errUnreadable, dns.ErrId)
	}
	return unpack(packet, q)
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
