// Package schedule decides when sites are visited and runs the visiting. A
// [Runner] works on a results database, alone on SQLite and together with
// others on PostgreSQL. [Runner.Begin] begins a run over an inventory,
// [Runner.Serve] keeps a calendar of runs, [Runner.Ask] takes single sites.
//
// Every piece of work is a job of River ([queue]): plan reads the inventory,
// resolve asks for addresses, visit and confirm visit sites, render those that
// need a browser, finish ends the run. A job stores its rows, the jobs that
// follow from them and its own completion in one transaction, so a process
// that is killed loses nothing and doubles nothing.
//
// The inner rooms know more: visit one site, polite the limits of an address,
// load whether this machine keeps up, queue River, calendar the ticks, lint
// what needs no network. This room does not know what a rule is about, and
// never reports a local error as a site's failure.
package schedule
