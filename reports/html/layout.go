package html

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"github.com/beianwatch/beianwatch/reports"
)

// A layout says where the report of a domain lies below OUT/RUN. Small runs
// have all of them in "domains"; larger ones spread them over sub-folders, so
// that no folder holds more than some thousand files: "domains/3f/NAME" from
// spreadAt domains on, "domains/3f/a1/NAME" from spreadMore on. The letters
// are the first of the SHA-256 of the name in lower-case hex, so a script finds
// a report without a list.
type layout struct{ levels int }

// Where folders begin to be slow to list or to sync; with 256 sub-folders a
// level, a folder then holds at most some 2,000 domains, with two levels
// some 300 at 20 million.
const (
	spreadAt   = 2_000
	spreadMore = 500_000
)

func layoutFor(domains int) layout {
	switch {
	case domains > spreadMore:
		return layout{2}
	case domains > spreadAt:
		return layout{1}
	}
	return layout{}
}

// pattern says the layout in a form for people and scripts.
func (l layout) pattern() string {
	return []string{
		"domains/{name}.html",
		"domains/{sha256(name)[0:2]}/{name}.html",
		"domains/{sha256(name)[0:2]}/{sha256(name)[2:4]}/{name}.html",
	}[l.levels]
}

// page is the address of a domain's report relative to OUT/RUN, with the
// extension ext (".html", ".json").
func (l layout) page(domain, ext string) string {
	name := reports.FileName(domain)
	sum := sha256.Sum256([]byte(name))
	parts := []string{"domains"}
	for i := range l.levels {
		parts = append(parts, hex.EncodeToString(sum[i:i+1]))
	}
	return path.Join(append(parts, name+ext)...)
}

// back is the address of the summary relative to a domain's report.
func (l layout) back() string { return strings.Repeat("../", l.levels+1) + "index.html" }
