package warc

import (
	"crypto/sha1"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/beianwatch/beianwatch/crawler"
)

// ReadWith gives back the observation that stands at place below dir, and what
// [Writer.WriteWith] was given beside it; nil if that was nothing.
func ReadWith(dir string, place Place) (*crawler.Observation, json.RawMessage, error) {
	f, err := openAt(dir, place)
	if err != nil {
		return nil, nil, fmt.Errorf("reading evidence: %w", err)
	}
	defer f.Close()
	a := assembler{src: newSource(f, place.Offset), origins: dir}
	rec, err := a.src.next()
	if err == io.EOF {
		err = ErrCut
	}
	if err == nil && !isObservation(rec) {
		err = errors.New("no observation begins there")
	}
	var obs *crawler.Observation
	if err == nil {
		obs, err = a.observation(rec)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading evidence at byte %d of %s: %w", place.Offset, place.File, err)
	}
	return obs, a.inputs, nil
}

// openAt opens a file of the folder at an offset. The name comes from a
// database: it must not lead out of the folder.
func openAt(dir string, place Place) (*os.File, error) {
	if place.File == "" {
		return nil, errors.New("none was kept")
	}
	if place.File != filepath.Base(place.File) || !filepath.IsLocal(place.File) || place.Offset < 0 {
		return nil, fmt.Errorf("%q at byte %d is no place in an evidence folder", place.File, place.Offset)
	}
	f, err := os.Open(filepath.Join(dir, place.File))
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(place.Offset, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func isObservation(rec *record) bool {
	return rec.kind == typeMetadata && rec.fields["content-type"] == wireType
}

// An assembler puts the records of an observation together.
type assembler struct {
	src     *source
	origins string          // the folder where other files are looked for; "" for none
	inputs  json.RawMessage // of the observation that was read last
}

// observation reads the records that follow the metadata in rec.
func (a *assembler) observation(rec *record) (*crawler.Observation, error) {
	var w wire
	if err := json.Unmarshal(rec.block, &w); err != nil {
		return nil, fmt.Errorf("the metadata of the observation: %w", err)
	}
	if w.Version != wireVersion {
		return nil, fmt.Errorf("the observation is of version %d, this program reads %d: update the program", w.Version, wireVersion)
	}
	a.inputs = w.Inputs
	obs := w.observation()
	var bodies [][]byte
	total := 0
	for i := range w.Visits {
		for j := range w.Visits[i].Hops {
			if len(bodies) == maxHops {
				return nil, fmt.Errorf("more than %d answers in one observation", maxHops)
			}
			p := &obs.Visits[i].Hops[j]
			if err := a.hop(p, &w.Visits[i].Hops[j], bodies); err != nil {
				return nil, err
			}
			if total += len(p.Body); total > maxTotal {
				return nil, fmt.Errorf("more than %d bytes of pages in one observation", maxTotal)
			}
			bodies = append(bodies, p.Body)
		}
	}
	if err := a.drawn(obs, &w); err != nil {
		return nil, err
	}
	return obs, nil
}

// drawn reads what a browser made.
func (a *assembler) drawn(obs *crawler.Observation, w *wire) error {
	if w.Rendered != nil {
		rec, err := a.follow(typeResource)
		if err != nil {
			return err
		}
		if obs.Rendered.Body = rec.block; len(rec.block) == 0 {
			obs.Rendered.Body = nil
		}
		addHeaders(obs.Rendered, nil, w.Rendered.Headers)
	}
	if w.Picture {
		rec, err := a.follow(typeResource)
		if err != nil {
			return err
		}
		obs.Screenshot = rec.block
	}
	return nil
}

// follow reads a record that must be there.
func (a *assembler) follow(kinds ...string) (*record, error) {
	rec, err := a.src.next()
	if err == io.EOF {
		return nil, ErrCut
	}
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if rec.kind == k {
			return rec, nil
		}
	}
	return nil, fmt.Errorf("a record of type %q stands where %v should follow", rec.kind, kinds)
}

// hop fills in headers and body of a page; bodies are those before it.
func (a *assembler) hop(p *crawler.Page, h *hop, bodies [][]byte) error {
	rec, err := a.follow(typeResponse, typeRevisit)
	if err != nil {
		return err
	}
	head, body, err := splitHTTP(rec.block)
	if err != nil {
		return err
	}
	if (rec.kind == typeRevisit) != (h.Same != nil) {
		return errors.New("the metadata and the records of the observation disagree")
	}
	switch s := h.Same; {
	case s == nil:
	case s.File == "":
		if s.Hop < 1 || s.Hop > len(bodies) {
			return fmt.Errorf("a page is said to be that of answer %d, which does not come before it", s.Hop)
		}
		body = bodies[s.Hop-1]
	default:
		if body, err = a.origin(Place{File: s.File, Offset: s.Offset}, rec.fields["warc-payload-digest"]); err != nil {
			return fmt.Errorf("a page that stands at byte %d of %s: %w", s.Offset, s.File, err)
		}
	}
	p.Body = body
	addHeaders(p, head, h.Headers)
	return nil
}

// origin reads a body from elsewhere in the folder; it must have the digest.
func (a *assembler) origin(place Place, digest string) ([]byte, error) {
	if a.origins == "" {
		return nil, errors.New("there is no folder to look in")
	}
	f, err := openAt(a.origins, place)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rec, err := newSource(f, place.Offset).next()
	if err != nil {
		return nil, err
	}
	_, body, err := splitHTTP(rec.block)
	if err != nil {
		return nil, err
	}
	if rec.kind != typeResponse || label(sha1.Sum(body)) != digest {
		return nil, errors.New("another page stands there")
	}
	return body, nil
}

// addHeaders gives a page its headers: those of its record and those that
// the record could not show.
func addHeaders(p *crawler.Page, head http.Header, kept []header) {
	p.Header = head
	for _, h := range kept {
		if p.Header == nil {
			p.Header = http.Header{}
		}
		p.Header[string(h.Name)] = plain(h.Values)
	}
}
