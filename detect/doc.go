// Package detect judges: it turns one [Case] into one [Outcome] per [Rule].
// Everything here is a pure function of the Case: no network, no file system,
// no clock ([Case].At is the only time a rule may read), no globals that
// change.
//
// Sub-packages read one thing each: charset (bytes to text), page (text to a
// parsed page), fold (one form for every way to write a character), number
// (filing, police and licence numbers), kind (what sort of page it is),
// industry (what trade the content belongs to), mainland (where an address
// is).
package detect

//go:generate go test . -run TestRulesDocument -update
