package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

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
// first 12 hex digits of its SHA-256, so that two names never meet, not even on a
// file system that does not tell A from a.
func FileName(name string) string {
	if strings.Contains(name, ":") && strings.Trim(name, "0123456789abcdef:.") == "" {
		return "ip6-" + strings.ReplaceAll(name, ":", "-")
	}
	first, _, _ := strings.Cut(name, ".")
	if len(name) <= maxName && isDomain(name) && !slices.Contains(devices, first) && !strings.HasPrefix(name, "ip6-") {
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

// isDomain reports whether name is made of labels that can stand in a path as
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
