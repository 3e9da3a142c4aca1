package warc

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// numberAnswer is what a register said of a filing number, in the metadata
// record.
type numberAnswer struct {
	Number  text      `json:"number"`
	Domains []text    `json:"domains,omitempty"`
	Subject text      `json:"subject,omitempty"`
	Whole   bool      `json:"whole,omitempty"`
	Source  text      `json:"source"`
	At      time.Time `json:"at"`
	Reason  text      `json:"reason,omitempty"`
}

func numbersOf(list []crawler.NumberAnswer) []numberAnswer {
	var out []numberAnswer
	for _, a := range list {
		out = append(out, numberAnswer{Number: text(a.Number), Domains: texts(a.Domains), Subject: text(a.Subject), Whole: a.Whole,
			Source: text(a.Source), At: a.At, Reason: text(a.Reason)})
	}
	return out
}

// numbersBack is the way back from numbersOf.
func numbersBack(list []numberAnswer) []crawler.NumberAnswer {
	var out []crawler.NumberAnswer
	for _, a := range list {
		out = append(out, crawler.NumberAnswer{Number: string(a.Number), Domains: plain(a.Domains), Subject: string(a.Subject), Whole: a.Whole,
			Source: string(a.Source), At: a.At, Reason: string(a.Reason)})
	}
	return out
}
