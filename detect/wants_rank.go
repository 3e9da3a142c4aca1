package detect

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/match"
)

// A page names ten or twenty scripts, and its asks hang on what they are
// called, so the names are looked at without patterns.

// libraryRank is the rank of files that are others' work.
const libraryRank = 3

// A bundle is a script of the page and its rank.
type bundle struct {
	address string
	rank    int
}

// ranked puts bundles in order of their ranks.
func ranked(addresses []string) []bundle {
	list := make([]bundle, len(addresses))
	for i, a := range addresses {
		list[i] = bundle{a, bundleRank(a)}
	}
	slices.SortStableFunc(list, func(a, b bundle) int { return cmp.Compare(a.rank, b.rank) })
	return list
}

// bundleRank orders bundles by how likely they hold the page's own words.
func bundleRank(address string) int {
	switch name := nameOf(address); {
	case namesFoot(name):
		return 0
	case isLibrary(name):
		return libraryRank
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

// namesFoot tells whether a file is named for the foot of a page; football and
// footage are not.
func namesFoot(name string) bool {
	found := false
	footFiles().Scan(name, func(word, end int) bool {
		found = word > 0 || end == len(name) || name[end]|0x20 != 'a' && name[end]|0x20 != 'b'
		return !found
	})
	return found
}

// isLibrary tells whether an address is of a file that is others' work.
func isLibrary(address string) bool {
	found := false
	libraries().Scan(address, func(int, int) bool { found = true; return false })
	return found
}

// isEntry tells whether a file is named as the one that an application begins
// with.
func isEntry(name string) bool {
	return slices.ContainsFunc(entries, func(w string) bool { return len(name) >= len(w) && strings.EqualFold(name[:len(w)], w) })
}
