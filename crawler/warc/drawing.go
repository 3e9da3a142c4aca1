package warc

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// drawing is how a page was drawn, as the metadata record holds it.
type drawing struct {
	URL      text          `json:"url"`
	Browser  text          `json:"browser,omitempty"`
	At       time.Time     `json:"at"`
	Took     time.Duration `json:"took_ns,omitempty"`
	Requests int           `json:"requests,omitempty"`
	Flaws    []flaw        `json:"flaws,omitempty"`
	Failure  *failure      `json:"failure,omitempty"`
}

type flaw struct {
	Reason text `json:"reason"`
	URL    text `json:"url,omitempty"`
	Detail text `json:"detail,omitempty"`
}

func drawingOf(d *crawler.Drawing) *drawing {
	if d == nil {
		return nil
	}
	w := &drawing{URL: text(d.URL), Browser: text(d.Browser), At: d.At, Took: d.Took, Requests: d.Requests, Failure: failureOf(d.Failure)}
	for _, f := range d.Flaws {
		w.Flaws = append(w.Flaws, flaw{text(f.Reason), text(f.URL), text(f.Detail)})
	}
	return w
}

// drawing is the way back.
func (w *drawing) drawing() *crawler.Drawing {
	if w == nil {
		return nil
	}
	d := &crawler.Drawing{URL: string(w.URL), Browser: string(w.Browser), At: w.At, Took: w.Took, Requests: w.Requests, Failure: w.Failure.failure()}
	for _, f := range w.Flaws {
		d.Flaws = append(d.Flaws, crawler.Flaw{Reason: crawler.DrawReason(f.Reason), URL: string(f.URL), Detail: string(f.Detail)})
	}
	return d
}
