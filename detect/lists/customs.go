package lists

import (
	_ "embed"
	"io"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/region"
)

//go:embed provinces.txt
var customsText string

// DefaultCustoms reads the embedded table, a new one at each call.
func DefaultCustoms() Customs {
	c, err := ReadCustoms(strings.NewReader(customsText))
	if err != nil {
		panic(err) // the embedded table is held to its form by a test of its own
	}
	return c
}

// Customs is what provinces ask of a filing.
type Customs map[region.Province]Custom

// A Custom is what one province asks.
type Custom struct {
	Persons    Persons
	LocalPhone bool // telephone numbers must be of the province
}

// Persons says whether a person with papers of another province may file in
// this one; empty: not known.
type Persons string

// The words of the table.
const (
	PersonsOpen   Persons = "open"   // yes
	PersonsPermit Persons = "permit" // with a residence permit, a student's or a work card
	PersonsLocal  Persons = "local"  // no
)

// ReadCustoms reads lines of a province, whether persons of other provinces may
// file there (open, permit, local, -) and whether numbers must be local (local,
// -). Empty lines and what follows a # are passed over. An error names the line.
func ReadCustoms(r io.Reader) (Customs, error) {
	customs := Customs{}
	err := eachLine(r, func(text string) error {
		p, c, err := readCustom(strings.Fields(text))
		customs[p] = c
		return err
	})
	if err != nil {
		return nil, message.Errorf("各省规定%w", "reading provinces, %w", err)
	}
	return customs, nil
}

// readCustom reads the fields of one line.
func readCustom(f []string) (region.Province, Custom, error) {
	if len(f) != 3 {
		return region.None, Custom{}, message.Errorf("请写省份、个人备案规定和电话规定，例如“沪 permit local”", "write province, persons and phones, like \"沪 permit local\"")
	}
	p := region.ByWord(f[0])
	if p == region.None {
		return p, Custom{}, message.Errorf("%q 不是省份：请写简称或名称，例如 沪 或 上海", "%q is no province: write its character or name, like 沪 or 上海", f[0])
	}
	c := Custom{Persons: Persons(f[1]), LocalPhone: f[2] == "local"}
	switch c.Persons {
	case "-":
		c.Persons = ""
	case PersonsOpen, PersonsPermit, PersonsLocal:
	default:
		return p, c, message.Errorf("个人备案规定 %q：请写 open、permit、local 或 -", "persons %q: write open, permit, local or -", f[1])
	}
	if f[2] != "local" && f[2] != "-" {
		return p, c, message.Errorf("电话规定 %q：请写 local 或 -", "phones %q: write local or -", f[2])
	}
	return p, c, nil
}
