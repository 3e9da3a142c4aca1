// Package schedule decides when to look and runs the looking: it plans a run
// from an inventory, resolves, visits, judges, confirms and finishes, on
// River, and keeps politeness, retries and deadlines. It does not know what a
// rule is about.
package schedule
