package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// An OwnerKey tells owners apart: two people of one name in two teams are two
// owners. The zero key is that of domains without an owner.
type OwnerKey struct{ Name, Team string }

// OwnerOf returns whose domain a record tells of.
func OwnerOf(r *Record) OwnerKey {
	return OwnerKey{strings.Clone(cut(r.Owner, maxShort)), strings.Clone(cut(r.Detail.Team, maxShort))}
}

// An OwnerCount is the domains of one owner by the most severe finding.
type OwnerCount struct {
	Owner                                           OwnerKey
	Domains, Violations, Warnings, Notices, Unknown int
}

func (o *OwnerCount) add(tone string) {
	o.Domains++
	switch tone {
	case string(detect.Violation):
		o.Violations++
	case string(detect.Warning):
		o.Warnings++
	case string(detect.Notice):
		o.Notices++
	case string(detect.Unknown):
		o.Unknown++
	}
}

// owners counts by owner, the first maxOwners one by one.
type owners struct {
	by    map[OwnerKey]*OwnerCount
	other OwnerCount
	more  bool
}

func (l *owners) add(r *Record, tone string) {
	key := OwnerOf(r)
	o := l.by[key]
	if o == nil {
		if len(l.by) == maxOwners {
			l.other.add(tone)
			l.more = true
			return
		}
		o = &OwnerCount{Owner: key}
		l.by[key] = o
	}
	o.add(tone)
}

// sorted lists all owners, those with the most violations first; domains without
// an owner stand among them.
func (l *owners) sorted() []OwnerCount {
	list := make([]OwnerCount, 0, len(l.by))
	for _, o := range l.by {
		list = append(list, *o)
	}
	slices.SortFunc(list, func(a, b OwnerCount) int {
		return cmp.Or(b.Violations-a.Violations, b.Warnings-a.Warnings, b.Notices-a.Notices, b.Unknown-a.Unknown,
			cmp.Compare(a.Owner.Name, b.Owner.Name), cmp.Compare(a.Owner.Team, b.Owner.Team))
	})
	return list
}
