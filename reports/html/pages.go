package html

import (
	"cmp"
	"io"
	"runtime"
	"sync"

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

// domain writes the HTML and JSON of one domain.
func (f *Folder) domain(h Writer, r *reports.Record) error {
	if !f.worth(r.Tone()) {
		return nil
	}
	name := cmp.Or(r.Domain, r.File)
	subject := &Subject{Run: f.Run, Record: r, Back: f.where.back()}
	if f.Evidence != nil && r.Domain != "" {
		subject.Evidence = f.Evidence(r.Domain)
	}
	if f.Events != nil {
		subject.Events = f.Events(r.Domain)
	}
	if err := f.file(f.where.page(name, ".html"), func(w io.Writer) error { return h.Domain(w, subject) }); err != nil {
		return err
	}
	return f.file(f.where.page(name, ".json"), func(w io.Writer) error { return export.WriteJSON(w, r, f.Lang) })
}
