package inventory

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
)

// FuzzRead holds that no file, whatever is in it, makes the reader fall, and
// that what it hands on is usable: a name that dns.Name leaves as it is, and
// texts that are UTF-8.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"domain,filing_status\na.cn,已备案\n", "a.cn\nb.cn\n", "域名;备案号\n\"a.cn\";\"x\ny\"\n", "{\"domain\":\"a.cn\",\"approvals\":[{\"category\":\"news\"}]}\n",
		"\xFF\xFEd\x00o\x00m\x00a\x00i\x00n\x00\n\x00a\x00.\x00c\x00n\x00", "sep=;\ndomain\n\"", "PK\x03\x04", "domain\tx\r\na.cn\t\xd6\xd0\xb9\xfa\r\n",
	} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "list")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		line := 0
		counts, err := Read(path, func(tg crawler.Target) error {
			if again, err := dns.Name(tg.Domain); err != nil || again != tg.Domain {
				t.Errorf("domain %q reads again as %q, %v", tg.Domain, again, err)
			}
			for _, s := range []string{tg.Given, tg.Notes, tg.Owner, tg.Filing.Subject, tg.Filing.Number} {
				if !utf8.ValidString(s) {
					t.Errorf("%q is not UTF-8", s)
				}
			}
			if tg.Line < line || tg.Line < 1 {
				t.Errorf("line %d after %d", tg.Line, line)
			}
			line = tg.Line
			return nil
		}, func(r Rejection) error {
			if r.Reason.EN == "" || r.Reason.ZH == "" || len(r.Text) > 4*maxText {
				t.Errorf("rejection %+v", r)
			}
			return nil
		})
		if err == nil && counts.Lines != counts.Targets+counts.Rejected {
			t.Errorf("%+v", counts)
		}
	})
}
