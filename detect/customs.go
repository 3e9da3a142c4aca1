package detect

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/beianwatch/beianwatch/detect/region"
)

//go:embed provinces.txt
var customsText string

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
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
		f := strings.Fields(text)
		if len(f) == 0 {
			continue
		}
		if len(f) != 3 {
			return nil, fmt.Errorf("reading provinces, line %d: write province, persons and phones, like \"沪 permit local\"", n)
		}
		p := region.ByWord(f[0])
		if p == region.None {
			return nil, fmt.Errorf("reading provinces, line %d: %q is no province: write its character or name, like 沪 or 上海", n, f[0])
		}
		c := Custom{Persons: Persons(f[1]), LocalPhone: f[2] == "local"}
		switch c.Persons {
		case "-":
			c.Persons = ""
		case PersonsOpen, PersonsPermit, PersonsLocal:
		default:
			return nil, fmt.Errorf("reading provinces, line %d: persons %q: write open, permit, local or -", n, f[1])
		}
		if f[2] != "local" && f[2] != "-" {
			return nil, fmt.Errorf("reading provinces, line %d: phones %q: write local or -", n, f[2])
		}
		customs[p] = c
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading provinces: %w", err)
	}
	return customs, nil
}
