package number

import "strings"

// letters are the ways to write ICP, without the first letter. Slips that
// footers show count: IPC, and a lower-case L or a one for the I.
var letters = [...]string{"CP", "cp", "Cp", "cP", "PC备", "pc备"}

// A finder finds ICP in a text. It remembers where each way to write it comes
// next, so that the text is passed once for each.
type finder struct {
	s    string
	next [len(letters)]int // where letters[i] comes next, from the last question on; len(s)+1 if nowhere
}

// from returns the first place of ICP from offset at on, -1 if there is none.
func (f *finder) from(at int) int {
	best := len(f.s) + 1
	for k, w := range letters {
		for i := f.next[k]; ; {
			if i < at+1 || i == 0 { // the first letter must not lie before at
				i = index(f.s, w, max(at+1, i))
			}
			if i < len(f.s) && !strings.ContainsRune("Iil1", rune(f.s[i-1])) {
				i = index(f.s, w, i+1)
				f.next[k] = i
				continue
			}
			f.next[k] = i
			best = min(best, i)
			break
		}
	}
	if best > len(f.s) {
		return -1
	}
	return best - 1
}

// index is strings.Index from an offset on; len(s)+1 if w does not come.
func index(s, w string, from int) int {
	if from < len(s) {
		if i := strings.Index(s[from:], w); i >= 0 {
			return from + i
		}
	}
	return len(s) + 1
}
