package reporttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pythonText prints the text of a document or a workbook as other programs' readers
// find it, a paragraph or cell a line.
const pythonText = `import sys
path = sys.argv[1]
if path.endswith(".docx"):
    import docx
    d = docx.Document(path)
    out = [p.text for p in d.paragraphs]
    for t in d.tables:
        for row in t.rows:
            out += [c.text for c in row.cells]
else:
    import openpyxl
    out = []
    for sheet in openpyxl.load_workbook(path):
        out.append(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            out += [str(v) for v in row if v is not None]
sys.stdout.buffer.write("\n".join(out).encode())
`

// OfficeText opens a .docx or .xlsx file with programs of others, python-docx and
// openpyxl, and returns its text. Without them the test is skipped, unless
// BEIANWATCH_SERVERS=1 says that they have to be there: then LibreOffice, which takes
// its time, may stand in.
func OfficeText(t *testing.T, path string) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import docx, openpyxl").Run() != nil {
			continue
		}
		out, err := exec.Command(python, "-c", pythonText, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s cannot be read: %v\n%s", path, err, out)
		}
		return string(out)
	}
	if os.Getenv("BEIANWATCH_SERVERS") != "1" {
		t.Skip("there are no python-docx and openpyxl")
	}
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("there is neither LibreOffice nor python-docx and openpyxl, and BEIANWATCH_SERVERS=1 demands one")
	}
	return converted(t, soffice, path)
}

// converted is the text that LibreOffice makes of a file, of all sheets of a workbook.
func converted(t *testing.T, soffice, path string) string {
	t.Helper()
	dir := t.TempDir()
	form := "txt:Text (encoded):UTF8"
	if strings.HasSuffix(path, ".xlsx") {
		form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1" // UTF-8, a file a sheet
	}
	cmd := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--norestore", "--convert-to", form, "--outdir", filepath.Join(dir, "out"), path)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // sheets give their names to files
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice cannot read %s: %v\n%s", path, err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("LibreOffice made nothing of %s", path)
	}
	var b strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(filepath.Base(name) + "\n" + string(data) + "\n")
	}
	return b.String()
}
