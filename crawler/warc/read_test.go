package warc

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/beianwatch/beianwatch/crawler"
)

// read is an observation alone.
func read(dir string, place Place) (*crawler.Observation, error) {
	obs, _, err := ReadWith(dir, place)
	return obs, err
}

// each hands over the whole observations of a file in order, and returns [ErrCut] at
// a cut end.
func each(path string, each func(Place, *crawler.Observation) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	entries, end := Entries(f, info.Size())
	for _, e := range entries {
		if !e.Begins() {
			continue
		}
		place := Place{File: filepath.Base(path), Offset: e.Offset}
		obs, err := read(filepath.Dir(path), place)
		if errors.Is(err, ErrCut) {
			return err
		}
		if err == nil {
			err = each(place, obs)
		}
		if err != nil {
			return err
		}
	}
	return end
}

// next is the next observation of a stream; nil for a record that begins none.
func next(a *assembler) (*crawler.Observation, error) {
	rec, err := a.src.next()
	if err != nil || !isObservation(rec) {
		return nil, err
	}
	return a.observation(rec)
}
