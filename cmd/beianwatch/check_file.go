package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// maxFile bounds a page judged from a file, as the body limit of a visit does.
const maxFile = 8 << 20

// A fileDrawer draws the page that stands in a file of a folder, with the files
// of the folder as its neighbours, and keeps in obs what came of it, as
// crawler/browser does for a page of a site. The name is a path in the folder.
type fileDrawer func(ctx context.Context, obs *crawler.Observation, folder fs.FS, name string, look crawler.Look)

// checkFiles judges pages from their bytes alone.
func (p *program) checkFiles(ctx context.Context, c *checking, files []string) error {
	if err := p.prepare(c); err != nil {
		return err
	}
	d, err := p.fileDrawing(c.policy)
	if err != nil {
		return err
	}
	if d != nil {
		defer d.close()
		c.draw = d.file
	}
	return p.tell(ctx, d, func(yield func(look, error) bool) {
		for _, file := range files {
			judged, err := p.judgeFile(ctx, c, file)
			if !yield(judged, err) || err != nil {
				return
			}
		}
	})
}

// judgeFile judges one page file, drawn in a browser where its outcome hangs on
// that and there is one. What comes from standard input has no neighbours and
// is judged from its bytes.
func (p *program) judgeFile(ctx context.Context, c *checking, file string) (look, error) {
	body, err := p.readPage(file)
	if err != nil {
		return look{}, err
	}
	filing, err := filingOf(c.filing)
	if err != nil {
		return look{}, err
	}
	at := c.at
	if at.IsZero() {
		at = time.Now()
	}
	obs := detect.FileObservation(file, body, at)
	if len(body) > maxFile {
		last := &obs.Visits[0].Hops[0]
		last.Body, last.Cut = body[:maxFile], true
	}
	in := detect.Input{Target: &crawler.Target{Filing: filing}, Obs: obs, File: file, At: at, Policy: c.policy}
	judged := detect.NewCase(in, nil)
	if c.draw != nil && file != "-" && len(detect.Wants(judged, rules.All)) > 0 {
		folder, err := os.OpenRoot(filepath.Dir(file)) // no link leads out of it
		if err != nil {
			return look{}, message.Errorf("打开 %s 所在的文件夹：%w", "opening the folder of %s: %w", file, err)
		}
		defer folder.Close()
		c.draw(ctx, obs, folder.FS(), filepath.Base(file), func(drawn *crawler.Observation) (bool, []string) {
			with := in
			with.Obs = drawn
			return detect.WantsOfDrawn(detect.NewCase(with, judged), rules.All)
		})
		judged = detect.NewCase(in, judged)
	}
	return newLook(judged, detect.Judge(judged, rules.All)), nil
}

// readPage reads a page file, one byte more than is judged at most.
func (p *program) readPage(file string) ([]byte, error) {
	in := p.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, usage("%v；--file 须为 HTML 页面文件的路径", "%v; --file takes the path of an HTML page", err)
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, message.Errorf("读取 %s：%w", "reading %s: %w", file, err)
	}
	return body, nil
}
