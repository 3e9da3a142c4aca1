// Package demo is an internet in a box: a real DNS server and real web servers
// on loopback, with sample sites that keep the filing rules and sites that
// break each of them. It needs no root and no network: the scan dials port 80
// and 443 through a port map.
//
// Beside each site stands the verdict that is right for it ([Expected]), and
// [Compare] says where a record differs. The package neither scans nor judges:
// the ordinary code path does, from the inventory that [Internet.Write] writes.
//
// All names end in .example, .test or .测试, which belong to nobody (RFC 2606,
// RFC 6761), and all companies, people and numbers are invented: the serials
// of the filing numbers are higher than any province has reached in a year.
package demo

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"net/netip"
	"sync"

	mdns "github.com/miekg/dns"
)

//go:embed sites
var files embed.FS

// An Internet is the running box. Its fields do not change after [Start].
type Internet struct {
	// Resolver is the DNS server, HOST:PORT, over UDP and TCP (--resolver).
	Resolver string
	// PortMap gives for the real ports 80 and 443 those that are dialled
	// (--map-port).
	PortMap map[uint16]uint16
	// AllowNets must be lifted from the guard (--allow-net).
	AllowNets []netip.Prefix
	// MainlandNets count as mainland China (--mainland-net).
	MainlandNets []netip.Prefix
	// Controls are sites that are up whatever happens (--control).
	Controls []string
	// Sites are those that this machine can show, in the order of the
	// inventory.
	Sites []Site
	// Skipped are sites that this machine cannot show, with the reason.
	Skipped []Skipped

	net   layout
	zone  map[string]record
	hosts map[string]Site                            // by every name that answers
	past  map[string]func(http.Handler) http.Handler // what was otherwise on the night that is shown, by domain
	certs certificates
	web   []*http.Server
	names []*mdns.Server

	forget  func() bool    // lets go of the context given to Start
	serving sync.WaitGroup // servers
	handled sync.WaitGroup // requests and questions under way
	mu      sync.Mutex     // guards closed, and handled against a start after the end
	closed  bool
	closing chan struct{} // closed with closed
}

// A Skipped site needs what this machine does not have.
type Skipped struct {
	Site Site
	Why  string
}

// Start opens all servers. It ends with an error only if loopback cannot be
// used at all; what a machine lacks beside 127.0.0.1 costs single sites, which
// are listed in Skipped. The servers run until [Internet.Close] is called or
// ctx ends.
func Start(ctx context.Context) (*Internet, error) { return startAt(ctx, usual) }

// startAt starts the box on these addresses.
func startAt(ctx context.Context, where addresses) (*Internet, error) {
	in := &Internet{closing: make(chan struct{})}
	if err := in.open(where); err != nil {
		in.Close()
		return nil, fmt.Errorf("opening the demo's servers on loopback: %w", err)
	}
	in.forget = context.AfterFunc(ctx, in.shut)
	return in, nil
}

// open finds the addresses, settles which sites can be shown, and serves them.
func (in *Internet) open(where addresses) error {
	if err := in.certs.prepare(); err != nil {
		return err
	}
	var err error
	if in.net, err = settle(where); err != nil {
		return err
	}
	in.PortMap = map[uint16]uint16{80: in.net.plain, 443: in.net.secure}
	in.AllowNets = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	in.MainlandNets = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/29"), netip.MustParsePrefix("::1/128")}
	if err := in.populate(); err != nil {
		return err
	}
	for _, l := range in.net.listeners {
		in.serve(l)
	}
	return in.serveNames()
}

// populate enters all sites that can be shown into the zone and the host table.
func (in *Internet) populate() error {
	in.zone, in.hosts = map[string]record{}, map[string]Site{}
	for _, s := range allSites() {
		if why := in.net.lacks(s); why != "" {
			in.Skipped = append(in.Skipped, Skipped{s, why})
			continue
		}
		if err := in.enter(s); err != nil {
			return err
		}
		in.Sites = append(in.Sites, s)
	}
	for _, s := range bystanders() {
		if err := in.enter(s); err != nil {
			return err
		}
		if s.control {
			in.Controls = append(in.Controls, s.Domain)
		}
	}
	return nil
}

// Close stops all servers and waits until nothing of them is left. A second
// call does nothing.
func (in *Internet) Close() {
	if in.forget != nil {
		in.forget()
	}
	in.shut()
	in.serving.Wait()
	in.handled.Wait()
}

// shut closes every listener and connection.
func (in *Internet) shut() {
	in.mu.Lock()
	was := in.closed
	in.closed = true
	in.mu.Unlock()
	if was {
		return
	}
	close(in.closing)
	// What cannot be closed is closed already.
	for _, s := range in.web {
		_ = s.Close()
	}
	for _, s := range in.names {
		_ = s.Shutdown()
	}
	for _, l := range in.net.listeners {
		_ = l.Close()
	}
}

// begin counts a request or question in; false once the box is closing.
func (in *Internet) begin() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return false
	}
	in.handled.Add(1)
	return true
}
