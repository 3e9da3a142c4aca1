package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
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
	name := FileName(domain)
	sum := sha256.Sum256([]byte(name))
	parts := []string{"domains"}
	for i := range l.levels {
		parts = append(parts, hex.EncodeToString(sum[i:i+1]))
	}
	return path.Join(append(parts, name+ext)...)
}

// back is the address of the summary relative to a domain's report.
func (l layout) back() string { return strings.Repeat("../", l.levels+1) + "index.html" }

// maxName leaves room for an extension and a temporary suffix in the 255
// bytes that file systems allow; a domain may have 253 by itself.
const maxName = 200

// devices are names that Windows keeps for devices, whatever follows the dot.
var devices = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

// FileName is the name, without extension, of the files that tell of a domain
// or of a file that was checked. A-labels and IPv4 addresses stand as they
// are, an IPv6 address has "-" for ":". A name that is none of these (the path
// of a file), or too long, keeps what is harmless of it, Han characters included, and gets "~" and the
// first 12 hex digits of its SHA-256, so that two names never meet.
func FileName(name string) string {
	if strings.Contains(name, ":") && strings.Trim(name, "0123456789abcdef:.") == "" {
		return "ip6-" + strings.ReplaceAll(name, ":", "-")
	}
	first, _, _ := strings.Cut(name, ".")
	if len(name) <= maxName && isDomain(name) && !slices.Contains(devices, first) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	kept := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r == '-' || r == '_' || unicode.Is(unicode.Han, r) {
			return r
		}
		return '-'
	}, filepath.Base(filepath.ToSlash(name)))
	kept = strings.Trim(strings.ToValidUTF8(kept[:min(len(kept), 60)], ""), "-")
	return cmp.Or(kept, "page") + "~" + hex.EncodeToString(sum[:6])
}

// isDomain tells whether name is made of labels that can stand in a path as
// they are.
func isDomain(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || label[0] == '-' {
			return false
		}
		for _, r := range label {
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
				return false
			}
		}
	}
	return true
}
