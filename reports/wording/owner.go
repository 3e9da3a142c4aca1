package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// Owner returns the name of an owner, with the team where one is given.
func Owner(k reports.OwnerKey) detect.Text {
	name, team := Clean(k.Name, 60), Clean(k.Team, 60)
	switch {
	case name == "" && team == "":
		return Say("无负责人", "no owner")
	case name == "":
		return Same(team)
	case team == "" || team == name:
		return Same(name)
	}
	return Say(name+"（"+team+"）", name+" ("+team+")")
}
