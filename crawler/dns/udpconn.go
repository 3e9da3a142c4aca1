package dns

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/ipv4"
)

// maxUses is how many questions a socket serves before it gives way to one with
// a fresh random port: a forger must guess the port anew, and a new socket
// costs 10 µs once in so many questions.
const maxUses = 500

// timeoutTicks is how many times within the timeout a socket looks for questions
// whose time is up. Timers of their own would cost each question 0.5 µs.
const timeoutTicks = 8

// A udpConn is a UDP socket with many questions under way. One goroutine reads
// for all of them: a read for each would end in vain before it waits, and wake
// up the network poller. Those who ask at one time send together. The socket
// closes when it has served or is not needed.
type udpConn struct {
	conn  net.Conn
	batch batchConn     // of conn
	step  time.Duration // from one reading of the clock to the next

	going outbox // what is being sent, by the one who is sending

	mu      sync.Mutex
	out     outbox // what is to be sent
	sending bool
	under   map[uint16]*question // the questions under way, by ID
	used    [1 << 16 / 64]uint64 // a bit for each ID that was used: an answer that comes late meets no one
	uses    int
	tick    int
	retired bool // it takes no more questions
	ids     [64]byte
	unused  []byte // of ids
}

// A question is on its way; it has room for its packet and the answer.
type question struct {
	id     uint16
	tick   int
	packet []byte
	answer [udpSize + 1]byte
	size   int        // of the answer; more than udpSize: it did not fit
	got    chan error // tells that the answer is there, or why none will be
}

var questions = sync.Pool{New: func() any { return &question{got: make(chan error, 1)} }}

func openUDP(ctx context.Context, addr string, timeout time.Duration) (*udpConn, error) {
	conn, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	return &udpConn{conn: conn, batch: batches(conn), step: timeout / timeoutTicks, under: map[uint16]*question{}}, nil
}

// write writes the packet, all but the ID.
func (q *question) write(ask query) error {
	const head = 12
	if q.packet == nil {
		q.packet = make([]byte, 0, 512)
	}
	b := q.packet[:cap(q.packet)]
	clear(b[:head])
	b[2], b[5] = 1, 1 // recursion desired, one question
	if ask.unchecked {
		b[3] = 1 << 4 // CD
	}
	end, err := dns.PackDomainName(ask.name, b, head, nil, false)
	if err != nil {
		return err
	}
	b = binary.BigEndian.AppendUint16(b[:end], ask.qtype)
	b = binary.BigEndian.AppendUint16(b, dns.ClassINET)
	if !ask.noEDNS {
		b[11] = 1 // one additional record: of the root, OPT, our size, no flags, no data
		b = append(b, 0)
		b = binary.BigEndian.AppendUint16(b, dns.TypeOPT)
		b = binary.BigEndian.AppendUint16(b, udpSize)
		b = append(b, 0, 0, 0, 0, 0, 0)
	}
	q.packet = b
	return nil
}

// add gives a question its place and its ID, and puts it with what is to be
// sent; false if the socket takes none.
func (l *udpConn) add(q *question) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retired {
		return false
	}
	for q.id = l.newID(); l.used[q.id/64]>>(q.id%64)&1 != 0; {
		q.id = l.newID()
	}
	l.used[q.id/64] |= 1 << (q.id % 64)
	binary.BigEndian.PutUint16(q.packet, q.id)
	l.out.put(q.packet)
	q.tick = l.tick
	l.under[q.id] = q
	l.uses++
	l.retired = l.uses >= maxUses
	return true
}

func (l *udpConn) newID() uint16 {
	if len(l.unused) == 0 {
		rand.Read(l.ids[:]) //nolint:errcheck // it never fails
		l.unused = l.ids[:]
	}
	id := binary.BigEndian.Uint16(l.unused)
	l.unused = l.unused[2:]
	return id
}

// send sends a question that was added and waits for its answer.
func (l *udpConn) send(ctx context.Context, q *question) error {
	l.flush()
	select {
	case err := <-q.got:
		return err
	case <-ctx.Done():
		if !l.remove(q) {
			<-q.got
		}
		return ctx.Err()
	}
}

// flush sends what is to be sent, unless another goroutine is at it.
func (l *udpConn) flush() {
	l.mu.Lock()
	busy := l.sending
	l.sending = true
	l.mu.Unlock()
	if busy {
		return
	}
	for l.load() {
		l.write(l.going.messages())
		l.going.clear()
	}
}

// crowd is how many questions under way make it likely that others are about to
// ask: they are let go first. Letting no one go first costs 5 µs.
const crowd = 8

// load takes what is to be sent next; false if there is nothing, and then who
// comes next sends. In a crowd those who have had their answer may have their
// next question first, so that it is sent with the others.
func (l *udpConn) load() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.under) >= crowd {
		l.mu.Unlock()
		runtime.Gosched()
		l.mu.Lock()
	}
	l.sending = len(l.out.ends) > 0
	if l.sending {
		l.going, l.out = l.out, l.going
		l.depart()
	}
	return l.sending
}

// depart lets the time run of the questions that are sent now: until here we
// ourselves have kept them waiting. It is called with the lock held.
func (l *udpConn) depart() {
	from := 0
	for _, end := range l.going.ends {
		if q := l.under[binary.BigEndian.Uint16(l.going.packets[from:])]; q != nil {
			q.tick = l.tick
		}
		from = end
	}
}

// write sends packets. What goes wrong with one is told to the one who asked.
func (l *udpConn) write(packets []ipv4.Message) {
	for len(packets) > 0 {
		n, err := l.batch.WriteBatch(packets, 0)
		packets = packets[max(n, 0):]
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			l.fail(err) // it is told once, and concerns all
			return
		case err != nil && len(packets) > 0:
			l.end(binary.BigEndian.Uint16(packets[0].Buffers[0]), err)
			packets = packets[1:]
		}
	}
}

// end ends one question, if it is under way.
func (l *udpConn) end(id uint16, err error) {
	l.mu.Lock()
	if q := l.under[id]; q != nil {
		delete(l.under, id)
		q.got <- err
	}
	l.closeIfDone()
	l.mu.Unlock()
}

// remove takes a question back; false if it has been told of its end.
func (l *udpConn) remove(q *question) bool {
	l.mu.Lock()
	mine := l.under[q.id] == q
	if mine {
		delete(l.under, q.id)
	}
	l.closeIfDone()
	l.mu.Unlock()
	return mine
}

// retire lets the socket take no more questions.
func (l *udpConn) retire() {
	l.mu.Lock()
	l.retired = true
	l.closeIfDone()
	l.mu.Unlock()
}

// closeIfDone is called with the lock held.
func (l *udpConn) closeIfDone() {
	if l.retired && len(l.under) == 0 {
		l.conn.Close()
	}
}

// fail ends the socket and all that is under way.
func (l *udpConn) fail(err error) {
	l.mu.Lock()
	l.retired = true
	for id, q := range l.under {
		delete(l.under, id)
		q.got <- err
	}
	l.closeIfDone()
	l.mu.Unlock()
}

// read hands out the answers until the socket is closed.
func (l *udpConn) read() {
	in := inbox()
	l.conn.SetReadDeadline(time.Now().Add(l.step))
	for {
		n, err := l.batch.ReadBatch(in, 0)
		switch {
		case err == nil:
			l.deliver(in[:n])
		case errors.Is(err, os.ErrDeadlineExceeded):
			l.sweep()
			l.conn.SetReadDeadline(time.Now().Add(l.step))
		default:
			l.fail(err)
			return
		}
	}
}

// deliver gives answers to their questions. What answers none is passed over:
// it comes too late, or is forged.
func (l *udpConn) deliver(packets []ipv4.Message) {
	l.mu.Lock()
	for i := range packets {
		packet := packets[i].Buffers[0][:packets[i].N]
		if len(packet) < 2 {
			continue
		}
		id := binary.BigEndian.Uint16(packet)
		if q := l.under[id]; q != nil {
			delete(l.under, id)
			q.size = copy(q.answer[:], packet)
			q.got <- nil
		}
	}
	l.closeIfDone()
	l.mu.Unlock()
}

// sweep ends the questions whose time is up. A udpConn without any is closed:
// those to come get a fresh port.
func (l *udpConn) sweep() {
	l.mu.Lock()
	l.tick++
	l.retired = l.retired || len(l.under) == 0
	for id, q := range l.under {
		if l.tick-q.tick > timeoutTicks {
			delete(l.under, id)
			q.got <- os.ErrDeadlineExceeded
		}
	}
	l.closeIfDone()
	l.mu.Unlock()
}
