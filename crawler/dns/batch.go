package dns

import (
	"net"
	"runtime"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// maxBatch is how many packets one system call reads. With one packet a call, a
// question costs us and the resolver's machine 6 µs more than with sixteen; more
// than that gain nothing.
const maxBatch = 16

// A batchConn sends and reads many packets in one system call, or one where the
// system cannot do more. It tells how many it sent or read.
type batchConn interface {
	ReadBatch(packets []ipv4.Message, flags int) (int, error)
	WriteBatch(packets []ipv4.Message, flags int) (int, error)
}

func batches(conn *net.UDPConn) batchConn {
	switch {
	case runtime.GOOS == "windows": // the library has nothing for it
		return oneByOne{conn}
	case conn.RemoteAddr().(*net.UDPAddr).IP.To4() == nil:
		return ipv6.NewPacketConn(conn)
	}
	return ipv4.NewPacketConn(conn)
}

// oneByOne sends and reads one packet a call.
type oneByOne struct{ conn net.Conn }

func (o oneByOne) ReadBatch(packets []ipv4.Message, _ int) (n int, err error) {
	packets[0].N, err = o.conn.Read(packets[0].Buffers[0])
	return 1, err
}

func (o oneByOne) WriteBatch(packets []ipv4.Message, _ int) (int, error) {
	if _, err := o.conn.Write(packets[0].Buffers[0]); err != nil {
		return 0, err
	}
	return 1, nil
}

// inbox is room for the packets that one call reads.
func inbox() []ipv4.Message {
	in := make([]ipv4.Message, maxBatch)
	for i := range in {
		in[i].Buffers = [][]byte{make([]byte, udpSize+1)} // one byte more tells of those that do not fit
	}
	return in
}

// An outbox holds packets that are sent together. They are copied into it: the
// one who asks may have given up before they are sent.
type outbox struct {
	packets []byte // one after the other …
	ends    []int  // … up to these places
	sent    []ipv4.Message
	buffers [][]byte
}

func (o *outbox) put(packet []byte) {
	o.packets = append(o.packets, packet...)
	o.ends = append(o.ends, len(o.packets))
}

func (o *outbox) clear() { o.packets, o.ends = o.packets[:0], o.ends[:0] }

// messages are the packets as a call takes them. They are good until the next
// put.
func (o *outbox) messages() []ipv4.Message {
	for len(o.sent) < len(o.ends) {
		o.sent, o.buffers = append(o.sent, ipv4.Message{}), append(o.buffers, nil)
	}
	from := 0
	for i, end := range o.ends {
		o.buffers[i] = o.packets[from:end]
		o.sent[i] = ipv4.Message{Buffers: o.buffers[i : i+1]}
		from = end
	}
	return o.sent[:len(o.ends)]
}
