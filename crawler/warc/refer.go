package warc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// selfContained stands in the first record of a file whose revisits refer to bodies
// of that file alone. Files of earlier versions lack it.
const selfContained = "x-beianwatch-revisits: within this file"

// Refers lists the other files of the folder that hold bodies of the observations in
// an evidence file: they must not be deleted before it. Only files of earlier versions
// refer to others. Behind a cut end nothing can be read, so that is no error; after
// any other one the list may lack files.
func Refers(ctx context.Context, path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading evidence: %w", err)
	}
	defer f.Close()
	src := newSource(f, 0)
	var files []string
	for {
		if err := ctx.Err(); err != nil {
			return files, err
		}
		rec, err := src.next()
		if err == io.EOF || errors.Is(err, ErrCut) {
			return files, nil
		}
		if err == nil && rec.kind == typeInfo && bytes.Contains(rec.block, []byte(selfContained)) {
			return files, nil
		}
		if err == nil && isObservation(rec) {
			files, err = addReferred(files, rec.block)
		}
		if err != nil {
			return files, fmt.Errorf("reading evidence in %s: %w", filepath.Base(path), err)
		}
	}
}

// addReferred adds the files that the metadata of an observation names.
func addReferred(files []string, metadata []byte) ([]string, error) {
	var w struct {
		Visits []struct {
			Hops []struct {
				Same *same `json:"same"`
			} `json:"hops"`
		} `json:"visits"`
	}
	if err := json.Unmarshal(metadata, &w); err != nil {
		return files, fmt.Errorf("the metadata of the observation: %w", err)
	}
	for _, v := range w.Visits {
		for _, h := range v.Hops {
			if h.Same != nil && h.Same.File != "" && !slices.Contains(files, h.Same.File) {
				files = append(files, h.Same.File)
			}
		}
	}
	return files, nil
}
