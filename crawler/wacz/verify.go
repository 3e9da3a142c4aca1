package wacz

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// The bounds of a file that somebody gave us.
const (
	maxParts     = 200
	maxDirectory = 4 << 20  // bytes of the list of parts
	maxDocument  = 1 << 20  // bytes of a JSON document
	maxIndex     = 16 << 20 // bytes of an index
	maxArchive   = 1 << 30  // bytes of a WARC file, which is spooled
	maxUnpacked  = 4 << 30  // bytes of all parts
	maxRecords   = 200_000  // of all WARC files
	maxProblems  = 100      // that are noted
)

// ErrSpool says that we could not check a package for want of a temporary file.
var ErrSpool = message.Errorf("无法建立临时文件", "a temporary file could not be made")

// A Report is what a check of a package has found.
type Report struct {
	Title   string
	Created time.Time // as the maker says, in what the signature covers; zero: not told
	Parts   int       // files with the digest that the manifest has
	Records int       // WARC records that are whole and as their headers say

	Signed      bool   // the signature is of this content …
	Fingerprint string // … by this key (SHA-256), whose owner the file cannot prove

	Stamped  time.Time // when a time stamp server saw the signature; zero: there is no stamp
	StampBy  string    // its name
	Anchored bool      // its certificate can be traced to a root that is trusted

	Problems []error // why the package is not what it was, or never was one; empty: it is whole
}

// fault notes a problem.
func (r *Report) fault(zh, en string, args ...any) { r.note(message.Errorf(zh, en, args...)) }

// note notes a problem; of very many the first ones tell enough.
func (r *Report) note(err error) {
	if !r.full() {
		r.Problems = append(r.Problems, err)
	}
}

// full reports whether no more problems are noted, so that none need be looked for.
func (r *Report) full() bool { return len(r.Problems) >= maxProblems }

// Verify checks a package: every digest, every record, the index, the signature and
// the stamp. roots are those that time stamp servers are trusted by; nil takes the
// system's. [ErrSpool] is trouble of ours; another error means that there is nothing
// to check.
func Verify(file io.ReaderAt, size int64, roots *x509.CertPool) (*Report, error) {
	z, err := open(file, size)
	if err != nil {
		return nil, err
	}
	r := &Report{}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		switch {
		case strings.HasSuffix(f.Name, "/"):
			continue
		case !filepath.IsLocal(f.Name) || parts[f.Name] != nil:
			r.fault("%q：文件名有误或重复", "%q: a name that may not be, or is there twice", f.Name)
			continue
		}
		parts[f.Name] = f
	}
	manifest, err := part(parts, packageFile, maxDocument)
	if err != nil {
		return nil, err
	}
	told := r.manifest(manifest, parts)
	if err := r.archives(parts); err != nil {
		return nil, err
	}
	r.signature(manifest, told, parts, roots)
	return r, nil
}

// manifest compares the files with their digests, and returns what it says of itself.
func (r *Report) manifest(data []byte, parts map[string]*zip.File) (d dataPackage) {
	if err := json.Unmarshal(data, &d); err != nil {
		r.fault("%s：%w", "%s: %w", packageFile, err)
		return d
	}
	r.Title = d.Title
	r.Created, _ = time.Parse(time.RFC3339, d.Created) // zero: it does not say
	listed := map[string]bool{packageFile: true, digestFile: true}
	for _, res := range d.Resources {
		if r.full() {
			return d
		}
		if listed[res.Path] {
			r.fault("清单重复列出 %s", "the manifest lists %s twice", res.Path)
			continue
		}
		listed[res.Path] = true
		if err := matches(parts[res.Path], &res); err != nil {
			r.fault("%s：%w", "%s: %w", res.Path, err)
			continue
		}
		r.Parts++
	}
	for name := range parts {
		if !listed[name] {
			r.fault("清单未列出 %s", "the manifest does not list %s", name)
		}
	}
	return d
}

// matches compares one file with what the manifest says of it.
func matches(f *zip.File, want *resource) error {
	if f == nil {
		return message.Errorf("文件缺失", "the file is missing")
	}
	if want.Bytes > maxArchive {
		return message.Errorf("大于 %d 字节", "larger than %d bytes", maxArchive)
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(in, want.Bytes+1))
	if err != nil {
		return err
	}
	if n != want.Bytes || "sha256:"+hex.EncodeToString(h.Sum(nil)) != want.Hash {
		return message.Errorf("内容与清单中的摘要不符", "the content does not have the digest of the manifest")
	}
	return nil
}

// signature checks who signed the manifest. When is told beside the signature in a
// place that it does not cover: anybody could change that, so the manifest's word
// counts, from which it does not differ where we have signed.
func (r *Report) signature(manifest []byte, told dataPackage, parts map[string]*zip.File, roots *x509.CertPool) {
	data, err := part(parts, digestFile, maxDocument)
	if err != nil {
		r.note(err)
		return
	}
	var d digestDocument
	if err := json.Unmarshal(data, &d); err != nil {
		r.fault("%s：%w", "%s: %w", digestFile, err)
		return
	}
	if d.Path != packageFile || d.Hash != hashOf(manifest) {
		r.fault("%s 的摘要与 %s 不符", "the digest in %s is not that of %s", digestFile, packageFile)
	}
	if len(d.SignedData) == 0 {
		r.fault("没有签名", "there is no signature")
		return
	}
	var signed signedData
	strict := json.NewDecoder(bytes.NewReader(d.SignedData))
	strict.DisallowUnknownFields() // the specification allows no other property
	if err := strict.Decode(&signed); err != nil {
		r.fault("签名不是 wacz-auth 的匿名形式：%w", "the signature is not of wacz-auth's anonymous form: %w", err)
		return
	}
	if signed.Hash != hashOf(manifest) {
		r.fault("签名的不是此内容", "what is signed is not this content")
		return
	}
	if err := signed.check(); err != nil {
		r.note(err)
		return
	}
	r.Signed, r.Fingerprint = true, fingerprint(signed.PublicKey)
	if ours(told.Software) && signed.Created != told.Created {
		r.fault("签名处所写的时间（%s）被改动：清单中是 %s", "the time beside the signature (%s) was changed: the manifest has %s", signed.Created, told.Created)
	}
	if d.TimeSignature != "" {
		if err := r.stamp(d.TimeSignature, &signed, roots); err != nil {
			r.fault("时间戳：%w", "the time stamp: %w", err)
		}
	}
}

// ours reports whether a package says that this program has made it.
func ours(software string) bool { return strings.HasPrefix(software, "beianwatch ") }

// maxDrift is how far the signer's clock may be from the time stamp server's
// (wacz-auth 0.1.0, verification, step 7).
const maxDrift = 10 * time.Minute

// stamp checks the time stamp of the signature.
func (r *Report) stamp(response string, signed *signedData, roots *x509.CertPool) error {
	der, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		return err
	}
	stamp, err := readStamp(der, signed.Signature)
	if err != nil {
		return err
	}
	created, err := time.Parse(time.RFC3339, signed.Created)
	if err != nil {
		return err
	}
	if drift := stamp.Time.Sub(created).Abs(); drift > maxDrift {
		return message.Errorf("与签名所称的时间相差 %v", "%v apart from the time that the signature tells", drift)
	}
	r.Stamped, r.StampBy, r.Anchored = stamp.Time, signerOf(stamp).Subject.String(), anchored(stamp, roots)
	return nil
}
