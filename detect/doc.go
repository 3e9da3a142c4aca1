// Package detect judges: it turns one [Case] into one [Outcome] per [Rule].
// Everything here is a pure function of the Case: no network, no file system,
// no clock ([Case].At is the only time a rule may read), no globals that
// change.
//
// This package is the contract: Case and what can be asked of it, Rule and
// Outcome, [Judge], which applies the rules that it is given, [Wants], which
// says what else is worth asking of a site, and [Policy], what a user can
// change. The rules themselves are in package rules, the data that they go by
// in package lists.
//
// The other packages below read one thing each: charset (bytes to text), page
// (text to a parsed page), fold (one form for every way to write a character),
// number (filing, police and licence numbers), kind (what sort of page it is),
// industry (what industry the content belongs to), bundle (which scripts of a
// page are worth reading), mainland (where an address is).
package detect
