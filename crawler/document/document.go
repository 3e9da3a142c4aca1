// Package document reads the local files that an inventory names for a filing
// (licences, identity cards, letters) and measures whether they can be read.
// It opens nothing outside of one folder, keeps no picture, and does not judge
// what it measures.
package document

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// Bounds on what is read.
const (
	maxFiles   = 40        // of one domain; a filing asks for about ten
	maxRead    = 16 << 20  // bytes of one file; reviewers take 4 MB, and what is larger shall still be measured
	maxDecoded = 192 << 20 // bytes of decoded pictures, all that are under way together
	maxCached  = 4096      // facts kept: one licence serves many domains of a subject
)

// A Reader measures the documents below one folder. It is safe for concurrent
// use and decodes no more at a time than maxDecoded allows.
type Reader struct {
	root  *os.Root
	room  *semaphore.Weighted
	mu    sync.Mutex
	facts map[version]crawler.DocumentFacts
}

// A version is a file as it was at one time.
type version struct {
	name     string
	size     int64
	modified time.Time
}

// Open opens the folder of documents.
func Open(dir string) (*Reader, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, message.Errorf("打开材料文件夹：%w", "opening the folder of documents: %w", err)
	}
	return &Reader{root: root, room: semaphore.NewWeighted(maxDecoded), facts: map[version]crawler.DocumentFacts{}}, nil
}

// Close closes the folder.
func (r *Reader) Close() error { return r.root.Close() }

// Read measures documents, one result each in their order. What cannot be
// measured has its Fault; Read itself never fails.
func (r *Reader) Read(ctx context.Context, docs []crawler.Document) []crawler.DocumentFacts {
	list := make([]crawler.DocumentFacts, 0, len(docs))
	for i, d := range docs {
		var f crawler.DocumentFacts
		switch {
		case i >= maxFiles:
			f = faulty(crawler.DocumentOurs, "more documents than are read for one domain")
		case ctx.Err() != nil:
			f = faulty(crawler.DocumentOurs, "stopped")
		default:
			f = r.file(ctx, d.Path)
		}
		f.Document = d
		list = append(list, f)
	}
	return list
}

func faulty(f crawler.DocumentFault, detail string) crawler.DocumentFacts {
	return crawler.DocumentFacts{Fault: f, Detail: crawler.Detail(detail)}
}

// file measures one file, or gives what is known of it since the last time.
func (r *Reader) file(ctx context.Context, given string) crawler.DocumentFacts {
	name := path.Clean(strings.ReplaceAll(given, `\`, "/"))
	if !fs.ValidPath(name) || name == "." {
		return faulty(crawler.DocumentOutside, "")
	}
	info, err := r.root.Stat(name)
	if err != nil {
		return unopened(err)
	}
	if !info.Mode().IsRegular() {
		return faulty(crawler.DocumentOutside, "not a plain file")
	}
	v := version{name, info.Size(), info.ModTime()}
	r.mu.Lock()
	f, ok := r.facts[v]
	r.mu.Unlock()
	if ok {
		return f
	}
	f = r.measure(ctx, v)
	if f.Fault == crawler.DocumentOurs {
		return f
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.facts) >= maxCached {
		clear(r.facts)
	}
	r.facts[v] = f
	return f
}

// unopened says why a file could not be opened.
func unopened(err error) crawler.DocumentFacts {
	var at *fs.PathError
	detail := err.Error()
	if errors.As(err, &at) {
		detail = at.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return faulty(crawler.DocumentAbsent, "")
	case strings.Contains(detail, "escapes"):
		// os.Root has no error value of its own for a link that leads out.
		return faulty(crawler.DocumentOutside, "")
	}
	return faulty(crawler.DocumentOurs, detail)
}

// measure reads one file and measures it.
func (r *Reader) measure(ctx context.Context, v version) crawler.DocumentFacts {
	f := crawler.DocumentFacts{Size: v.size}
	if v.size == 0 {
		f.Fault = crawler.DocumentEmpty
		return f
	}
	file, err := r.root.Open(v.name)
	if err != nil {
		return unopened(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxRead))
	if err != nil {
		return faulty(crawler.DocumentOurs, err.Error())
	}
	if f.Format = formatOf(data); v.size > maxRead {
		f.Fault = crawler.DocumentTooBig
		return f
	}
	p := probe(data, f.Format)
	f.Width, f.Height, f.Fault, f.Detail = p.width, p.height, p.fault, crawler.Detail(p.detail)
	if f.Fault != "" {
		return f
	}
	if err := r.room.Acquire(ctx, p.bytes); err != nil {
		return faulty(crawler.DocumentOurs, "stopped")
	}
	defer r.room.Release(p.bytes)
	g, fault, why := decode(data, f.Format)
	if fault != "" {
		f.Fault, f.Detail = fault, crawler.Detail(why)
		return f
	}
	f.Sharpness, f.Marks = g.sharpness()
	f.Dark, f.Light = g.light()
	f.Edges = g.edges()
	return f
}

// limited is n within 1 and maxDecoded, so that a weight never exceeds the
// whole room.
func limited(n int64) int64 { return min(cmp.Or(n, 1), maxDecoded) }
