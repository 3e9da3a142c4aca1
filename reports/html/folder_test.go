package html

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// sampleRecords returns the first n domains of a sample run, then err if it is
// not nil.
func sampleRecords(n int, err error) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) {
		for i := range n {
			if !yield(reporttest.Variant(i), nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func sampleFolder(out string, lines int) *Folder {
	run := reporttest.Run()
	run.Lines, run.Rejected, run.Verdicts = lines, 0, lines
	return &Folder{Out: out, Run: run, Rules: reporttest.Rules, Lang: "zh", Evidence: func(string) Evidence { return Evidence{Seen: reporttest.Observation(), File: "r/e.warc.gz", Offset: 7} }}
}

// filesBelow lists files by their path with slashes.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFolder(t *testing.T) {
	f := sampleFolder(t.TempDir(), 9)
	for range 2 { // the second time over the first
		s, err := f.Write(sampleRecords(9, nil))
		if err != nil {
			t.Fatal(err)
		}
		if s.Points.Domains != 9 {
			t.Errorf("the summary has %d domains, want 9", s.Points.Domains)
		}
	}
	reporttest.Private(t, f.Out)
	files := filesBelow(t, f.Out)
	want := []string{"20261123T020000-7f3a/index.html", "20261123T020000-7f3a/results.csv", "20261123T020000-7f3a/results.jsonl", "20261123T020000-7f3a/results.xlsx", "20261123T020000-7f3a/summary.json"}
	for i := range 9 {
		name := "20261123T020000-7f3a/domains/site000" + string(rune('0'+i)) + ".example.cn"
		want = append(want, name+".html", name+".json")
	}
	slices.Sort(want)
	slices.Sort(files)
	if !slices.Equal(files, want) {
		t.Errorf("files %q, want %q", files, want)
	}
	index, err := os.ReadFile(filepath.Join(f.Dir(), "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, index)
	checkLinks(t, f.Dir(), string(index))
	lines, err := os.ReadFile(filepath.Join(f.Dir(), "results.jsonl"))
	if err != nil || strings.Count(string(lines), "\n") != 9 {
		t.Errorf("results.jsonl has %d lines, want 9 (%v)", strings.Count(string(lines), "\n"), err)
	}
	if points := PastPoints(f.Out, []*reports.Run{{ID: "gone"}, f.Run}); len(points) != 1 || points[0].Domains != 9 {
		t.Errorf("points of past runs: %+v", points)
	}
}

// checkLinks follows every relative address of the summary.
func checkLinks(t *testing.T, dir, page string) {
	t.Helper()
	n := 0
	for _, part := range strings.Split(page, `href="`)[1:] {
		to, _, _ := strings.Cut(part, `"`)
		if strings.HasPrefix(to, "#") || strings.HasPrefix(to, "http") {
			continue
		}
		n++
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(to))); err != nil {
			t.Errorf("a link leads nowhere: %v", err)
		}
	}
	if n == 0 {
		t.Error("no link to a report")
	}
}

func TestFolderOfALargeRunSpreads(t *testing.T) {
	for _, lines := range []int{spreadAt + 1, spreadMore + 1} {
		f := sampleFolder(t.TempDir(), lines)
		f.Pages = PagesFindings
		if _, err := f.Write(sampleRecords(16, nil)); err != nil {
			t.Fatal(err)
		}
		index, err := os.ReadFile(filepath.Join(f.Dir(), "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		checkLinks(t, f.Dir(), string(index))
		depth := 2 + layoutFor(lines).levels
		found := 0
		for _, name := range filesBelow(t, filepath.Join(f.Dir(), "domains")) {
			found++
			if n := strings.Count("domains/"+name, "/"); n != depth-1 {
				t.Errorf("%s lies %d deep, want %d", name, n, depth-1)
			}
			page, err := os.ReadFile(filepath.Join(f.Dir(), "domains", name))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".html") && !strings.Contains(string(page), `href="`+strings.Repeat("../", depth-1)+`index.html"`) {
				t.Errorf("%s does not lead back", name)
			}
		}
		if found != 2*8 {
			t.Errorf("%d files for the 8 domains with findings, want a page and a record each", found)
		}
		var file summaryFile
		data, _ := os.ReadFile(filepath.Join(f.Dir(), "summary.json"))
		if err := json.Unmarshal(data, &file); err != nil || !strings.Contains(file.Pages, "sha256") {
			t.Errorf("summary.json says of pages %q (%v)", file.Pages, err)
		}
	}
}

func TestFolderThatFails(t *testing.T) {
	f := sampleFolder(t.TempDir(), 5)
	trouble := errors.New("the database went away")
	if _, err := f.Write(sampleRecords(3, trouble)); !errors.Is(err, trouble) {
		t.Fatalf("error %v, want one about the database", err)
	}
	for _, name := range filesBelow(t, f.Dir()) {
		if !strings.HasPrefix(name, "domains/") {
			t.Errorf("%s was left by a writing that failed", name)
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := sampleFolder(blocked, 5).Write(sampleRecords(1, nil)); err == nil || !strings.Contains(err.Error(), "--out") {
		t.Errorf("error %v, want one that says what to do", err)
	}
}

// TestPictureIsInside: the picture that a browser took is part of the report, small
// enough to be mailed; what is no picture is none.
func TestPictureIsInside(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	seed := uint32(1)
	for i := range noise.Pix {
		seed = seed*1664525 + 1013904223
		noise.Pix[i] = byte(seed >> 24)
	}
	var large bytes.Buffer
	if err := jpeg.Encode(&large, noise, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	if large.Len() < 4*maxPicture {
		t.Fatalf("a picture of %d bytes shows nothing", large.Len())
	}
	for name, shot := range map[string][]byte{"large": large.Bytes(), "none": []byte("\xff\xd8\xff no picture")} {
		obs := reporttest.Observation()
		obs.Screenshot = shot
		var page bytes.Buffer
		if err := sampleHTML("zh").Domain(&page, &Subject{Record: reporttest.Record(), Evidence: Evidence{Seen: obs}}); err != nil {
			t.Fatal(err)
		}
		checkPage(t, page.Bytes())
		_, rest, ok := strings.Cut(page.String(), `src="data:image/jpeg;base64,`)
		if name != "large" {
			if ok {
				t.Errorf("%s: a picture in the report", name)
			}
			continue
		}
		data, _, _ := strings.Cut(rest, `"`)
		got, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(data, "&#43;", "+"))
		if err != nil || len(got) > maxPicture {
			t.Fatalf("%d bytes inside, %v", len(got), err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(got)); err != nil {
			t.Error(err)
		}
	}
}

// The records of a run are read from the database once, whatever files are written.
func TestFolderReadsOnce(t *testing.T) {
	f := sampleFolder(t.TempDir(), 3)
	reads := 0
	if _, err := f.Write(func(yield func(*reports.Record, error) bool) {
		reads++
		for i := range 3 {
			if !yield(reporttest.Variant(i), nil) {
				return
			}
		}
	}); err != nil || reads != 1 {
		t.Errorf("%d readings, %v", reads, err)
	}
}
