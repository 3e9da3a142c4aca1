package wacz

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/warc"
)

// A place is what an index must have of the record at an offset.
type place struct {
	length   int64
	uri, sum [sha256.Size]byte
}

// archives reads every record, and finds those of the index in their places.
func (r *Report) archives(parts map[string]*zip.File) error {
	found := map[string]map[int64]place{}
	for name, f := range parts {
		file, ok := strings.CutPrefix(name, "archive/")
		if !ok || r.full() {
			continue
		}
		places := map[int64]place{}
		err := spooled(f, func(in *os.File, size int64) error {
			return warc.EachEntry(in, size, func(e warc.Entry) error {
				if r.Records++; r.Records > maxRecords {
					return message.Errorf("WARC 记录超过 %d 条", "more than %d WARC records", maxRecords)
				}
				places[e.Offset] = place{e.Length, sha256.Sum256([]byte(e.URI)), e.Sum}
				return nil
			})
		})
		if errors.Is(err, ErrSpool) {
			return err
		}
		if err != nil {
			r.fault("%s：%w", "%s: %w", name, err)
			continue
		}
		found[file] = places
	}
	if r.Records == 0 {
		r.fault("没有 WARC 记录", "there is no WARC record")
	}
	for name := range parts {
		if strings.HasPrefix(name, "indexes/") && strings.HasSuffix(name, ".cdxj") {
			r.index(parts, name, found)
		}
	}
	return nil
}

// spooled unpacks a part into a temporary file, which is gone when read has returned.
func spooled(f *zip.File, read func(in *os.File, size int64) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	temp, err := os.CreateTemp("", "wacz-*")
	if err != nil {
		return errors.Join(ErrSpool, err)
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	to := &spool{file: temp}
	size, err := io.Copy(to, io.LimitReader(in, maxArchive+1))
	switch {
	case to.err != nil:
		return errors.Join(ErrSpool, to.err)
	case err == nil && size > maxArchive:
		return message.Errorf("大于 %d 字节", "larger than %d bytes", maxArchive)
	case err != nil:
		return err
	}
	return read(temp, size)
}

// A spool tells the trouble of writing from that of reading.
type spool struct {
	file *os.File
	err  error
}

func (s *spool) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	s.err = err
	return n, err
}

// index compares the lines of an index with the records.
func (r *Report) index(parts map[string]*zip.File, name string, found map[string]map[int64]place) {
	data, err := part(parts, name, maxIndex)
	if err != nil {
		r.note(err)
		return
	}
	for line := range strings.Lines(string(data)) {
		if r.full() {
			return
		}
		_, row, _ := strings.Cut(line, "{")
		var e indexed
		if err := json.Unmarshal([]byte("{"+row), &e); err != nil {
			r.fault("%s：%w", "%s: %w", name, err)
			return
		}
		rec, ok := found[e.Filename][e.Offset]
		if !ok || rec.length != e.Length || rec.uri != sha256.Sum256([]byte(e.URL)) || e.RecordDigest != "" && e.RecordDigest != "sha256:"+hex.EncodeToString(rec.sum[:]) {
			r.fault("%s：第 %d 字节处没有 %s 的记录", "%s: no record of %[3]s stands at byte %[2]d", name, e.Offset, e.URL)
		}
	}
}
