package html

import (
	"cmp"
	"io"
	"runtime"
	"sync"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
)

// pages writes the reports of domains, some at a time: laying out a page
// takes longer than reading its record.
type pages struct {
	queue chan *reports.Record
	done  sync.WaitGroup
	once  sync.Once
	err   error
	stop  chan struct{} // closed at the first error
}

func (f *Folder) startPages() *pages {
	p := &pages{queue: make(chan *reports.Record), stop: make(chan struct{})}
	h := New(f.Rules, f.Lang)
	for range runtime.GOMAXPROCS(0) {
		p.done.Go(func() {
			for r := range p.queue {
				if err := f.domain(h, r); err != nil {
					p.once.Do(func() { p.err = err; close(p.stop) })
				}
			}
		})
	}
	return p
}

func (p *pages) put(r *reports.Record) error {
	select {
	case p.queue <- r:
		return nil
	case <-p.stop:
		return p.err
	}
}

func (p *pages) wait() error {
	close(p.queue)
	p.done.Wait()
	return p.err
}

// pictureExt is the extension of the picture beside a report.
const pictureExt = ".jpg"

// domain writes the HTML and JSON of one domain, and the picture of its page if
// a browser took one.
func (f *Folder) domain(h Writer, r *reports.Record) error {
	if !f.worth(r.Tone()) {
		return nil
	}
	name := cmp.Or(r.Domain, r.File)
	var obs *crawler.Observation
	if f.Evidence != nil && r.Domain != "" {
		obs = f.Evidence(r.Domain)
	}
	err := f.file(f.where.page(name, ".html"), func(w io.Writer) error { return h.Domain(w, f.Run, r, obs, f.where.back()) })
	if err != nil {
		return err
	}
	if obs != nil && len(obs.Screenshot) > 0 {
		err := f.file(f.where.page(name, pictureExt), func(w io.Writer) error { _, err := w.Write(obs.Screenshot); return err })
		if err != nil {
			return err
		}
	}
	return f.file(f.where.page(name, ".json"), func(w io.Writer) error { return export.WriteJSON(w, r, f.Lang) })
}
