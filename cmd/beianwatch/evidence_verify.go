package main

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/wacz"
	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/wording"
	"github.com/beianwatch/beianwatch/schedule"
)

// verifyEvidence checks files and folders of evidence.
func (p *program) verifyEvidence(ctx context.Context, paths []string) error {
	roots, err := p.StampPool()
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		paths = []string{filepath.Join(p.DataDir(), "evidence")}
	}
	var files []string
	for _, path := range paths {
		found, err := evidenceFiles(path)
		if err != nil {
			return usage("%v；请给出 WACZ 或 WARC 文件，或其文件夹", "%v; give WACZ or WARC files, or a folder of them", err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return usage("%s 中没有证据文件", "there is no file of evidence in %s", strings.Join(paths, ", "))
	}
	v := &verifier{p: p, ctx: ctx, roots: roots}
	defer v.close()
	faulty := 0
	for _, path := range files {
		whole, err := v.file(path)
		if err != nil {
			return err
		}
		if !whole {
			faulty++
		}
	}
	if faulty > 0 {
		p.say("%[2]d 个文件中 %[1]d 个不完好", "%d of %d files are not whole", faulty, len(files))
		return &exitError{exitFound}
	}
	return nil
}

// evidenceFiles are a file, or the evidence below a folder.
func evidenceFiles(path string) (files []string, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && (strings.HasSuffix(name, ".warc.gz") || strings.HasSuffix(name, ".wacz")) {
			files = append(files, name)
		}
		return err
	})
	return files, err
}

// A verifier checks files one after the other.
type verifier struct {
	p     *program
	ctx   context.Context
	roots *x509.CertPool

	asked  bool             // whether there are results
	store  *store.Store     // nil for none
	failed error            // why the results cannot be read
	ends   map[string]int64 // see [store.Store.EvidenceEnds]
}

func (v *verifier) close() {
	if v.store != nil {
		v.store.Close() //nolint:errcheck // it was only read
	}
}

// file checks one file and tells what was found; the error is one of reading it.
func (v *verifier) file(path string) (whole bool, err error) {
	p := v.p
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if !strings.EqualFold(filepath.Ext(path), ".wacz") {
		return v.warc(path, f, info.Size())
	}
	r, err := wacz.Verify(f, info.Size(), v.roots)
	switch {
	case errors.Is(err, wacz.ErrSpool):
		return false, err
	case err != nil:
		r = &wacz.Report{Problems: []error{err}}
	}
	p.tellVerified(path, r.Problems)
	if len(r.Problems) == 0 {
		p.print("  %d 个文件与清单相符，%d 条 WARC 记录完好", "  %d files are as listed, %d WARC records are whole", r.Parts, r.Records)
	}
	if r.Signed {
		p.print("  签名有效，文件制作时间（签名人自述）：%s", "  the signature is valid; made at (as the signer says): %s", p.madeAt(r.Created))
		p.print("  密钥指纹（请核对）：%s%s", "  fingerprint of the key (compare it): %s%s", r.Fingerprint, p.ownKey(r.Fingerprint))
	}
	switch {
	case !r.Signed:
	case r.Stamped.IsZero():
		p.print("  没有可信时间戳", "  there is no trusted time stamp")
	case r.Anchored:
		p.print("  可信时间戳：%s，%s", "  trusted time stamp: %s by %s", wording.Timestamp(r.Stamped), wording.Clean(r.StampBy, 200))
	default:
		p.print("  时间戳：%s，%s；其证书不能追溯到信任的根（--timestamp-roots）", "  time stamp: %s by %s, whose certificate leads to no root that is trusted (--timestamp-roots)", wording.Timestamp(r.Stamped), wording.Clean(r.StampBy, 200))
	}
	return len(r.Problems) == 0, nil
}

// madeAt is when a package was made.
func (p *program) madeAt(at time.Time) string {
	if at.IsZero() {
		return p.tr("未写明", "not told")
	}
	return wording.Timestamp(at)
}

// ownKey says that a key is this machine's, if it is; no key is made to ask.
func (p *program) ownKey(fingerprint string) string {
	if _, err := os.Stat(filepath.Join(p.DataDir(), "keys", "evidence.pem")); err != nil {
		return ""
	}
	if k, err := p.SigningKey(); err != nil || k.Fingerprint() != fingerprint {
		return ""
	}
	return p.tr("（本机的密钥）", " (the key of this machine)")
}

// warc checks a file of the evidence folder. A writer that was killed leaves one whose
// end is cut, and nothing is missed; one that was shortened later looks the same, or
// even whole, so what the results of this machine name must be there.
func (v *verifier) warc(path string, f *os.File, size int64) (whole bool, err error) {
	p := v.p
	records, last := 0, int64(0)
	err = warc.EachEntry(f, size, func(e warc.Entry) error {
		if records++; e.Begins() {
			last = e.Offset
		}
		return nil
	})
	cut := errors.Is(err, warc.ErrCut)
	if err == nil || cut {
		var trouble error
		if err, trouble = v.missing(path, last, cut); trouble != nil {
			return false, trouble
		}
	}
	if err != nil {
		p.tellVerified(path, []error{err})
		return false, nil
	}
	p.tellVerified(path, nil)
	if cut {
		p.print("  末尾不完整（写入时被中断），结果所引用的记录完好", "  its end was cut while it was written; the records that results name are whole")
	} else {
		p.print("  %d 条 WARC 记录完好", "  %d WARC records are whole", records)
	}
	return true, nil
}

// missing says what a file lacks that results name. last is where its last observation
// begins, which may not be whole; cut: its end is. trouble is of what results there are.
func (v *verifier) missing(path string, last int64, cut bool) (lack, trouble error) {
	run, file, own := v.p.ownEvidence(path)
	end, named, known := int64(0), false, false
	if own {
		if end, named, known, trouble = v.end(run, file); trouble != nil {
			return nil, trouble
		}
	}
	switch {
	case !known && cut:
		return message.Errorf("末尾被截断；没有该批次的结果，无法判断是否缺少记录", "its end is cut, and without the results of its run it cannot be told whether something is missing"), nil
	case !named || end < last:
		return nil, nil
	}
	if _, err := schedule.ReadEvidence(v.p.DataDir(), run, warc.Place{File: file, Offset: end}); err != nil {
		return message.Errorf("结果所引用的记录缺失：%w", "records that results name are missing: %w", err), nil
	}
	return nil, nil
}

// end is the last place of a file that results name; known: there are results of its
// run. An error is of results that are there and cannot be read.
func (v *verifier) end(run, file string) (end int64, named, known bool, err error) {
	if !v.asked {
		v.asked = true
		v.failed = v.read()
	}
	if v.failed != nil || v.store == nil {
		return 0, false, false, v.failed
	}
	switch _, err := v.store.Run(v.ctx, run); {
	case errors.Is(err, store.ErrNoRun):
		return 0, false, false, nil
	case err != nil:
		return 0, false, false, err
	}
	end, named = v.ends[run+"/"+file]
	return end, named, true, nil
}

// read reads what results name of the evidence; where there is no database there are none.
func (v *verifier) read() error {
	if settings.MustExist(v.p.DB) != nil {
		return nil
	}
	s, err := v.p.openStore(v.ctx)
	if err != nil {
		return err
	}
	v.store = s
	v.ends, err = s.EvidenceEnds(v.ctx)
	return err
}

// ownEvidence reports of which run a file is, if it lies in the evidence folder of
// this machine.
func (p *program) ownEvidence(path string) (run, file string, ok bool) {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", "", false
	}
	run, file = filepath.Base(folder), filepath.Base(path)
	own, err := os.Stat(filepath.Join(schedule.EvidenceDir(p.DataDir(), run), file))
	if err != nil {
		return "", "", false
	}
	this, err := os.Stat(path)
	return run, file, err == nil && os.SameFile(own, this)
}

// tellVerified tells whether a file is whole, and why not.
func (p *program) tellVerified(path string, problems []error) {
	if len(problems) == 0 {
		p.print("完好  %s", "whole   %s", path)
		return
	}
	p.print("不完好  %s", "FAULTY  %s", path)
	const most = 20
	for _, err := range problems[:min(len(problems), most)] {
		p.print("  %s", "  %s", wording.Clean(message.Explain(err, p.Lang), 300))
	}
}
