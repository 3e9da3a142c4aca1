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
