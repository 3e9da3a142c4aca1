package reports

import (
	"sync"

	"github.com/beianwatch/beianwatch/detect"
)

// rules finds the rules of this program by id.
var rules = sync.OnceValue(func() Book { return NewBook(detect.All) })

// Title says what is wrong when the rule speaks; the id itself for a rule
// that this program does not have (any more).
func Title(rule string) detect.Text { return rules().title(rule) }
