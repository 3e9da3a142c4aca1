package browser

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// fileHost is the made-up host that the pages of files come from. The top-level
// domain is one that no resolver knows (RFC 2606).
const fileHost = "file.invalid"

// unnetworked is the resolver of a page that stands in a file.
func unnetworked(context.Context, string) ([]netip.Addr, error) {
	return nil, errors.New("a page of a file is drawn without a network")
}

// A folder serves local files to one page: a listener without a network.
type folder struct {
	server *http.Server
	conns  chan net.Conn
	ended  chan struct{}
}

// openFolder serves the files of f and nothing else.
func openFolder(f fs.FS) *folder {
	l := &folder{conns: make(chan net.Conn), ended: make(chan struct{})}
	l.server = &http.Server{Handler: files{f}, ReadHeaderTimeout: 10 * time.Second}
	go l.server.Serve(l)
	return l
}

// files answers with the files of a folder, without a charset: that of a page
// is its own to say, and a server that is not there yet adds none.
type files struct{ fs.FS }

// ServeHTTP answers with one file; folders are not listed.
func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	file, err := f.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	facts, err := file.Stat()
	content, seeks := file.(io.ReadSeeker)
	if err != nil || facts.IsDir() || !seeks {
		http.NotFound(w, r)
		return
	}
	kind, _, _ := strings.Cut(mime.TypeByExtension(path.Ext(name)), ";")
	if kind == "" {
		kind = "text/plain"
	}
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", facts.ModTime(), content)
}

// Accept waits for the browser.
func (l *folder) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// Close makes Accept end.
func (l *folder) Close() error {
	select {
	case <-l.ended:
		return errors.New("closed twice")
	default:
		close(l.ended)
		return nil
	}
}

// Addr is a name, there is no address.
func (l *folder) Addr() net.Addr { return &net.UnixAddr{Name: fileHost} }

// connect makes a connection to the server.
func (l *folder) connect() (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// DrawFile draws a page that stands in a file, with the files of its folder f
// as its neighbours, and keeps the result in obs as [Pool.Do] does. The page
// and its neighbours come from a made-up host; no other host is reached, and a
// script that would come from one makes the drawing not whole, unless it is
// harmless. The name is a path in f with slashes.
func (p *Pool) DrawFile(ctx context.Context, obs *crawler.Observation, f fs.FS, name string, look crawler.Look) {
	local := openFolder(f)
	defer local.server.Close()
	address := &url.URL{Scheme: "http", Host: fileHost, Path: "/" + name}
	visit := crawler.Visit{Ask: crawler.Ask{Kind: crawler.AskRender, URL: name}, At: time.Now()}
	p.keep(ctx, &order{obs: obs, visit: visit, url: address.String(), local: local, look: look})
}
