package settings

import "github.com/beianwatch/beianwatch/reports/notice"

// A Notice says who sends rectification notices and where the answer goes.
type Notice struct {
	Logo    string `yaml:"logo"`     // the sender's name at the head of the letter
	From    string `yaml:"from"`     // the sender below the letter
	Number  string `yaml:"number"`   // {year}, {date} and {id} are filled in
	Contact string `yaml:"contact"`  // whom to ask
	ReplyTo string `yaml:"reply-to"` // where the reply form goes
	ReplyBy string `yaml:"reply-by"` // working days, or words
	Footer  string `yaml:"footer"`
}

// Letterhead is what the notices bear.
func (s *Settings) Letterhead() notice.Letterhead { return notice.Letterhead(s.Notice) }
