// Package reports keeps runs and tells of them: the JSONL record, CSV, HTML
// and JSON per domain, the summary, the terminal, and the difference between
// two runs. Package store keeps them in SQL. It does not decide when to look.
package reports
