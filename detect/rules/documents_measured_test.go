package rules

import (
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/detect"
)

// A spoiling is one way to make a picture, with what must come of it.
type spoiling struct {
	name  string
	to    func(*image.Gray) *image.Gray
	want  string // "good": never found; "bad": never passed; "": only told
	least int    // of the nine, so many at least must be found
	jpeg  int    // quality, 90 if not given
}

func blur(sigma float64) func(*image.Gray) *image.Gray {
	return func(g *image.Gray) *image.Gray { return blurred(g, sigma) }
}

func scale(k, lift float64) func(*image.Gray) *image.Gray {
	return func(g *image.Gray) *image.Gray { return each(g, func(v float64) float64 { return lift + k*v }) }
}

func shrink(long int) func(*image.Gray) *image.Gray {
	return func(g *image.Gray) *image.Gray { return shrunk(g, long) }
}

func grainy(sigma float64) func(*image.Gray) *image.Gray {
	return func(g *image.Gray) *image.Gray { return noisy(g, sigma) }
}

var spoilings = []spoiling{
	{name: "as it is", want: "good"},
	{name: "JPEG quality 40", jpeg: 40, want: "good"},
	{name: "grain of 6 grey levels", to: grainy(6), want: "good"},
	{name: "1000 pixels", to: shrink(1000), want: "good"},
	{name: "half the light", to: scale(0.6, 0), want: "good"},
	{name: "two thirds of the contrast", to: scale(0.66, 80), want: "good"},
	{name: "blur 1", to: blur(1), want: "good"},
	{name: "blur 1.5", to: blur(1.5), want: "good"},
	{name: "blur 2.5", to: blur(2.5), want: "bad", least: 9},
	{name: "blur 4", to: blur(4), want: "bad", least: 9},
	{name: "blur 7", to: blur(7), want: "bad", least: 9},
	{name: "blur 4 and grain of 6", to: func(g *image.Gray) *image.Gray { return noisy(blurred(g, 4), 6) }},
	{name: "a fifth of the light", to: scale(0.2, 0), want: "bad", least: 9},
	{name: "a tenth of the light", to: scale(0.1, 0), want: "bad", least: 9},
	{name: "washed out to a quarter", to: scale(0.25, 190), want: "bad", least: 9},
	{name: "washed out to a tenth", to: scale(0.1, 228), want: "bad", least: 9},
	{name: "500 pixels", to: shrink(500), want: "bad"},
	{name: "300 pixels", to: shrink(300), want: "bad", least: 9},
	{name: "right third cut off", to: func(g *image.Gray) *image.Gray { return cropped(g, 0, 0, 0.66, 1) }, least: 2},
}

// takes are the ways in which a document becomes a picture.
var takes = []struct {
	name string
	of   func(*image.Gray) *image.Gray
}{
	{"scanned", func(g *image.Gray) *image.Gray { return g }},
	{"on a dark table", func(g *image.Gray) *image.Gray { return photographed(g, darkTable) }},
	{"on a wooden table", func(g *image.Gray) *image.Gray { return photographed(g, woodenTable) }},
}

// A tallied counts verdicts.
type tallied struct{ found, unknown, pass int }

// TestDocumentsMeasured draws documents, spoils their pictures, and holds the
// measurements and limits to what must come of each. The table is part of
// docs/documents.md.
func TestDocumentsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("it draws and reads some hundred pictures, one after the other")
	}
	dir := t.TempDir()
	reader, err := document.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	counts := make([]tallied, len(spoilings))
	for _, d := range []struct {
		name string
		draw func() *image.Gray
	}{{"licence", drawLicence}, {"card", drawCard}, {"letter", drawLetter}} {
		sheet := d.draw()
		for _, take := range takes {
			picture := take.of(sheet)
			for i, s := range spoilings {
				name := fmt.Sprintf("%s-%s-%d.jpg", d.name, take.name, i)
				writeSpoiled(t, filepath.Join(dir, name), picture, s)
				f := reader.Read(t.Context(), []crawler.Document{{Kind: "身份证", Path: name}})
				o := unclear(f)
				counts[i].count(o)
				held(t, d.name+" "+take.name+", "+s.name, s.want, o, &f[0])
			}
		}
	}
	for i, s := range spoilings {
		if counts[i].found < s.least {
			t.Errorf("%s: found in %d of %d, want %d at least", s.name, counts[i].found, len(takes)*3, s.least)
		}
	}
	documentTable(t, counts)
}

// unclear is what documents-unclear says of documents.
func unclear(f []crawler.DocumentFacts) detect.Outcome {
	target := &crawler.Target{Holder: crawler.Holder{Documents: []crawler.Document{f[0].Document}}}
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	c := detect.NewCase(detect.Input{Target: target, Obs: &crawler.Observation{Documents: f}, At: at}, nil)
	return detect.Judge(c, []*detect.Rule{documentsUnclear})[0]
}

func (c *tallied) count(o detect.Outcome) {
	switch o.Verdict {
	case detect.Found:
		c.found++
	case detect.Unknown:
		c.unknown++
	default:
		c.pass++
	}
}

// held holds one picture to what must come of it.
func held(t *testing.T, name, want string, o detect.Outcome, f *crawler.DocumentFacts) {
	t.Helper()
	bad := false
	switch want {
	case "good":
		bad = o.Verdict == detect.Found
	case "bad":
		bad = o.Verdict == detect.Pass
	}
	say := t.Logf
	if bad {
		say = t.Errorf
	}
	say("%s (%s): %s %s, sharpness %.3f, marks %.2f, dark %.0f, light %.0f, edges %q, %d×%d %s", name, want, o.Verdict, o.Reason, f.Sharpness, f.Marks, f.Dark, f.Light, f.Edges, f.Width, f.Height, f.Fault)
}

func writeSpoiled(t *testing.T, path string, g *image.Gray, s spoiling) {
	t.Helper()
	if s.to != nil {
		g = s.to(g)
	}
	quality := 90
	if s.jpeg > 0 {
		quality = s.jpeg
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := jpeg.Encode(file, g, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
}

// The table stands in the document between these lines.
const (
	tableFrom = "<!-- measured by TestDocumentsMeasured; go test ./detect/rules -run TestDocumentsMeasured -update -->\n"
	tableTo   = "<!-- end -->"
)

// documentTable keeps the table of docs/documents.md up to date.
func documentTable(t *testing.T, counts []tallied) {
	t.Helper()
	const file = "../../docs/documents.md"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), tableFrom)
	_, after, ok2 := strings.Cut(rest, tableTo)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the table", file)
	}
	var b strings.Builder
	b.WriteString("| picture | found | unknown | pass |\n|---|--:|--:|--:|\n")
	for i, s := range spoilings {
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", s.name, counts[i].found, counts[i].unknown, counts[i].pass)
	}
	want := before + tableFrom + b.String() + tableTo + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(data) {
		t.Error("the table of docs/documents.md is stale. Run: go test ./detect/rules -run TestDocumentsMeasured -update")
	}
}
