package registration

import (
	"context"
	"io"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// askWHOIS puts one question on port 43 (RFC 3912: the name and a line end; the
// server answers and closes) and fills in reg.
func (c *Client) askWHOIS(ctx context.Context, reg *crawler.Registration) *crawler.Failure {
	conn, err := c.opt.Guard.DialHost(ctx, c.opt.Resolve, reg.Server)
	if err != nil {
		return networkFailure(ctx, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) }) //nolint:errcheck // the read fails either way
	defer stop()
	if _, err := io.WriteString(conn, reg.Domain+"\r\n"); err != nil {
		return networkFailure(ctx, err)
	}
	raw, err := io.ReadAll(io.LimitReader(conn, answerMost+1))
	if len(raw) > answerMost {
		reg.Raw = raw[:answerMost]
		return crawler.NewFailure(crawler.FailGarbage, "the answer is longer than 64 KiB")
	}
	reg.Raw = raw
	if err != nil {
		// Half an answer may end in the middle of a name: nothing of it counts.
		return networkFailure(ctx, err)
	}
	return parse(reg)
}
