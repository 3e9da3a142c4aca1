package actions

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/reports/web/account"
)

// MaxUpload bounds an uploaded inventory, in bytes: a workbook of a million lines has
// some 60 MB.
const MaxUpload = 128 << 20

// draftsKept is how long an upload waits to be accepted.
const draftsKept = 24 * time.Hour

// Folders below Dir.
const (
	inventoriesDir = "inventories"
	draftsDir      = "drafts"
)

// A Draft is an uploaded inventory that nobody has accepted yet.
type Draft struct {
	ID      string
	Name    string // of the file as uploaded, cleaned
	By      string
	Summary *inventory.Summary
	Path    string
}

// draftNote is what is kept beside a draft.
type draftNote struct{ Name, By, Ext string }

// kinds are the inventories that can be uploaded.
var kinds = []string{".csv", ".xlsx", ".jsonl", ".txt", ".tsv"}

// UploadInventory takes a file and says what was understood of it. It is read by
// nobody until it is accepted.
func (s *Service) UploadInventory(ctx context.Context, v account.Viewer, name string, r io.Reader) (*Draft, error) {
	if err := allow(v, account.Upload); err != nil {
		return nil, err
	}
	name = fileName(name)
	ext := strings.ToLower(filepath.Ext(name))
	if !slices.Contains(kinds, ext) {
		return nil, bad("请上传 .csv、.xlsx 或 .jsonl 文件（其他格式请另存为 CSV 或 XLSX）", "upload a .csv, .xlsx or .jsonl file (save other formats as CSV or XLSX)")
	}
	dir := filepath.Join(s.Dir, draftsDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for uploads: %w", err)
	}
	s.sweepDrafts(dir)
	d := &Draft{ID: rand.Text(), Name: name, By: v.Name}
	d.Path = filepath.Join(dir, d.ID+ext)
	if err := save(d.Path, r); err != nil {
		return nil, err
	}
	note, err := json.Marshal(draftNote{name, v.Name, ext})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, d.ID+".note"), note, 0o600)
	}
	if err != nil {
		return nil, err
	}
	if d.Summary, err = inventory.Summarize(ctx, d.Path); err != nil {
		os.Remove(d.Path) //nolint:errcheck // it is swept with the others
		var wrong *inventory.Error
		if errors.As(err, &wrong) {
			return nil, &BadRequest{said{text(wrong.Message)}}
		}
		return nil, err
	}
	s.note(ctx, v, "inventory.upload", name)
	return d, nil
}

// save writes a file of at most MaxUpload bytes.
func save(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("storing the upload: %w", err)
	}
	n, err := io.Copy(f, io.LimitReader(r, MaxUpload+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil && n > MaxUpload {
		err = bad("文件过大：不超过 128 MB", "the file is too large: 128 MB at most")
	}
	if err != nil {
		os.Remove(path) //nolint:errcheck // the first error says more
	}
	return err
}

// fileName makes a name of what a browser says: the last part, without what a file
// system or a terminal would take for something else.
func fileName(name string) string {
	name = filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._- ()（）", r) {
			return r
		}
		return '_'
	}, name)
	name = strings.TrimLeft(name, ". ")
	ext := filepath.Ext(name)
	base := strings.TrimSuffix(name, ext)
	for len(base) > 100 {
		_, n := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-n]
	}
	return base + ext
}

// sweepDrafts deletes what nobody has accepted for long.
func (s *Service) sweepDrafts(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && s.now().Sub(info.ModTime()) > draftsKept {
			os.Remove(filepath.Join(dir, e.Name())) //nolint:errcheck // the next upload tries again
		}
	}
}

// DraftOf returns an upload that waits to be accepted.
func (s *Service) DraftOf(ctx context.Context, v account.Viewer, id string) (*Draft, error) {
	d, err := s.draft(v, id)
	if err != nil {
		return nil, err
	}
	d.Summary, err = inventory.Summarize(ctx, d.Path)
	return d, err
}

func (s *Service) draft(v account.Viewer, id string) (*Draft, error) {
	if err := allow(v, account.Upload); err != nil {
		return nil, err
	}
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '2' || r > '7') }) {
		return nil, ErrNotFound // not one that rand.Text makes
	}
	dir := filepath.Join(s.Dir, draftsDir)
	data, err := os.ReadFile(filepath.Join(dir, id+".note"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	var note draftNote
	if err == nil {
		err = json.Unmarshal(data, &note)
	}
	if err != nil {
		return nil, err
	}
	d := &Draft{ID: id, Name: note.Name, By: note.By, Path: filepath.Join(dir, id+note.Ext)}
	if _, err := os.Stat(d.Path); err != nil {
		return nil, ErrNotFound
	}
	return d, nil
}

// AcceptInventory makes an upload an inventory that runs can be begun over, in place of
// one of the same name.
func (s *Service) AcceptInventory(ctx context.Context, v account.Viewer, id string) (path string, err error) {
	d, err := s.draft(v, id)
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(filepath.Join(s.Dir, inventoriesDir))
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("making the folder for inventories: %w", err)
	}
	path = filepath.Join(dir, d.Name)
	if err := os.Rename(d.Path, path); err != nil {
		return "", fmt.Errorf("storing the inventory: %w", err)
	}
	os.Remove(filepath.Join(s.Dir, draftsDir, id+".note")) //nolint:errcheck // it is swept with the others
	s.note(ctx, v, "inventory.accept", d.Name)
	return path, nil
}

// uploaded lists the paths of the inventories that were accepted.
func (s *Service) uploaded() (list []string) {
	dir, err := filepath.Abs(filepath.Join(s.Dir, inventoriesDir))
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // none was
	}
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			list = append(list, filepath.Join(dir, e.Name()))
		}
	}
	return list
}

// A Line is an entry of an inventory as it was understood.
type Line struct {
	Line    int
	Sheet   string
	Target  *crawler.Target   // nil for one that was rejected
	Text    string            // of one that was rejected, as written
	Problem inventory.Message // what is wrong with it; empty if nothing is
}

// Lines reads an inventory line by line and says of each what was understood. An error
// of each ends the reading and is returned.
func Lines(path string, each func(*Line) error) error {
	seen := map[string]*crawler.Target{}
	_, err := inventory.Read(path, func(t crawler.Target) error {
		l := &Line{Line: t.Line, Sheet: t.Sheet, Target: &t}
		switch first := seen[t.Domain]; {
		case first != nil:
			l.Problem = inventory.Duplicate(first, &t)
		case len(seen) < maxCompared:
			seen[t.Domain] = &t
		}
		if l.Problem.ZH == "" && t.Filing.Status == crawler.FilingUnknown && t.Filing.Reason != "" {
			l.Problem = inventory.Message{ZH: "备案情况未知：未能从备案状态或备案号列读出", EN: "the filing status is unknown: " + t.Filing.Reason}
		}
		return each(l)
	}, func(r inventory.Rejection) error {
		return each(&Line{Line: r.Line, Sheet: r.Sheet, Text: r.Text, Problem: r.Reason})
	})
	return err
}

// maxCompared is in how many lines duplicates are looked for; a line takes some 1 kB.
const maxCompared = 200_000
