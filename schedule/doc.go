// Package schedule decides when to look and runs the looking. A [Looker] looks
// at one site; a [Runner] works on a database, alone on SQLite and together
// with others on PostgreSQL; a [Round] conducts one run: it plans from an
// inventory and hands out the resolving, visiting and confirming. A [Gate]
// keeps politeness. [Runner.Serve] keeps a calendar, [Runner.Ask] takes single
// sites.
//
// The work is cut into tasks, which stand in tables of our own with their
// holder, and is handed out by River: the queue may be lost and a killed
// process loses nothing. What a process holds against others (its number, the
// runs it conducts, the lanes it works) it holds by one connection (grip), and
// all of it is free when that ends.
//
// It does not know what a rule is about, and never calls our own trouble a
// site's.
package schedule
