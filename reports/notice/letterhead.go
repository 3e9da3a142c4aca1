package notice

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Letterhead is who sends a notice and where the answer goes. All of it may be
// empty, and then the letter leaves it out.
type Letterhead struct {
	Logo    string // the sender's name as it stands at the head, where no picture is needed
	From    string // the sender, below the letter
	Number  string // the letter's number; {year}, {date} and {id} are filled in, {id} from run and addressee
	Contact string // whom to ask: name, telephone, e-mail
	ReplyTo string // where the reply form goes
	ReplyBy string // until when: a number of working days from the date of the letter, or words
	Footer  string
}

// number returns the number of the letter to one addressee.
func (h *Letterhead) number(run string, key Key, today time.Time) string {
	sum := sha256.Sum256([]byte(run + "\x00" + key.String()))
	day := workday.Day(today)
	return strings.NewReplacer("{year}", day.Format("2006"), "{date}", day.Format("20060102"), "{id}", strings.ToUpper(hex.EncodeToString(sum[:3]))).Replace(h.Number)
}

// maxReply is the most working days that are counted for a reply.
const maxReply = 250

// replyBy returns until when the answer is wanted, "" where nothing is said.
func (h *Letterhead) replyBy(today time.Time, calendar *workday.Calendar) string {
	if n, err := strconv.Atoi(h.ReplyBy); err == nil && n > 0 && n <= maxReply {
		return wording.ChinaDay(calendar.Add(today, n))
	}
	return h.ReplyBy
}
