package pages

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// An inventoryView lists the inventories, with the form for another one.
type inventoryView struct {
	frame
	Inventories []inventoryRow
	CanUpload   bool
	CanBegin    bool
}

// An inventoryRow is an inventory in the list.
type inventoryRow struct {
	actions.Inventory
	LastRun *runRow
}

func (s *Site) inventory(w http.ResponseWriter, r *http.Request) error {
	v := &inventoryView{frame: s.frame(r, wording.Say("清单", "Inventories"), "inventory")}
	if !v.Viewer.May(account.SeeAll) {
		return actions.ErrForbidden
	}
	v.CanUpload, v.CanBegin = v.Viewer.May(account.Upload), s.Actions.Begin != nil && v.Viewer.May(account.RunScans)
	list, err := s.Actions.Inventories(r.Context())
	if err != nil {
		return err
	}
	for _, inv := range list {
		one := inventoryRow{Inventory: inv}
		if inv.Last != nil {
			last := row(inv.Last)
			one.LastRun = &last
		}
		v.Inventories = append(v.Inventories, one)
	}
	s.show(w, r, http.StatusOK, "inventory", v)
	return nil
}

// upload takes a file and leads to what was understood of it.
func (s *Site) upload(w http.ResponseWriter, r *http.Request) error {
	if !account.From(r.Context()).May(account.Upload) {
		return actions.ErrForbidden
	}
	if err := longer(w); err != nil {
		return err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return &actions.BadRequest{Err: both{wording.Say("请选择文件", "choose a file")}}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return &actions.BadRequest{Err: both{wording.Say("请选择文件", "choose a file")}}
		}
		if err != nil {
			return &actions.BadRequest{Err: err}
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		d, err := s.Actions.UploadInventory(r.Context(), account.From(r.Context()), part.FileName(), part)
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/inventory/"+url.PathEscape(d.ID), http.StatusSeeOther)
		return nil
	}
}

// A draftView is what was understood of an upload.
type draftView struct {
	frame
	Draft    *actions.Draft
	Statuses []fact
	Warnings []detect.Text
	Missing  []missing
	Problems []lineView // lines with a problem, the first ones
	Lines    []lineView // lines without, the first ones
	More     int        // problems beyond
}

// A missing column and what is not checked for want of it.
type missing struct {
	Name string
	Off  detect.Text
}

// A lineView is a line as it was understood.
type lineView struct {
	Line    int
	Domain  string
	Filing  detect.Text
	Number  string
	Subject string
	Owner   string
	Problem detect.Text
}

// How many lines a page shows of an upload: with a problem, and without.
const (
	maxProblems = 300
	maxSample   = 30
)

func (s *Site) draft(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Actions.DraftOf(r.Context(), account.From(r.Context()), r.PathValue("draft"))
	if err != nil {
		return err
	}
	v := &draftView{frame: s.frame(r, wording.Say("清单核对", "What was understood"), "inventory"), Draft: d}
	for _, status := range []crawler.FilingStatus{crawler.FilingFiled, crawler.FilingUnfiled, crawler.FilingInReview, crawler.FilingCancelled, crawler.FilingUnknown} {
		if n := d.Summary.Statuses[status]; n > 0 {
			v.Statuses = append(v.Statuses, fact{wording.Capital(wording.Word(wording.FilingWords, status)), wording.Same(wording.Grouped(n))})
		}
	}
	v.Warnings = append(v.Warnings, d.Summary.Warnings...)
	for _, m := range d.Summary.Missing {
		v.Missing = append(v.Missing, missing{m.ZH + " / " + m.Column, m.Off})
	}
	err = actions.Lines(d.Path, func(l *actions.Line) error {
		switch {
		case l.Problem.ZH != "" && len(v.Problems) < maxProblems:
			v.Problems = append(v.Problems, lineOf(l))
		case l.Problem.ZH != "":
			v.More++
		case len(v.Lines) < maxSample:
			v.Lines = append(v.Lines, lineOf(l))
		}
		return r.Context().Err()
	})
	if err != nil {
		return err
	}
	s.show(w, r, http.StatusOK, "draft", v)
	return nil
}

func lineOf(l *actions.Line) lineView {
	v := lineView{Line: l.Line, Domain: wording.Clean(l.Text, 200), Problem: l.Problem}
	if t := l.Target; t != nil {
		v.Domain, v.Filing, v.Number = wording.Clean(t.Given, 200), wording.Word(wording.FilingWords, t.Filing.Status), wording.Clean(t.Filing.Number, 60)
		v.Subject, v.Owner = wording.Clean(t.Filing.Subject, 80), wording.Clean(t.Owner, 60)
	}
	return v
}

// accept makes an upload an inventory, and begins a run over it if that is wanted.
func (s *Site) accept(w http.ResponseWriter, r *http.Request) error {
	ctx, viewer := r.Context(), account.From(r.Context())
	path, err := s.Actions.AcceptInventory(ctx, viewer, r.PathValue("draft"))
	if err != nil {
		return err
	}
	if r.PostFormValue("begin") == "" {
		http.Redirect(w, r, "/inventory?done=accepted", http.StatusSeeOther)
		return nil
	}
	id, _, err := s.Actions.BeginRun(ctx, viewer, path, "")
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/runs/"+url.PathEscape(id)+"?done=begun", http.StatusSeeOther)
	return nil
}

// corrected sends the workbook with what is wrong with each line.
func (s *Site) corrected(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := s.Actions.Corrected(r.Context(), account.From(r.Context()), r.PathValue("draft"), langOf(r), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="corrected.xlsx"`)
	_, _ = w.Write(b.Bytes()) // a browser that has gone away is no trouble
	return nil
}
