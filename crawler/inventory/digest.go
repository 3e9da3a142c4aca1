package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/beianwatch/beianwatch/crawler"
)

// Digest returns the SHA-256 of the file's bytes in hex. A run that keeps it
// can tell at its resumption whether the inventory has changed: size and time
// of a file say less.
func Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading inventory %s: %w", path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading inventory %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Fingerprint returns 32 hex digits that stand for all that an inventory says
// of a target. Where the line stands, and what other lines say of its mobile,
// are left out: a line that only moved has the same fingerprint.
func Fingerprint(t *crawler.Target) string {
	said := *t
	said.Line, said.Sheet, said.Seq, said.Holder.Sharing = 0, "", 0, nil
	b, _ := json.Marshal(&said) //nolint:errcheck // a target holds nothing that has no JSON
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// A Change says how an entry differs from what is stored of its domain.
type Change int

// The changes.
const (
	Unchanged Change = iota
	Changed          // the domain is known, the line says something else of it now
	Added            // the domain is not known
)

// ReadChanged reads the inventory like Read and tells of each target how it
// differs from what an earlier reading stored: stored returns the fingerprint
// that is kept of a domain, ok false if there is none. A domain that is stored
// and never handed over is no longer in the list.
func ReadChanged(path string, stored func(domain string) (fingerprint string, ok bool, err error), each func(crawler.Target, Change) error, reject func(Rejection) error) (Counts, error) {
	return Read(path, func(t crawler.Target) error {
		was, ok, err := stored(t.Domain)
		switch {
		case err != nil:
			return err
		case !ok:
			return each(t, Added)
		case was != Fingerprint(&t):
			return each(t, Changed)
		}
		return each(t, Unchanged)
	}, reject)
}

// ReadAfter reads the inventory like Read, from the entry behind seq on: for a
// reading that goes on where one was stopped. Seq counts entries and not lines,
// because a line can hold several domains and a workbook several lines with one
// number. The counts are those of the whole file.
func ReadAfter(path string, seq int, each func(crawler.Target) error, reject func(Rejection) error) (Counts, error) {
	return Read(path, func(t crawler.Target) error {
		if t.Seq <= seq {
			return nil
		}
		return each(t)
	}, func(r Rejection) error {
		if r.Seq <= seq {
			return nil
		}
		return reject(r)
	})
}
