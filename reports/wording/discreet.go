package wording

import "github.com/beianwatch/beianwatch/detect"

// ofOthers are rules whose findings name people or firms other than the owner's.
var ofOthers = map[string]detect.Text{
	"phone-shared": Say("该手机号同时登记在其他主体名下", "the mobile number is also registered under other subjects"),
}

// Discreet is a finding as its owner may read it: that others are concerned is told,
// and not who they are. Lists for the team (CSV, JSON Lines, workbooks) have it all.
func Discreet(f Finding) Finding {
	saw, ok := ofOthers[f.Rule]
	if !ok {
		return f
	}
	spots := make([]Spot, len(f.Spots))
	for i, s := range f.Spots {
		s.Saw, s.Quotes = saw, nil
		spots[i] = s
	}
	f.Spots = spots
	return f
}
