package detect

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

// sources are the files that verdicts follow from: the code of the rules and of
// the packages that read pages, and their data. They are embedded so that no
// one can change a rule and forget to say so.
//
//go:embed *.go */*.go */*.txt industry/lexicon/*.txt rules/laws/*.txt
var sources embed.FS

// Ruleset names the version of rules, data and default policy: the same name
// means the same verdicts from the same evidence. It changes whenever a file
// of this package or its sub-packages does (their tests aside).
func Ruleset() string { return ruleset() }

var ruleset = sync.OnceValue(func() string { return DefaultPolicy().Ruleset() })

// Ruleset names the version of the rules under this policy. The networks are
// not part of it, nor are Render and Pages: where an address is and what of a
// site was looked at belong to the evidence.
func (p *Policy) Ruleset() string {
	sum := sha256.New()
	sum.Write(sourcesSum())
	p.hash(sum)
	return p.Version + "-" + hex.EncodeToString(sum.Sum(nil)[:6])
}

// sourcesSum is the hash over all sources.
var sourcesSum = sync.OnceValue(func() []byte {
	sum := sha256.New()
	err := fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := sources.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", path, len(data))
		sum.Write(data)
		return nil
	})
	if err != nil {
		panic(err) // an embedded file can always be read
	}
	return sum.Sum(nil)
})

// hash writes what a user can change, in a fixed order.
func (p *Policy) hash(sum hash.Hash) {
	fmt.Fprintln(sum, p.MaxFilingAge, p.Grace, p.PoliceDue, p.Looks, p.Fails, p.VantageMainland)
	for _, province := range slices.Sorted(maps.Keys(p.Suffix)) {
		fmt.Fprintln(sum, province, p.Suffix[province])
	}
	for _, name := range slices.Sorted(maps.Keys(p.Providers)) {
		fmt.Fprintln(sum, name, p.Providers[name])
	}
	for _, name := range slices.Sorted(maps.Keys(p.Rectify)) {
		fmt.Fprintln(sum, name, p.Rectify[name])
	}
	fmt.Fprintln(sum, p.Workdays)
	fmt.Fprintf(sum, "%+v\n", *p.Documents)
	fmt.Fprintln(sum, p.ExpiresSoon, p.Holders, *p.Registrars, *p.Suffixes) // maps print in the order of their keys
	fmt.Fprintln(sum, p.Shells)
	for _, f := range p.Kinds.All() {
		fmt.Fprintf(sum, "%+v\n", f)
	}
	fmt.Fprintln(sum, p.Scripts)
	fmt.Fprintln(sum, p.PhoneAge, p.Segments.Sum(), p.NameWords)
	for _, province := range slices.Sorted(maps.Keys(p.Customs)) {
		fmt.Fprintln(sum, province, p.Customs[province])
	}
}
