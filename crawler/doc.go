// Package crawler sees: it resolves names, fetches pages and keeps what was
// received, byte for byte. It does not judge, and it never calls a site's
// failure an error: a failure is a fact in the [Observation], an error means
// that we ourselves were stopped.
//
// Sub-packages hold one technology each: dns (miekg/dns), web (colly over our
// own transport), guard (which addresses may be dialled), warc (evidence on
// disk), inventory (the team's list of domains).
package crawler
