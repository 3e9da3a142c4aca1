package outbox

import (
	"context"
	"database/sql"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports/notify"
)

// ErrNoLetter reports that there is no such letter, or none any more.
var ErrNoLetter = errors.New("no such letter")

// maxAnswer is how many bytes of an answer are kept.
const maxAnswer = 2000

// Letters lists the letters to an owner, the newest first.
func (o *Outbox) Letters(ctx context.Context, owner string, limit int) ([]notify.Letter, error) {
	if owner == "" {
		return nil, nil
	}
	rows, err := o.Reader.QueryContext(ctx, `SELECT id, run, channel, reader, made, state, at, reason, answered, answer, noted_by FROM outbox
		WHERE owner = $1 ORDER BY made DESC, id DESC LIMIT $2`, owner, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []notify.Letter
	for rows.Next() {
		l := notify.Letter{}
		var made, changed, answered int64
		var reason string
		if err := rows.Scan(&l.ID, &l.Run, &l.Channel, &l.To, &made, &l.State, &changed, &reason, &answered, &l.Answer, &l.NotedBy); err != nil {
			return nil, err
		}
		l.Reason = message.Unpack(reason)
		l.Made, l.Changed = time.UnixMilli(made), time.UnixMilli(changed)
		if answered > 0 {
			l.Answered = time.UnixMilli(answered)
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// Answered notes what an owner has answered to a letter, and who says so; a later note
// takes the place of an earlier one. It returns the owner, or [ErrNoLetter].
func (o *Outbox) Answered(ctx context.Context, id, answer, by string) (owner string, err error) {
	for len(answer) > maxAnswer {
		_, n := utf8.DecodeLastRuneInString(answer)
		answer = answer[:len(answer)-n]
	}
	err = o.Writer.QueryRowContext(ctx, `UPDATE outbox SET answered = $2, answer = $3, noted_by = $4 WHERE id = $1 AND owner <> '' RETURNING owner`,
		id, o.Now().UnixMilli(), answer, by).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNoLetter
	}
	return owner, err
}
