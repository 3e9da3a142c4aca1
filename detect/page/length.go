package page

import (
	"strings"
)

// farShift is the shift to the left or up, in pixels, from which a text is off
// any screen.
const farShift = -1000

// Pixels of a unit, to tell what is far: a letter's width, a hundredth of a
// window's.
const (
	letterPixels  = 16
	percentPixels = 10
)

// declare takes in a shift.
func (l *length) declare(value string) bool {
	n, i, negative := 0, 0, false
	if value[0] == '-' || value[0] == '+' {
		negative, i = value[0] == '-', 1
	}
	start := i
	for i < len(value) && value[i] >= '0' && value[i] <= '9' {
		n = min(n*10+int(value[i]-'0'), 20000)
		i++
	}
	if i < len(value) && value[i] == '.' {
		for i++; i < len(value) && value[i] >= '0' && value[i] <= '9'; i++ {
		}
	}
	if i == start {
		// auto, calc(), a keyword: not told to be far
		if !isLetter(value[0]) {
			return false
		}
		*l = length{}
		return true
	}
	switch unit := strings.ToLower(value[i:]); unit {
	case "em", "rem", "ex", "ch":
		n *= letterPixels
	case "%", "vw", "vh":
		n *= percentPixels
	case "":
		// No length without a unit in standards mode, one in quirks mode.
	}
	n = min(n, 20000)
	if negative {
		n = -n
	}
	*l = length{px: int16(n), set: true}
	return true
}
