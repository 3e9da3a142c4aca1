package wacz

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/warc"
)

// version is that of the WACZ format.
const version = "1.1.1"

// A Package is what is packed.
type Package struct {
	Observation *crawler.Observation
	Name        string // begins the name of the WARC file: the run
	Title       string // what it is, for people
	Description string
	Main        string // the page to begin with; "" for none
	MainTitle   string // its title
	Software    string
	Created     time.Time
	Files       []File // further files below evidence/
}

// A File is one part of a package.
type File struct {
	Name string // with slashes
	Body []byte
}

// Write packs p, signed by key and, if stamp is not nil, dated by its server. When it
// returns an error, what was written is of no use.
func Write(ctx context.Context, w io.Writer, p *Package, key *Key, stamp *StampServer) error {
	files, err := p.parts()
	if err != nil {
		return err
	}
	manifest, err := p.manifest(files)
	if err != nil {
		return err
	}
	digest, err := digestOf(ctx, manifest, p, key, stamp)
	if err != nil {
		return err
	}
	files = append(files, File{packageFile, manifest}, File{digestFile, digest})
	z := zip.NewWriter(w)
	for _, f := range files {
		// What is compressed already is stored, so that a reader finds a record by its offset.
		h := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: p.Created.UTC()}
		if strings.HasSuffix(f.Name, ".gz") || strings.HasSuffix(f.Name, ".jpg") {
			h.Method = zip.Store
		}
		part, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := part.Write(f.Body); err != nil {
			return err
		}
	}
	return z.Close()
}

// parts are all files but the manifest and its digest.
func (p *Package) parts() ([]File, error) {
	name, archive, err := p.archive()
	if err != nil {
		return nil, err
	}
	entries, err := warc.Entries(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("indexing the evidence: %w", err)
	}
	index, err := indexOf(name, entries)
	if err != nil {
		return nil, err
	}
	pages, err := p.pages()
	if err != nil {
		return nil, err
	}
	seen, err := evidenceFiles(p.Observation)
	if err != nil {
		return nil, err
	}
	files := []File{{"archive/" + name, archive}, {"indexes/index.cdxj", index}, {"pages/pages.jsonl", pages}}
	for _, f := range append(seen, p.Files...) {
		files = append(files, File{"evidence/" + f.Name, f.Body})
	}
	return append(files, File{"SHA256SUMS", sums(files)}), nil
}

// archive writes the observation as WARC. Bodies that stand elsewhere in the
// evidence stand in full here.
func (p *Package) archive() (name string, data []byte, err error) {
	dir, err := os.MkdirTemp("", "wacz-*")
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(dir)
	out, err := warc.NewWriter(dir, p.Name, 0)
	if err != nil {
		return "", nil, err
	}
	place, err := out.Write(p.Observation)
	if closing := out.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return "", nil, err
	}
	data, err = os.ReadFile(filepath.Join(dir, place.File))
	return place.File, data, err
}

// indexed is the JSON of an index line.
type indexed struct {
	URL          string `json:"url"`
	Mime         string `json:"mime"`
	Status       int    `json:"status"`
	Digest       string `json:"digest"`
	RecordDigest string `json:"recordDigest"`
	Length       int64  `json:"length"`
	Offset       int64  `json:"offset"`
	Filename     string `json:"filename"`
}

// resourceStatus is what an index says of a record that is no HTTP answer, as other
// writers do.
const resourceStatus = 200

// indexOf is the CDXJ index of what can be looked up by its address.
func indexOf(file string, entries []warc.Entry) ([]byte, error) {
	var lines []string
	for _, e := range entries {
		switch e.Type {
		case "response", "revisit", "resource":
		default:
			continue
		}
		status := e.Status
		if e.Type == "resource" {
			status = resourceStatus
		}
		row, err := plainJSON(indexed{URL: e.URI, Mime: e.Mime, Status: status, Digest: e.Digest, RecordDigest: "sha256:" + hex.EncodeToString(e.Sum[:]),
			Length: e.Length, Offset: e.Offset, Filename: file})
		if err != nil {
			return nil, err
		}
		lines = append(lines, surt(e.URI)+" "+e.Date.UTC().Format("20060102150405")+" "+string(row)+"\n")
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "")), nil
}

// plainJSON is JSON on one line with & < > as they are.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// pages lists the pages that visits ended in.
func (p *Package) pages() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"format":"json-pages-1.0","id":"pages","title":"Pages"}` + "\n")
	known := map[string]bool{}
	for i := range p.Observation.Visits {
		v := &p.Observation.Visits[i]
		last := v.Last()
		switch v.Ask.Kind {
		case crawler.AskScript, crawler.AskPart, crawler.AskRobots, crawler.AskLookup:
			continue
		}
		if last == nil || known[last.URL] {
			continue
		}
		known[last.URL] = true
		page := struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			At    string `json:"ts"`
			Title string `json:"title,omitempty"`
		}{fmt.Sprintf("page-%d", len(known)), strings.ToValidUTF8(last.URL, "\uFFFD"), last.At.UTC().Format(time.RFC3339), ""}
		if last.URL == p.Main {
			page.Title = p.MainTitle
		}
		row, err := plainJSON(page)
		if err != nil {
			return nil, err
		}
		b.Write(append(row, '\n'))
	}
	return b.Bytes(), nil
}

// A resource is what datapackage.json says of a file.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// A dataPackage is datapackage.json.
type dataPackage struct {
	Profile     string     `json:"profile"`
	Version     string     `json:"wacz_version"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Created     string     `json:"created"`
	Software    string     `json:"software,omitempty"`
	MainPage    string     `json:"mainPageUrl,omitempty"`
	MainDate    string     `json:"mainPageDate,omitempty"`
	Resources   []resource `json:"resources"`
}

// manifest is datapackage.json of the files.
func (p *Package) manifest(files []File) ([]byte, error) {
	d := dataPackage{Profile: "data-package", Version: version, Title: p.Title, Description: p.Description, Created: p.Created.UTC().Format(time.RFC3339), Software: p.Software}
	if p.Main != "" {
		d.MainPage, d.MainDate = p.Main, p.Observation.At.UTC().Format(time.RFC3339)
	}
	for _, f := range files {
		d.Resources = append(d.Resources, resource{Name: path.Base(f.Name), Path: f.Name, Hash: hashOf(f.Body), Bytes: int64(len(f.Body))})
	}
	return json.MarshalIndent(&d, "", "  ")
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// sums lists the files as sha256sum -c reads them.
func sums(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", strings.TrimPrefix(hashOf(f.Body), "sha256:"), f.Name)
	}
	return b.Bytes()
}

// digestOf is datapackage-digest.json of a manifest.
func digestOf(ctx context.Context, manifest []byte, p *Package, key *Key, stamp *StampServer) ([]byte, error) {
	d := digestDocument{Path: packageFile, Hash: hashOf(manifest)}
	signed, err := signedBy(key, d.Hash, p.Software, p.Created)
	if err != nil {
		return nil, err
	}
	if d.SignedData, err = json.Marshal(signed); err != nil {
		return nil, err
	}
	if stamp != nil {
		response, err := stamp.stamp(ctx, signed.Signature)
		if err != nil {
			return nil, err
		}
		read, err := readStamp(response, signed.Signature)
		if err != nil {
			return nil, message.Errorf("时间戳：%w", "the time stamp: %w", err)
		}
		d.TimeSignature, d.TimestampCert = encode(response), certificatesPEM(read.Certificates)
	}
	return json.MarshalIndent(&d, "", "  ")
}
