package html

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/beianwatch/beianwatch/reports"
)

// summaryFile is summary.json.
type summaryFile struct {
	Schema        int            `json:"schema"`
	reports.Point                // the counts of domains
	Lines         int            `json:"lines"`
	Rejected      int            `json:"rejected"`
	Pages         string         `json:"pages"` // where the report of a domain lies
	Liveness      map[string]int `json:"liveness"`
}

func writePoint(w io.Writer, s *reports.Summary, where layout) error {
	file := summaryFile{Schema: reports.Schema, Point: s.Points, Lines: s.Run.Lines, Rejected: s.Run.Rejected, Pages: where.pattern(), Liveness: map[string]int{}}
	for _, c := range s.Liveness {
		file.Liveness[c.Word] = c.N
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(file)
}

// PastPoints reads the counts of earlier runs that were written below out, in
// the order given; a run that was not written there, or cannot be read, is left
// out, because a trend is not worth an error.
func PastPoints(out string, runs []*reports.Run) []reports.Point {
	var points []reports.Point
	for _, run := range runs {
		var file summaryFile
		data, err := os.ReadFile(filepath.Join(runDir(out, run.ID), "summary.json"))
		if err == nil && json.Unmarshal(data, &file) == nil && file.Run == run.ID {
			points = append(points, file.Point)
		}
	}
	return points
}
