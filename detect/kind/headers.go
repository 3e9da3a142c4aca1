package kind

import (
	"net/http"
	"strings"
)

// Headers appends to b which of the fingerprints' header conditions an answer
// meets, a byte each. It is all that [Fingerprints.Of] reads of a header beside
// Location, so two answers with the same marks are the same to it.
func (f *Fingerprints) Headers(b []byte, h http.Header) []byte {
	for i := range f.headers {
		for _, one := range f.headers[i] {
			mark := byte('-')
			for _, v := range h.Values(one.name) {
				if strings.Contains(strings.ToLower(v), one.value) {
					mark = '+'
				}
			}
			b = append(b, mark)
		}
	}
	return b
}
