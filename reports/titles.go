package reports

import "github.com/beianwatch/beianwatch/detect"

// Title says what is wrong when the rule speaks; the id itself for a rule
// that this program does not have (any more).
func Title(rule string) detect.Text { return same(rule) }

func ruleset() string { return "" }
