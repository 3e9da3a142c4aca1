// Package asof reads the date of a data file: the lists of authorities, networks
// and divisions are true as of a day, and what is said from them says which.
package asof

import "regexp"

var phrase = regexp.MustCompile(`(?i)\bas of (\d{4}-\d{2}(?:-\d{2})?)\b`)

// In returns the date of the first "as of DATE" in the head of a data file, a
// month (2026-11) or a day (2026-11-28); "" if it has none. Of a user's file
// without one nothing is said.
func In(text string) string {
	if m := phrase.FindStringSubmatch(text[:min(len(text), maxHead)]); m != nil {
		return m[1]
	}
	return ""
}

// maxHead is how far into a file its date is looked for, in bytes.
const maxHead = 4 << 10
