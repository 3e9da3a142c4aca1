package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
)

// A conn speaks the DevTools protocol with one browser over its two pipes:
// JSON messages that end in a zero byte. chromedp's own client opens a tab with
// a dozen commands, keeps the tree of every page and reads messages of any
// length; here a page is hostile and drawn once.
type conn struct {
	in  *bufio.Reader
	out io.WriteCloser

	writing sync.Mutex

	mu       sync.Mutex
	next     int64                            // the last message number given
	waiting  map[int64]chan *cdproto.Message  // who waits for which answer
	sessions map[target.SessionID]func(event) // who hears the events of which session
	ended    chan struct{}                    // closed when the browser is gone
	err      error                            // why, once ended
}

// An event is what the browser says by itself.
type event struct {
	method string
	params jsonv2.Value
	worker target.SessionID // of the worker that it is said of; empty: of the page
	heard  chan struct{}    // not an event: closed when all before it are heard
}

// maxMessage bounds one message of the browser. The largest are the snapshots
// of pages; a browser that sends a larger one is given up.
const maxMessage = 96 << 20

// errGone is wrapped by every failure of a browser that has ended.
var errGone = errors.New("the browser has ended")

// lenient takes text that is no UTF-8, which pages hold.
var lenient = jsonv2.JoinOptions(jsonv2.DefaultOptionsV2(), jsonv2.AllowInvalidUTF8(true))

// newConn reads from in until it ends.
func newConn(in io.Reader, out io.WriteCloser) *conn {
	c := &conn{
		in: bufio.NewReaderSize(in, 64<<10), out: out,
		waiting: map[int64]chan *cdproto.Message{}, sessions: map[target.SessionID]func(event){},
		ended: make(chan struct{}),
	}
	go c.read()
	return c
}

// read hands out what the browser says, until it says no more.
func (c *conn) read() {
	var err error
	for err == nil {
		var raw []byte
		if raw, err = c.message(); err == nil {
			var m cdproto.Message
			if err = jsonv2.Unmarshal(raw, &m, lenient); err == nil {
				c.dispatch(&m)
			}
		}
	}
	c.mu.Lock()
	c.err = fmt.Errorf("%w: %w", errGone, err)
	close(c.ended)
	c.mu.Unlock()
	c.out.Close()
}

// message reads up to the next zero byte.
func (c *conn) message() ([]byte, error) {
	var all []byte
	for {
		part, err := c.in.ReadSlice(0)
		if len(all)+len(part) > maxMessage {
			return nil, fmt.Errorf("a message is longer than %d bytes", maxMessage)
		}
		all = append(all, part...)
		if err == nil {
			return all[:len(all)-1], nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

func (c *conn) dispatch(m *cdproto.Message) {
	c.mu.Lock()
	answer, hear := c.waiting[m.ID], c.sessions[m.SessionID]
	delete(c.waiting, m.ID)
	c.mu.Unlock()
	switch {
	case m.ID != 0 && answer != nil:
		answer <- m // has room for it
	case m.ID == 0 && hear != nil:
		hear(event{method: string(m.Method), params: m.Params})
	}
}

// listen makes hear take the events of a session, on the goroutine that reads:
// it must not wait. A nil hear ends it.
func (c *conn) listen(id target.SessionID, hear func(event)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hear == nil {
		delete(c.sessions, id)
		return
	}
	c.sessions[id] = hear
}

// post sends a command and returns the channel of its answer, which closes for
// no one: an answer that is not waited for is dropped.
func (c *conn) post(id target.SessionID, method string, params any) (int64, chan *cdproto.Message, error) {
	body, err := jsonv2.Marshal(params)
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", method, err)
	}
	answer := make(chan *cdproto.Message, 1)
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return 0, nil, c.err
	}
	c.next++
	n := c.next
	c.waiting[n] = answer
	c.mu.Unlock()
	raw, err := jsonv2.Marshal(&cdproto.Message{ID: n, SessionID: id, Method: cdproto.MethodType(method), Params: body})
	if err == nil {
		c.writing.Lock()
		_, err = c.out.Write(append(raw, 0))
		c.writing.Unlock()
	}
	if err != nil {
		c.forget(n)
		return 0, nil, fmt.Errorf("%s: %w", method, err)
	}
	return n, answer, nil
}

func (c *conn) forget(n int64) {
	c.mu.Lock()
	delete(c.waiting, n)
	c.mu.Unlock()
}

// A session is one attached target, or the browser itself with an empty id.
type session struct {
	c  *conn
	id target.SessionID
}

// call sends a command and waits for its answer.
func call[P, R any](ctx context.Context, s session, command cdp.Command[P, R], params P) (R, error) {
	var res R
	n, answer, err := s.c.post(s.id, command.Method, params)
	if err != nil {
		return res, err
	}
	select {
	case m := <-answer:
		if m.Error != nil {
			return res, fmt.Errorf("%s: %w", command.Method, m.Error)
		}
		if len(m.Result) > 0 {
			if err := jsonv2.Unmarshal(m.Result, &res, lenient); err != nil {
				return res, fmt.Errorf("%s: %w", command.Method, err)
			}
		}
		return res, nil
	case <-s.c.ended:
		return res, s.c.err
	case <-ctx.Done():
		s.c.forget(n)
		return res, fmt.Errorf("%s: %w", command.Method, ctx.Err())
	}
}

// tell sends a command whose answer no one needs.
func tell[P, R any](s session, command cdp.Command[P, R], params P) {
	if n, _, err := s.c.post(s.id, command.Method, params); err == nil {
		s.c.forget(n)
	}
}
