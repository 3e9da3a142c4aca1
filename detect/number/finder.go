package number

import "strings"

// letters are the ways to write ICP, without the first letter. Slips that
// footers show count: IPC, and a lower-case L or a one for the I. So do letters
// set apart by spaces, dots or dashes.
var letters = [...]string{"CP", "cp", "Cp", "cP", "PC备", "pc备", "C P", "c p", "C.P", "c.p", "C·P", "C-P"}

// apart is the first of letters that are set apart, by the same mark behind the
// I.
const apart = 6

// A finder finds ICP in a text. It remembers where each way to write it comes
// next, so that the text is passed once for each.
type finder struct {
	s    string
	next [len(letters)]int // where letters[i] comes next, from the last question on; len(s)+1 if nowhere
}

// from returns the first place of ICP from offset at on and where its letters
// end, -1, -1 if there is none.
func (f *finder) from(at int) (start, end int) {
	start, end = -1, -1
	for k, w := range letters {
		first := 1 // how far the first letter lies before w
		if k >= apart {
			first = 1 + len(w) - len("CP")
		}
		for i := f.next[k]; ; {
			if i < at+first || i == 0 { // the first letter must not lie before at
				i = index(f.s, w, max(at+first, i))
			}
			if i < len(f.s) && (strings.IndexByte("Iil1", f.s[i-first]) < 0 || first > 1 && !strings.HasSuffix(f.s[:i], w[1:len(w)-1])) {
				i = index(f.s, w, i+1)
				f.next[k] = i
				continue
			}
			f.next[k] = i
			if i < len(f.s) && (start < 0 || i-first < start) {
				start, end = i-first, i+min(len(w), 2)
				if first > 1 {
					end = i + len(w)
				}
			}
			break
		}
	}
	return start, end
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

// together yields where ICP comes with its letters together, one way of writing after the
// other.
func (f *finder) together(yield func(at int) bool) {
	for _, w := range letters[:apart] {
		for i := index(f.s, w, 1); i < len(f.s); i = index(f.s, w, i+1) {
			if strings.IndexByte("Iil1", f.s[i-1]) >= 0 && !yield(i-1) {
				return
			}
		}
	}
}

// any reports whether ICP, its letters together, comes at all.
func (f *finder) any() bool {
	for range f.together {
		return true
	}
	return false
}
