package lists

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
)

//go:embed harmless-scripts.txt
var harmlessText string

// A HarmlessScript is a host, or one and the beginning of a path, whose scripts
// put no text of a site on its pages.
type HarmlessScript struct {
	Host string // lower case
	Wide bool   // names below the host count too
	Path string // with its slash, "" for all
}

// HarmlessScripts lists scripts that need not be waited for and decide nothing.
type HarmlessScripts []HarmlessScript

// DefaultHarmlessScripts is the embedded table.
var DefaultHarmlessScripts = sync.OnceValue(func() HarmlessScripts {
	h, err := ReadHarmlessScripts(strings.NewReader(harmlessText))
	if err != nil {
		panic(err) // the embedded table is held to its form by a test of its own
	}
	return h
})

// ReadHarmlessScripts reads lines of a host, or a host and the beginning of a
// path; "*." before the host takes in the names below it. Empty lines and what
// follows a # are passed over. An error names the line.
func ReadHarmlessScripts(r io.Reader) (HarmlessScripts, error) {
	var h HarmlessScripts
	err := eachLine(r, func(text string) error {
		var s HarmlessScript
		host, path, found := strings.Cut(text, "/")
		if s.Host, s.Wide = strings.CutPrefix(strings.ToLower(host), "*."); found {
			s.Path = "/" + path
		}
		if !strings.Contains(s.Host, ".") || strings.ContainsAny(s.Host, "*: \t") {
			return errors.New("write a host, or a host and the beginning of a path, like \"hm.baidu.com\" or \"*.cnzz.com/z\"")
		}
		h = append(h, s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading harmless scripts, %w", err)
	}
	return h, nil
}

// Match reports whether an absolute address, or one that begins with //, is that
// of a harmless script.
func (h HarmlessScripts) Match(address string) bool {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, s := range h {
		if (host == s.Host || s.Wide && strings.HasSuffix(host, "."+s.Host)) && strings.HasPrefix(u.Path, s.Path) {
			return true
		}
	}
	return false
}
