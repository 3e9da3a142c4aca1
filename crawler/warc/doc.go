// Package warc keeps evidence on disk as WARC 1.1 (ISO 28500), one gzip member
// a record, and gives it back as the observations that were written.
//
// One observation is one metadata record (what was asked, every DNS answer,
// every failure, TLS facts) followed by one response record for each HTTP
// answer, or a revisit record where the same bytes stand in the same file
// already: each file is whole by itself, and may be deleted alone. It does not decide what is worth keeping.
package warc

// A Place is where an observation stands in the evidence. The zero Place
// stands for "not kept".
type Place struct {
	File   string // name within the evidence folder
	Offset int64  // of the observation's first record, in bytes from the start of the file
}
