package kind

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// Headers appends to b which of the fingerprints' header conditions an answer
// meets, a byte each. It is all that [Fingerprints.Of] reads of a header beside
// Location, so two answers with the same marks are the same to it.
func (f *Fingerprints) Headers(b []byte, answer *crawler.Page) []byte {
	for i := range f.headers {
		for _, one := range f.headers[i] {
			mark := byte('-')
			for _, v := range answer.Header.Values(one.name) {
				if strings.Contains(strings.ToLower(v), one.value) {
					mark = '+'
				}
			}
			b = append(b, mark)
		}
	}
	return b
}
