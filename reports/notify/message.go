package notify

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/reports"
)

// Attach gives the files of a letter to an owner, such as their rectification
// notice. It may be nil.
type Attach func(*Digest) ([]Attachment, error)

// Messages makes the messages of one channel: for the team, and through mail for
// owners if the channel says so. There is none where a digest has nothing to
// tell.
func (c *Channel) Messages(all *Digests, text *Text, attach Attach) ([]*Message, error) {
	var out []*Message
	if all.Team.N() > 0 && (c.Kind != Mail || len(c.To) > 0) {
		digest := *all.Team
		if c.Owners {
			digest.Untold = all.More
		}
		team, err := c.messages(&digest, text, c.To)
		if err != nil {
			return nil, err
		}
		out = append(out, team...)
	}
	if c.Kind != Mail || !c.Owners {
		return out, nil
	}
	for _, d := range all.Owners {
		address := mailOf(d.Owner.Contact)
		if address == "" {
			continue
		}
		own, err := c.messages(d, text, []string{address})
		if err != nil {
			return nil, err
		}
		if attach != nil && d.open() {
			if own[0].Files, err = attach(d); err != nil {
				return nil, fmt.Errorf("the notice for %s: %w", named(d.Owner.Name), err)
			}
		}
		out = append(out, own...)
	}
	return out, nil
}

// open reports whether something is left to mend, not only fixed.
func (d *Digest) open() bool {
	return slices.ContainsFunc(told[:len(told)-1], func(s reports.State) bool { return d.Count(s) > 0 })
}

// mailOf finds the first mail address in a contact ("王芳 <wang@example.cn>",
// "13800138000 wang@example.cn"); "" if it has none.
func mailOf(contact string) string {
	fields := strings.FieldsFunc(contact, func(r rune) bool { return strings.ContainsRune(" ,;、，；<>()（）:：/|\t\n", r) })
	for _, f := range fields {
		if a, err := mail.ParseAddress(f); err == nil && a.Address == f {
			return f
		}
	}
	return ""
}

// messages makes one digest into as many messages as the service's bounds ask for.
func (c *Channel) messages(d *Digest, text *Text, to []string) ([]*Message, error) {
	id := c.Name + "/" + d.Run.ID
	if d.Owner != (Owner{}) {
		id += "/" + digestOf(d.Owner)
	}
	if c.Kind == Webhook {
		return []*Message{{ID: id, Channel: c.Name, Data: payloadOf(d, id, text.link(d.Run.ID))}}, nil
	}
	body, err := text.Render(d)
	if err != nil {
		return nil, err
	}
	pieces := split(body, limitsOf[c.Kind].bytes, limitsOf[c.Kind].pieces, text.in("内容过多，其余见报告。", "Too long to send whole: the rest stands in the report."))
	out := make([]*Message, len(pieces))
	for i, piece := range pieces {
		title := text.Title(d)
		if len(pieces) > 1 {
			title += fmt.Sprintf(" (%d/%d)", i+1, len(pieces))
		}
		out[i] = &Message{ID: fmt.Sprintf("%s/%d", id, i+1), Channel: c.Name, Title: title, Text: piece, To: to, Owner: d.Owner.Name}
	}
	return out, nil
}

// ByHand is the letter that somebody has sent to an owner, with the notice of a run: one a
// day, however often it is asked for. It is nil where the channel writes to no owners or
// the owner has no mail address.
func (c *Channel) ByHand(run *reports.Run, to Owner, day string, text *Text, files []Attachment) *Message {
	address := mailOf(to.Contact)
	if c.Kind != Mail || !c.Owners || address == "" || len(files) == 0 {
		return nil
	}
	return &Message{ID: c.Name + "/" + run.ID + "/" + digestOf(to) + "/hand/" + day, Channel: c.Name, Owner: to.Name, To: []string{address}, Files: files,
		Title: text.in("网站备案整改通知", "Rectification notice on the filing of your sites"),
		Text:  text.in("您负责的网站存在需要整改的备案问题，详见附件中的整改通知。请在期限内整改并回复。", "Sites of yours have filing problems to mend: the attached notice lists them. Please mend them by the dates given, and reply.")}
}

// split cuts text between lines into at most pieces parts of at most limit bytes;
// limit 0 is no bound. What is left over is replaced by the line rest.
func split(text string, limit, pieces int, rest string) []string {
	if limit <= 0 || len(text) <= limit {
		return []string{text}
	}
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = clip(line, limit/4)
		room := limit
		if len(out) == pieces-1 {
			room -= len(rest) + 1
		}
		if b.Len()+len(line) <= room {
			b.WriteString(line)
			continue
		}
		if len(out) == pieces-1 {
			b.WriteString(rest + "\n")
			break
		}
		out = append(out, b.String())
		b.Reset()
		b.WriteString(line)
	}
	return append(out, b.String())
}

// clip bounds a line, at the end of a character.
func clip(line string, limit int) string {
	if len(line) <= limit {
		return line
	}
	end := limit - len("…\n")
	for end > 0 && !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end] + "…\n"
}
