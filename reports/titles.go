package reports

import (
	"sync"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// known finds the rules of this program by id.
var known = sync.OnceValue(func() Book { return NewBook(rules.All) })

// Title says what is wrong when the rule speaks; the id itself for a rule
// that this program does not have (any more).
func Title(rule string) detect.Text { return known().title(rule) }
