package wacz

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// program returns a program of others by which our files are read; without it the
// test is skipped, unless BEIANWATCH_SERVERS=1 says that it has to be there.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatalf("%s is not on PATH and BEIANWATCH_SERVERS=1 demands it", name)
		}
		t.Skipf("%s is not on PATH", name)
	}
	return path
}

// unpacked writes the files of a package below a new folder.
func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range unzipped(t, data) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOpensslBelieves has openssl check the signature by the public key, and the time
// stamp by its root.
func TestOpensslBelieves(t *testing.T) {
	openssl := program(t, "openssl")
	_, root, server := stamping(t)
	key := testKey(t)
	dir := unpacked(t, packed(t, key, server))
	write := func(name string, body []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data, err := os.ReadFile(filepath.Join(dir, digestFile))
	if err != nil {
		t.Fatal(err)
	}
	var d digestDocument
	var signed signedData
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(d.SignedData, &signed); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(openssl, "dgst", "-sha256", "-verify", write("public.pem", key.PublicPEM()), "-signature", write("signature", inDER(t, signed.Signature)), write("hash", []byte(d.Hash))).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	response, err := base64.StdEncoding.DecodeString(d.TimeSignature)
	if err != nil {
		t.Fatal(err)
	}
	out, err = exec.Command(openssl, "ts", "-verify", "-data", write("signed", []byte(signed.Signature)), "-in", write("stamp", response), "-CAfile", write("root.pem", rootPEM(root))).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	sums := exec.Command(program(t, "sha256sum"), "-c", "--quiet", "SHA256SUMS")
	sums.Dir = dir
	if out, err := sums.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestWarcioAgrees compares our index with that which Webrecorder's own program makes
// of the same file.
func TestWarcioAgrees(t *testing.T) {
	warcio, err := exec.LookPath("warcio")
	if err != nil && os.Getenv("BEIANWATCH_NPM") != "1" {
		t.Skip("warcio is not on PATH (npm install -g warcio)")
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := unpacked(t, packed(t, testKey(t), nil))
	files, err := filepath.Glob(filepath.Join(dir, "archive", "*.warc.gz"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	out, err := exec.Command(warcio, "cdx-index", files[0]).Output()
	if err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(dir, "indexes", "index.cdxj"))
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := rows(t, string(index)), rows(t, string(out))
	theirs = slices.DeleteFunc(theirs, func(row string) bool { return strings.HasPrefix(row, "urn:") }) // the metadata, which we do not list
	if !slices.Equal(ours, theirs) {
		t.Errorf("ours:\n%s\ntheirs:\n%s", strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
	}
}

// rows are the lines of an index in a form of their own, in order.
func rows(t *testing.T, index string) []string {
	t.Helper()
	var list []string
	for line := range strings.Lines(index) {
		key, row, _ := strings.Cut(line, " {")
		var e struct {
			URL, Mime, Digest string
			Offset, Length    json.Number
		}
		if err := json.Unmarshal([]byte("{"+row), &e); err != nil {
			t.Fatal(err)
		}
		list = append(list, strings.Join([]string{key, e.URL, e.Mime, strings.TrimPrefix(e.Digest, "sha1:"), e.Offset.String(), e.Length.String()}, " "))
	}
	slices.Sort(list)
	return list
}
