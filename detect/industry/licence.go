package industry

import "github.com/beianwatch/beianwatch/detect/number"

// covers says which kinds of licence cover a trade (facts 4.1). A licence to
// produce broadcasts (broadcast-production) does not cover showing them.
var covers = map[Category][]string{
	Finance:       {"payment", "fund-sales", "securities", "insurance", "banking"},
	News:          {"news"},
	Publishing:    {"publishing"},
	DrugsDevices:  {"drug-info", "drug-device-record", "device-platform"},
	Culture:       {"culture"},
	Audiovisual:   {"audiovisual"},
	Healthcare:    {"healthcare"},
	BulletinBoard: {"bulletin-board"},
	RideHailing:   {"ride-hailing"},
	Training:      {"training"},
	Games:         {"games", "publishing"}, // the version number of a game is a publishing matter
	Religion:      {"religion"},
}

// covering returns the first licence on the page that covers a trade.
func covering(c Category, lic []number.Licence) string {
	for _, kind := range covers[c] {
		for _, l := range lic {
			if l.Kind == kind {
				return l.Number
			}
		}
	}
	return ""
}
