// Package bundle ranks the script files of a page by how likely they hold the
// page's own words, from their names alone.
package bundle

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/match"
)

// FileName is the last part of an address' path.
func FileName(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return address[strings.LastIndexByte(address, '/')+1:]
}

// LibraryRank is the rank of files that are others' work.
const LibraryRank = 3

// A bundle is a script of the page and its rank.
type Script struct {
	Address string
	Rank    int
}

// Ranked puts bundles in order of their ranks.
func Ranked(addresses []string) []Script {
	list := make([]Script, len(addresses))
	for i, a := range addresses {
		list[i] = Script{a, bundleRank(a)}
	}
	slices.SortStableFunc(list, func(a, b Script) int { return cmp.Compare(a.Rank, b.Rank) })
	return list
}

// bundleRank orders bundles by how likely they hold the page's own words.
func bundleRank(address string) int {
	switch name := FileName(address); {
	case NamesFooter(name):
		return 0
	case IsLibrary(name):
		return LibraryRank
	case isEntry(name):
		return 1
	}
	return 2
}

var (
	footFiles = sync.OnceValue(func() *match.Matcher {
		return match.New([]string{"foot", "copyright", "beian", "bottom", "banquan"})
	})
	// Files of others that every second page has.
	libraries = sync.OnceValue(func() *match.Matcher {
		return match.New(strings.Fields("jquery bootstrap polyfill swiper layui layer. vendor echarts three. analytics tongji stat.js share lazyload wow. slick " +
			"video player captcha zepto lodash moment axios"))
	})
	entries = strings.Fields("app main index umi entry bundle start home layout default common global")
)

// NamesFooter reports whether a file is named for the foot of a page; football and
// footage are not.
func NamesFooter(name string) bool {
	found := false
	footFiles().Scan(name, func(word, end int) bool {
		found = word > 0 || end == len(name) || name[end]|0x20 != 'a' && name[end]|0x20 != 'b'
		return !found
	})
	return found
}

// IsLibrary reports whether an address is of a file that is others' work.
func IsLibrary(address string) bool { return libraries().Any(address) }

// isEntry reports whether a file is named as the one that an application begins
// with.
func isEntry(name string) bool {
	return slices.ContainsFunc(entries, func(w string) bool { return len(name) >= len(w) && strings.EqualFold(name[:len(w)], w) })
}
