package html

import (
	"bytes"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
)

// TestFramedPicture: the report frames the place of a finding in the picture.
func TestFramedPicture(t *testing.T) {
	var shot, page bytes.Buffer
	if err := jpeg.Encode(&shot, image.NewGray(image.Rect(0, 0, 1280, 900)), nil); err != nil {
		t.Fatal(err)
	}
	obs := &crawler.Observation{Screenshot: shot.Bytes(), Drawing: &crawler.Drawing{Boxes: []crawler.Box{{X: 0, Y: 700, Width: 1280, Height: 200, Foot: true}}}}
	r := &reports.Record{Domain: "example.cn", Outcomes: []detect.Outcome{{Rule: "footer-number-missing", Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{{}}}}}
	if err := New(rules.All, "zh").Domain(&page, &Subject{Record: r, Evidence: Evidence{Seen: obs}}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), `<rect class="violation" x="2" y="696" width="1276" height="202">`) {
		t.Error("the report has no frame")
	}
}
