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
	Boxes    []box         `json:"boxes,omitempty"`
	Clicks   []click       `json:"clicks,omitempty"`
	Failure  *failure      `json:"failure,omitempty"`
}

// box is where something stands in the picture: left, top, width and height.
type box struct {
	At   [4]int `json:"at"`
	Text text   `json:"text,omitempty"`
	Foot bool   `json:"foot,omitempty"`
}

// click is one that was tried on a text.
type click struct {
	Text   text   `json:"text"`
	Opened []text `json:"opened,omitempty"`
	Sure   bool   `json:"sure,omitempty"`
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
	for _, b := range d.Boxes {
		w.Boxes = append(w.Boxes, box{[4]int{b.X, b.Y, b.Width, b.Height}, text(b.Text), b.Foot})
	}
	for _, c := range d.Clicks {
		k := click{Text: text(c.Text), Sure: c.Sure}
		for _, url := range c.Opened {
			k.Opened = append(k.Opened, text(url))
		}
		w.Clicks = append(w.Clicks, k)
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
	for _, b := range w.Boxes {
		d.Boxes = append(d.Boxes, crawler.Box{X: b.At[0], Y: b.At[1], Width: b.At[2], Height: b.At[3], Text: string(b.Text), Foot: b.Foot})
	}
	for _, k := range w.Clicks {
		c := crawler.Click{Text: string(k.Text), Sure: k.Sure}
		for _, url := range k.Opened {
			c.Opened = append(c.Opened, string(url))
		}
		d.Clicks = append(d.Clicks, c)
	}
	return d
}
