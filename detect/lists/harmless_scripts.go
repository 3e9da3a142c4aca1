package lists

import (
	_ "embed"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/match"
)

//go:embed harmless-scripts.txt
var harmlessText string

// HarmlessScripts are the scripts that are known to touch no text of the page
// that loads them: counters, advertisement, fonts.
type HarmlessScripts struct {
	hosts map[string][]string // host → path prefixes; one that is empty is the whole host
	calls []string            // globals that an inline snippet of such a service feeds
	names *match.Matcher      // all hosts and globals: a snippet has one of them
}

// DefaultHarmlessScripts is the embedded list.
var DefaultHarmlessScripts = sync.OnceValue(func() *HarmlessScripts {
	h, err := ReadHarmlessScripts(strings.NewReader(harmlessText))
	if err != nil {
		panic(err) // the embedded list is held to its form by a test of its own
	}
	return h
})

var (
	hostName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$`)
	callName = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]{1,40}$`)
)

// ReadHarmlessScripts reads lines of HOST, HOST/PATH or "call NAME". Empty lines
// and what follows a # are passed over. An error names the line. An empty list
// is one by which every script counts.
func ReadHarmlessScripts(r io.Reader) (*HarmlessScripts, error) {
	h := &HarmlessScripts{hosts: map[string][]string{}}
	if err := eachLine(r, h.take); err != nil {
		return nil, message.Errorf("无害脚本列表%w", "reading harmless scripts, %w", err)
	}
	h.names = match.New(slices.AppendSeq(slices.Clone(h.calls), maps.Keys(h.hosts)))
	return h, nil
}

// take takes one line.
func (h *HarmlessScripts) take(text string) error {
	if name, ok := strings.CutPrefix(text, "call "); ok {
		if name = strings.TrimSpace(name); !callName.MatchString(name) {
			return message.Errorf("%q 不是全局变量名：请写如“call _hmt”", "%q is no name of a global: write one, like \"call _hmt\"", name)
		}
		h.calls = append(h.calls, name)
		return nil
	}
	host, path, _ := strings.Cut(text, "/")
	if host = strings.ToLower(host); !hostName.MatchString(host) || strings.ContainsAny(path, " \t?#") {
		return message.Errorf("%q：请写主机名，或主机名加路径开头，不带协议，例如 hm.baidu.com 或 example.com/count", "%q: write a host or a host and the beginning of a path, without scheme, like hm.baidu.com or example.com/count", text)
	}
	h.hosts[host] = append(h.hosts[host], path)
	return nil
}

// Harmless reports whether what is behind an absolute http or https address is
// on the list.
func (h *HarmlessScripts) Harmless(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return false
	}
	path := strings.TrimPrefix(u.Path, "/")
	for host := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")); host != ""; {
		if slices.ContainsFunc(h.hosts[host], func(begin string) bool { return strings.HasPrefix(path, begin) }) {
			return true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return false
}

// longestSnippet bounds the inline scripts that are read for a service's
// snippet, in bytes: what services hand out to be pasted is a few hundred.
const longestSnippet = 4096

var (
	// What an inline script can write text with, find an element by to write into
	// it later, load more by, or hide any of these in.
	writes = regexp.MustCompile(`(?i)inner(?:HTML|Text)|outer(?:HTML|Text)|textContent|nodeValue|createTextNode|insertAdjacent|replaceWith|\.(?:append|prepend|before|after|html|text|data)\b|` +
		`querySelector|getElementBy|getElementsByClassName|documentElement|\.body\b|attachShadow|srcdoc|\.title\b|cssText|insertRule|` +
		`\beval\b|(?-i:\bFunction\b)|\bimport\b|fetch|XMLHttpRequest|WebSocket|atob|fromCharCode|\$\s*[.(]|jQuery|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%u[0-9a-f]{4}|` +
		`location(?:\.href)?\s*=[^=]|location\.(?:replace|assign)|window\.open|\bicp|beian`)
	// What is in every text that writes matches, but for Function: to look for
	// these costs a tenth of the expression, and most snippets have none.
	writers = match.New([]string{"inner", "outer", "textContent", "nodeValue", "createTextNode", "insertAdjacent", "replaceWith",
		".append", ".prepend", ".before", ".after", ".html", ".text", ".data", "querySelector", "getElementBy", "getElementsByClassName",
		"documentElement", ".body", "attachShadow", "srcdoc", ".title", "cssText", "insertRule", "eval", "import", "fetch", "XMLHttpRequest",
		"WebSocket", "atob", "fromCharCode", "$", "jQuery", `\u`, `\x`, "%u", "location", "window.open", "icp", "beian"})
	// Addresses, with their scheme or without; a scheme may be put before by code.
	addresses  = regexp.MustCompile(`(?i)(?:https?:|["'` + "`" + `(%]2?[2F]?)//([a-z0-9.-]+\.[a-z]{2,}(?:/[^"'` + "`" + `\s<>\\]*)?)`)
	hostInText = regexp.MustCompile(`(?i)["'` + "`" + `][^"'` + "`" + `\s]*?((?:[a-z0-9-]+\.)+(?:com|cn|net|la|ms|io|org|ru|jp|cc|top|vip|xyz|me)(?:/[^"'` + "`" + `\s<>\\]*)?)`)
	srcOf      = regexp.MustCompile(`(?i)\.src\s*=|src\s*=\s*\\?["']|setAttribute\(\s*["']src`)
	// Files of the site itself, and what has the form of one.
	relative = regexp.MustCompile(`(?i)["'` + "`" + `](?:\.{0,2}/[a-z0-9_.-]|[\w.-]+\.(?:m?js|s?html?|php|jsonp?|aspx?|jsp|txt)(?:\?[^"'` + "`" + `]*)?["'` + "`" + `])`)
	// Every other element of the page is one to write into.
	finds    = regexp.MustCompile(`(?i)getElementsByTagName(?:NS)?\(\s*["']?([a-z*]*)`)
	elements = regexp.MustCompile(`(?i)createElement\(\s*["']([a-z]*)`)
	comments = regexp.MustCompile(`(?s)/\*.*?\*/|(?m)(?:^|[\s;{}])//[^\n]*$|<!--|-->`)
	written  = regexp.MustCompile(`(?i)document\.write(?:ln)?\s*\(`)
)

// HarmlessInline reports whether an inline script is nothing but the snippet of
// a service on the list: all that it loads is on the list, or it only feeds a
// global that is, and it has nothing to write text with. In doubt it is not.
func (h *HarmlessScripts) HarmlessInline(code string) bool {
	if len(code) > longestSnippet {
		return false
	}
	code = strings.TrimSpace(comments.ReplaceAllString(code, " "))
	if code == "" {
		return true
	}
	if !h.names.Any(code) || wide(code) || (writers.Any(code) || strings.Contains(code, "Function")) && writes.MatchString(code) {
		return false
	}
	for _, m := range elements.FindAllStringSubmatch(code, -1) {
		if !strings.EqualFold(m[1], "script") {
			return false
		}
	}
	for _, m := range finds.FindAllStringSubmatch(code, -1) {
		if !strings.EqualFold(m[1], "script") && !strings.EqualFold(m[1], "head") {
			return false
		}
	}
	if relative.MatchString(code) {
		return false
	}
	loads := h.loads(code)
	switch {
	case loads < 0, loads == 0 && (srcOf.MatchString(code) || written.MatchString(code)):
		return false
	case loads > 0:
		return true
	}
	return slices.ContainsFunc(h.calls, func(name string) bool { return feeds(code, name) })
}

// wide reports whether a script has text that an owner wrote: no snippet brings
// any.
func wide(code string) bool {
	return strings.ContainsFunc(code, func(r rune) bool { return r >= 0x2E80 && r <= 0xFFFF })
}

// loads counts the addresses in a script; -1 if one of them is not on the list.
func (h *HarmlessScripts) loads(code string) int {
	plain := code
	if strings.Contains(code, "%") {
		plain = strings.NewReplacer("%3C", "<", "%3E", ">", "%22", `"`, "%20", " ", "%2F", "/", "%3A", ":", "%3D", "=", "%3F", "?", "%26", "&").Replace(code)
	}
	n := 0
	for _, form := range []*regexp.Regexp{addresses, hostInText} {
		for _, m := range form.FindAllStringSubmatch(plain, -1) {
			if n++; !h.Harmless("https://" + m[1]) {
				return -1
			}
		}
	}
	return n
}

// feeds reports whether a name stands in a script by itself.
func feeds(code, name string) bool {
	for at := 0; ; {
		i := strings.Index(code[at:], name)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(name)
		if (start == 0 || !nameByte(code[start-1])) && (end == len(code) || !nameByte(code[end])) {
			return true
		}
		at = end
	}
}

func nameByte(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '$'
}

// String lists the entries in a fixed order: it is part of the name of a rule
// set.
func (h *HarmlessScripts) String() string {
	var list []string
	for host, paths := range h.hosts {
		for _, path := range paths {
			list = append(list, host+"/"+path)
		}
	}
	for _, name := range h.calls {
		list = append(list, "call "+name)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
