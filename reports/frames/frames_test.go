package frames

import (
	"bytes"
	"image"
	"image/jpeg"
	"reflect"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// shot is a picture of the window.
func shot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1280, 900)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// found is an outcome of a rule that quotes words.
func found(rule string, severity detect.Severity, words string) detect.Outcome {
	saw := detect.Text{ZH: "页面底部没有备案号", EN: "no number"}
	if words != "" {
		saw = detect.Text{ZH: "看到“" + words + "”", EN: "saw it"}
	}
	return detect.Outcome{Rule: rule, Verdict: detect.Found, Severity: severity, Findings: []detect.Finding{{Saw: saw}}}
}

// TestFrames frames the words that a finding quotes, however markup parts them, else
// the foot; and nothing where what is quoted is not in the picture.
func TestFrames(t *testing.T) {
	boxes := []crawler.Box{
		{X: 0, Y: 700, Width: 1280, Height: 200, Foot: true}, {X: 100, Y: 710, Width: 300, Height: 90, Foot: true},
		{X: 40, Y: 20, Width: 90, Height: 20, Text: "京ICP备20031415号"}, // quoted in the text above
		{X: 40, Y: 720, Width: 50, Height: 20, Text: "京ICP备 "}, {X: 90, Y: 722, Width: 90, Height: 18, Text: "20031415号"}, {X: 200, Y: 720, Width: 80, Height: 20, Text: "版权所有"},
	}
	obs := &crawler.Observation{Drawing: &crawler.Drawing{Boxes: boxes}, Screenshot: shot(t)}
	book := wording.NewBook(rules.All)
	for name, c := range map[string]struct {
		outs []detect.Outcome
		want []Frame
	}{
		"parted words":   {[]detect.Outcome{found("footer-link-missing", detect.Violation, "京ICP备20031415号")}, []Frame{{X: 36, Y: 716, Width: 148, Height: 28, Tone: detect.Violation}}},
		"nothing quoted": {[]detect.Outcome{found("footer-number-missing", detect.Violation, "")}, []Frame{{X: 2, Y: 696, Width: 1276, Height: 202, Tone: detect.Violation}}},
		"one place": {[]detect.Outcome{found("footer-number-suffix", detect.Notice, "京ICP备20031415号"), found("footer-link-wrong", detect.Violation, "京ICP备20031415号")},
			[]Frame{{X: 36, Y: 716, Width: 148, Height: 28, Tone: detect.Violation}}},
		"elsewhere":          {[]detect.Outcome{found("content-forbidden", detect.Warning, "上面的一句话")}, nil},
		"not of the page":    {[]detect.Outcome{found("filed-site-down", detect.Warning, "版权所有")}, nil},
		"by chance":          {[]detect.Outcome{found("content-forbidden", detect.Warning, "有")}, nil},
		"only what is found": {[]detect.Outcome{{Rule: "footer-number-missing", Verdict: detect.Pass}}, nil},
	} {
		v := Of(obs, &reports.Record{Outcomes: c.outs}, book)
		for i := range v.List {
			v.List[i].Title = detect.Text{}
		}
		if !reflect.DeepEqual(v.List, c.want) || v.Width != 1280 || v.Height != 900 {
			t.Errorf("%s: %+v, want %+v", name, v, c.want)
		}
	}
	if v := Of(&crawler.Observation{Screenshot: shot(t), Drawing: &crawler.Drawing{}}, &reports.Record{}, book); v.List != nil {
		t.Error("frames without boxes")
	}
}
