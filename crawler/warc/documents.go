package warc

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// paper is what was measured of a local document. The document itself is the
// owner's and never part of the evidence.
type paper struct {
	Kind      text      `json:"kind,omitempty"`
	Path      text      `json:"path,omitempty"`
	Expires   time.Time `json:"expires,omitzero"`
	Fault     text      `json:"fault,omitempty"`
	Detail    text      `json:"detail,omitempty"`
	Size      int64     `json:"size,omitempty"`
	Format    string    `json:"format,omitempty"`
	Width     int       `json:"width,omitempty"`
	Height    int       `json:"height,omitempty"`
	Sharpness float64   `json:"sharpness,omitempty"`
	Marks     float64   `json:"marks,omitempty"`
	Dark      float64   `json:"dark,omitempty"`
	Light     float64   `json:"light,omitempty"`
	Edges     text      `json:"edges,omitempty"`
}

func papersOf(facts []crawler.DocumentFacts) []paper {
	var list []paper
	for i := range facts {
		f := &facts[i]
		list = append(list, paper{Kind: text(f.Kind), Path: text(f.Path), Expires: f.Expires, Fault: text(f.Fault), Detail: text(f.Detail), Size: f.Size,
			Format: f.Format, Width: f.Width, Height: f.Height, Sharpness: f.Sharpness, Marks: f.Marks, Dark: f.Dark, Light: f.Light, Edges: text(f.Edges)})
	}
	return list
}

// facts is the way back.
func facts(list []paper) []crawler.DocumentFacts {
	var out []crawler.DocumentFacts
	for i := range list {
		p := &list[i]
		out = append(out, crawler.DocumentFacts{
			Document: crawler.Document{Kind: string(p.Kind), Path: string(p.Path), Expires: p.Expires},
			Fault:    crawler.DocumentFault(p.Fault), Detail: string(p.Detail), Size: p.Size, Format: p.Format, Width: p.Width, Height: p.Height,
			Sharpness: p.Sharpness, Marks: p.Marks, Dark: p.Dark, Light: p.Light, Edges: crawler.SheetEdge(p.Edges),
		})
	}
	return out
}
