package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A Payload is the body of a webhook's message. Its fields only grow.
type Payload struct {
	ID       string                `json:"id"` // of the message; the same when it comes again
	Run      string                `json:"run"`
	Started  time.Time             `json:"started_at"`
	Finished time.Time             `json:"finished_at"`
	Domains  int                   `json:"domains"`
	Unseen   int                   `json:"could_not_check"`
	Counts   map[reports.State]int `json:"counts"` // by state, and "overdue"
	Items    []PayloadItem         `json:"items"`  // at most 20 of each state, the gravest first
	Report   string                `json:"report,omitempty"`
}

// A PayloadItem is one finding.
type PayloadItem struct {
	State    reports.State   `json:"state"`
	Domain   string          `json:"domain"`
	Owner    string          `json:"owner,omitempty"`
	Rule     string          `json:"rule,omitempty"`
	Severity detect.Severity `json:"severity,omitempty"`
}

func payloadOf(d *Digest, id, link string) *Payload {
	p := &Payload{
		ID: id, Run: d.Run.ID, Started: d.Run.StartedAt, Finished: d.Run.FinishedAt, Domains: d.Domains, Unseen: d.Unseen, Report: link,
		Counts: map[reports.State]int{}, Items: []PayloadItem{},
	}
	for _, state := range told {
		p.Counts[state] = d.Count(state)
		for _, i := range d.Items(state) {
			p.Items = append(p.Items, PayloadItem{State: state, Domain: i.Domain, Owner: i.Owner, Rule: i.Rule, Severity: i.Severity})
		}
	}
	return p
}

// webhook posts JSON. X-Beianwatch-Signature is "sha256=" and the hexadecimal
// HMAC-SHA256, keyed by the secret, of X-Beianwatch-Timestamp (seconds since
// 1970), a full stop and the body. Idempotency-Key is the message's ID.
func (c *Channel) webhook(ctx context.Context, m *Message, now time.Time) (Outcome, error) {
	body, err := json.Marshal(m.Data)
	if err != nil {
		return Refused, err
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	header := http.Header{}
	header.Set("X-Beianwatch-Timestamp", stamp)
	header.Set("X-Beianwatch-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	header.Set("Idempotency-Key", m.ID)
	out, err := post(ctx, c.URL, header, json.RawMessage(body), nil)
	if out == Perhaps {
		out = Later // the receiver knows it by its ID
	}
	return out, err
}
