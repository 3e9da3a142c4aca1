package page

import "strings"

// acts are what a script needs in order to put something on the page, take it
// off, send the visitor elsewhere, or hide that it does.
var acts = [...]string{"document", "createElement", "innerHTML", "innerText", "outerHTML", "textContent", "appendChild", "insertBefore", "insertAdjacent", ".append", ".prepend", ".replace(",
	"location", "eval(", "Function(", "fetch(", "XMLHttpRequest", "ActiveXObject", "$(", "jQuery", "import", "require", ".mount", ".render", "atob(", "fromCharCode", "unescape(",
	"decodeURI", ".submit(", ".click(", "open(", "history.", "navigate", "window[", "self[", "top[", "parent[", "this[", "globalThis", "setTimeout(\"", "setTimeout('", "\\x", "\\u00",
	"src=", "src =", ".html(", ".text(", "new Vue", "Worker(", "customElements", ".show(", "$.", "style", "classList", "href"}

// Acts reports whether an inline script may change what the page shows or send
// the visitor elsewhere. What only sets variables and calls what is loaded from
// elsewhere (dataLayer.push, gtag) does not by itself.
func Acts(code string) bool {
	for _, w := range acts {
		if strings.Contains(code, w) {
			return true
		}
	}
	return false
}

// maxLoader is how many bytes the loader of a counter has.
const maxLoader = 4 << 10

// writers are what a loader of a harmless script does not do.
var writers = [...]string{"innerHTML", "innerText", "outerHTML", "textContent", "insertAdjacent", "location", "eval(", ".html(", ".text(", ".append(", "fetch(", "XMLHttpRequest",
	".submit(", ".click(", "style.", "atob(", "fromCharCode"}

// Loads reports whether an inline script does nothing but load scripts that are
// harmless, as the snippets of counters do. An address is harmless if the
// function says so; it is given as written, with its host.
func Loads(code string, harmless func(address string) bool) bool {
	if len(code) > maxLoader {
		return false
	}
	code = strings.NewReplacer(`\/`, "/", "%3A", ":", "%2F", "/", "%22", `"`, "%27", "'", "%3C", "<", "%3E", ">", "%20", " ").Replace(code)
	for _, w := range writers {
		if strings.Contains(strings.ReplaceAll(code, "location.protocol", ""), w) {
			return false
		}
	}
	n := 0
	for rest := code; ; {
		i := strings.Index(rest, "//")
		if i < 0 {
			return n > 0
		}
		end := strings.IndexAny(rest[i:], "\"'`\\ )>;\r\n")
		if end < 0 {
			end = len(rest) - i
		}
		address := rest[i : i+end]
		rest = rest[i+end:]
		if !strings.Contains(address, ".") {
			continue // a remark
		}
		if !harmless("https:" + address) {
			return false
		}
		n++
	}
}
