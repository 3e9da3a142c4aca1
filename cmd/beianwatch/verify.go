package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/wacz"
	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// verifyEvidence checks files and folders of evidence.
func (p *program) verifyEvidence(paths []string) error {
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
	faulty := 0
	for _, path := range files {
		whole, err := p.verifyFile(path, roots)
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

// verifyFile checks one file and tells what was found; the error is one of reading it.
func (p *program) verifyFile(path string, roots *x509.CertPool) (whole bool, err error) {
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
		return p.verifyWARC(path, f, info.Size()), nil
	}
	r, err := wacz.Verify(f, info.Size(), roots)
	if err != nil {
		r = &wacz.Report{Problems: []error{err}}
	}
	p.tellVerified(path, r.Problems)
	if len(r.Problems) == 0 {
		p.print("  %d 个文件与清单相符，%d 条 WARC 记录完好", "  %d files are as listed, %d WARC records are whole", r.Parts, r.Records)
	}
	if r.Signed {
		p.print("  签名有效，签名时间（签名人自述）：%s", "  the signature is valid; signed at (as the signer says): %s", wording.Clean(r.SignedAt, 40))
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

// verifyWARC checks a file of the evidence folder. One that ends within a record was
// cut when its writer was killed: no result names what is missing.
func (p *program) verifyWARC(path string, f *os.File, size int64) bool {
	entries, err := warc.Entries(f, size)
	if errors.Is(err, warc.ErrCut) {
		p.tellVerified(path, nil)
		p.print("  末尾不完整（写入时被中断），之前的记录完好", "  its end was cut while it was written; the records before are whole")
		return true
	}
	if err != nil {
		p.tellVerified(path, []error{err})
		return false
	}
	p.tellVerified(path, nil)
	p.print("  %d 条 WARC 记录完好", "  %d WARC records are whole", len(entries))
	return true
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

// print writes a line of a command's result.
func (p *program) print(zh, en string, args ...any) {
	fmt.Fprintln(p.out, message.Format(zh, en, args...).In(p.Lang))
}
