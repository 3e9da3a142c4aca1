package page

import (
	"strings"
	"testing"

	"golang.org/x/net/html/atom"
)

// elementNames are the elements of HTML that hold something, and those of svg
// and math that pages nest.
const elementNames = `a abbr acronym address applet article aside b bdi bdo big blockquote button canvas caption center cite code colgroup data datalist dd del details dfn dialog
	dir div dl dt em fieldset figcaption figure font footer form frameset h1 h2 h3 h4 h5 h6 header hgroup i ins kbd label legend li listing main map mark marquee menu
	meter nav nobr object ol optgroup option output p picture pre progress q rp rt ruby s samp section select slot small span strike strong sub summary sup svg table
	tbody td template tfoot th thead time tr tt u ul var video audio math mi mn mo ms mtext desc foreignobject title style`

// No two of them share a bucket: the search for one never walks over others.
func TestBuckets(t *testing.T) {
	seen := map[uint32]string{}
	for _, name := range strings.Fields(elementNames) {
		a := atom.Lookup([]byte(name))
		if a == 0 {
			continue
		}
		b := bucket(uint32(a))
		if other := seen[b]; other != "" {
			t.Errorf("%s and %s share bucket %d", name, other, b)
		}
		seen[b] = name
	}
}
