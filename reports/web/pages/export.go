package pages

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
)

// fileTime is how long a file may take on its way: a million domains by a slow line.
const fileTime = 30 * time.Minute

// longer gives a request and its answer the time of a file.
func longer(w http.ResponseWriter) error {
	c, until := http.NewResponseController(w), time.Now().Add(fileTime)
	return errors.Join(c.SetReadDeadline(until), c.SetWriteDeadline(until))
}

// export sends the domains that a filter picks as a file.
func (s *Site) export(w http.ResponseWriter, r *http.Request) error {
	run, _, err := s.runOf(r)
	if err != nil {
		return err
	}
	if run == nil {
		return actions.ErrNotFound
	}
	records, err := s.Actions.Records(r.Context(), account.From(r.Context()), run, filterOf(r.URL.Query(), run.StartedAt))
	if err != nil {
		return err
	}
	return send(w, run.ID+"-domains", r.URL.Query().Get("format"), func(out *bufio.Writer, format string) error {
		switch format {
		case "jsonl":
			return export.WriteJSONL(out, records, langOf(r))
		case "xlsx":
			return export.WriteXLSX(out, export.Workbook{Run: run, Records: records, Rules: s.Actions.Rules, Lang: langOf(r)})
		}
		return export.WriteCSV(out, records, langOf(r))
	})
}

// exportChanges sends the comparison of two runs as a file.
func (s *Site) exportChanges(w http.ResponseWriter, r *http.Request) error {
	ctx, viewer := r.Context(), account.From(r.Context())
	was, now, ok := strings.Cut(r.PathValue("run"), "..")
	if !ok {
		return actions.ErrNotFound
	}
	a, err := s.Actions.Run(ctx, viewer, was)
	if err != nil {
		return err
	}
	b, err := s.Actions.Run(ctx, viewer, now)
	if err != nil {
		return err
	}
	changes, err := s.Actions.Changes(ctx, viewer, a, b)
	if err != nil {
		return err
	}
	return send(w, a.ID+".."+b.ID, "csv", func(out *bufio.Writer, _ string) error { return export.WriteDiffCSV(out, changes, langOf(r)) })
}

// send sends a file as it is made. What fails in the midst of it cuts the connection, so
// that half a file is not taken for a whole one.
func send(w http.ResponseWriter, name, format string, write func(*bufio.Writer, string) error) error {
	kinds := map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	if kinds[format] == "" {
		format = "csv"
	}
	if err := longer(w); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kinds[format])
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.%s"`, name, format))
	out := bufio.NewWriterSize(w, 64<<10)
	err := write(out, format)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}
