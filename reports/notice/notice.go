// Package notice writes rectification notices (整改通知) to the owners of sites,
// in HTML and DOCX.
package notice

import (
	"cmp"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/whole"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
)

// A Writer writes a rectification notice (整改通知) for each addressee, in HTML and
// DOCX: a table of sites, problems and dates, then each problem once with its
// sites, then the form for the reply.
type Writer struct {
	Out        string
	Run        *reports.Run
	Rules      []*detect.Rule // usually rules.All
	Lang       string         // of the notices, "zh" or "en"
	Today      time.Time      // the date of the letters
	Calendar   *workday.Calendar
	Letterhead Letterhead
}

// A Key is whom a notice goes to: two people of one name in two teams get two
// letters.
type Key struct{ Owner, Team, Contact string }

// KeyOf returns whom a record's notice goes to.
func KeyOf(r *reports.Record) Key { return Key{r.Owner, r.Detail.Team, r.Detail.Contact} }

// String is the key as one text, different for different keys.
func (k Key) String() string { return k.Owner + "\x00" + k.Team + "\x00" + k.Contact }

// file is the name of the key's files, without extension. No two keys share one,
// whatever the file system makes of letters: all but the empty key end in a digest.
func (k Key) file() string {
	if k == (Key{}) {
		return "notice-no-owner"
	}
	return "notice-" + reports.FileName(k.String())
}

// maxSites bounds the sites in one notice: a letter is read by a person. How
// many more there are is told in it.
const maxSites = 500

// A bundle is what one notice tells of.
type bundle struct {
	key  Key
	list []*reports.Record
	more int // sites beyond maxSites
}

// Write writes the notices of records, which come owner by owner; records on
// which nothing was found are passed over. It returns the paths of the files.
func (n *Writer) Write(records iter.Seq2[*reports.Record, error]) ([]string, error) {
	if err := os.MkdirAll(n.Out, 0o700); err != nil {
		return nil, message.Errorf("建立通知书文件夹：%w；请用 --out 指定可写的文件夹", "making the folder for notices: %w; name a folder that can be written with --out", err)
	}
	whole.SweepFiles(n.Out)
	var files []string
	owner, open := "", map[Key]*bundle{}
	flush := func() error {
		for _, b := range slices.SortedFunc(maps.Values(open), func(a, b *bundle) int { return cmp.Compare(a.key.String(), b.key.String()) }) {
			written, err := n.letter(b)
			files = append(files, written...)
			if err != nil {
				return err
			}
		}
		clear(open)
		return nil
	}
	for r, err := range records {
		if err != nil {
			return files, err
		}
		if r.Worst() == "" {
			continue
		}
		if r.Owner != owner {
			if err := flush(); err != nil {
				return files, err
			}
			owner = r.Owner
		}
		key := KeyOf(r)
		b := open[key]
		if b == nil {
			b = &bundle{key: key}
			open[key] = b
		}
		if len(b.list) == maxSites {
			b.more++
			continue
		}
		b.list = append(b.list, r)
	}
	return files, flush()
}

// letter writes both forms of one notice.
func (n *Writer) letter(b *bundle) ([]string, error) {
	v := n.view(b)
	var files []string
	for _, form := range []struct {
		ext   string
		write func(io.Writer) error
	}{
		{".html", func(w io.Writer) error { return noticeLayout.Execute(w, v) }},
		{".docx", func(w io.Writer) error { return writeDocx(w, v, n.Today) }},
	} {
		path := filepath.Join(n.Out, b.key.file()+form.ext)
		if err := whole.File(path, func(f *os.File) error { return form.write(f) }); err != nil {
			return files, message.Errorf("写入通知书 %s：%w", "writing the notice %s: %w", path, err)
		}
		files = append(files, path)
	}
	return files, nil
}
