package detect

import (
	"time"

	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/mainland"
)

// A Policy is the data behind the rules that a user can change. The zero
// value is not usable: start from [DefaultPolicy].
type Policy struct {
	Version         string             // changes whenever a default changes; part of the rule-set name
	MaxFilingAge    time.Duration      // an "unfiled" older than this is unknown (30 days)
	Grace           time.Duration      // filed-site-* are exempt this long after approval (3 days)
	VantageMainland bool               // we look from mainland China: timeouts and resets count in full
	Suffix          map[string]string  // province character → "base" (number without -N), "site" (with -N) or "any"
	Kinds           *kind.Fingerprints // page fingerprints, the embedded ones and the user's
	Networks        *mainland.Networks // where addresses are
}
