package detect

import "github.com/beianwatch/beianwatch/detect/number"

// A memo keeps what several rules ask of the same case, so that it is worked
// out once, and only if one asks. It is empty when [NewCase] is done. A case is
// judged by one goroutine.
type memo struct {
	filed, claims         kept[[]number.ICP]
	unread, trace, police kept[Reason]
	scripted              kept[bool]
}

// A kept value is worked out by the first who asks.
type kept[T any] struct {
	known bool
	value T
}

func (a *kept[T]) or(work func() T) T {
	if !a.known {
		a.value, a.known = work(), true
	}
	return a.value
}
