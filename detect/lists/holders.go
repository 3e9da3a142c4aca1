package lists

import (
	_ "embed"
	"io"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/region"
)

//go:embed holders.txt
var holdersText string

// Holders says for each province who may hold a unit's domain.
type Holders map[region.Province]HolderCustom

// HolderCustom is what one province allows.
type HolderCustom string

// The customs.
const (
	HolderUnit   HolderCustom = "unit"   // the unit alone
	HolderPerson HolderCustom = "person" // the unit or its legal representative
)

var DefaultHolders = sync.OnceValue(func() Holders {
	h, err := ReadHolders(strings.NewReader(holdersText))
	if err != nil {
		panic(err) // the embedded table is held to its form by a test of its own
	}
	return h
})

// ReadHolders reads lines of a province and "unit" or "person". Empty lines and
// what follows a # are passed over. An error names the line.
func ReadHolders(r io.Reader) (Holders, error) {
	h := Holders{}
	err := eachLine(r, func(text string) error {
		f := strings.Fields(text)
		if len(f) != 2 || region.ByWord(f[0]) == region.None || f[1] != string(HolderUnit) && f[1] != string(HolderPerson) {
			return message.Errorf("请写省份和 unit 或 person，例如“豫 unit”", "write a province and unit or person, like \"豫 unit\"")
		}
		h[region.ByWord(f[0])] = HolderCustom(f[1])
		return nil
	})
	if err != nil {
		return nil, message.Errorf("域名持有者规定%w", "reading holders, %w", err)
	}
	return h, nil
}
