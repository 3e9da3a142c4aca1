package notify

import (
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// A Letter is a message to one owner, as people look it up later.
type Letter struct {
	ID, Run, Channel string
	To               string // mail addresses
	Made             time.Time
	State            string      // waiting, sending, or the outcome: sent, refused, perhaps
	Changed          time.Time   // when it came to that
	Reason           detect.Text // why it was not sent
	Answered         time.Time   // zero: not yet, as far as anybody has noted
	Answer           string      // what the owner said
	NotedBy          string      // who noted it
}
