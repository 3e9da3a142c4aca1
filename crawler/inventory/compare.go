package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// Digest returns the SHA-256 of the file's bytes in hex.
func Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", message.Errorf("读取清单 %s：%w", "reading inventory %s: %w", path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", message.Errorf("读取清单 %s：%w", "reading inventory %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Fingerprint returns 32 hex digits that stand for all that an inventory says
// of a target. Where the line stands, and what other lines say of its mobile,
// are left out: a line that only moved has the same fingerprint.
func Fingerprint(t *crawler.Target) string {
	said := *t
	said.Line, said.Sheet, said.Seq, said.Holder.Sharing = 0, "", 0, nil
	b, _ := json.Marshal(&said) //nolint:errcheck // a target holds nothing that has no JSON
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Duplicate says that second stands in the list again, and in what the two
// lines disagree, with both values.
func Duplicate(first, second *crawler.Target) Message {
	at := Place(first.Sheet, first.Line)
	differ := Disagreement(first, second)
	if differ.EN == "" {
		return message.Format("与%[1]s重复，请删除一行", "duplicate of %[2]s; remove one", at.ZH, at.EN)
	}
	return message.Format("与%[1]s重复而内容不一致，请核对后只留一行：%[2]s", "duplicate of %[3]s and the two disagree; correct them and keep one: %[4]s", at.ZH, differ.ZH, at.EN, differ.EN)
}

// Disagreement says in what two lines about one domain contradict each other:
// what both say and say differently. It is empty if they do not.
func Disagreement(first, second *crawler.Target) Message {
	var zh, en []string
	a, b := said(first), said(second)
	la, lb := Place(first.Sheet, first.Line), Place(second.Sheet, second.Line)
	for i := range a {
		if a[i].value == "" || b[i].value == "" || a[i].value == b[i].value {
			continue
		}
		c := byName[a[i].column]
		va, vb := crawler.Detail(cut(a[i].value, 60)), crawler.Detail(cut(b[i].value, 60))
		za, zb := va, vb
		if c.name == "filing_status" {
			za, zb = statusZH[crawler.FilingStatus(va)], statusZH[crawler.FilingStatus(vb)]
		}
		zh = append(zh, fmt.Sprintf("%s %s为“%s”，%s为“%s”", c.zh(), la.ZH, za, lb.ZH, zb))
		en = append(en, fmt.Sprintf("%s is %q in %s and %q in %s", c.name, va, la.EN, vb, lb.EN))
	}
	return Message{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}
}

// statusZH are the statuses in Chinese.
var statusZH = map[crawler.FilingStatus]string{
	crawler.FilingFiled: "已备案", crawler.FilingUnfiled: "未备案", crawler.FilingInReview: "审核中", crawler.FilingCancelled: "已注销", crawler.FilingUnknown: "未知",
}

// A saying is what a target says in one column.
type saying struct{ column, value string }

// said lists what two lines about one domain can contradict each other in, the
// weightiest first. An unknown status says nothing.
func said(t *crawler.Target) []saying {
	status := string(t.Filing.Status)
	if t.Filing.Status == crawler.FilingUnknown {
		status = ""
	}
	address := ""
	if t.Address.IsValid() {
		address = t.Address.String()
	}
	return []saying{
		{"filing_status", status},
		{"filing_number", strings.ToUpper(strings.Join(strings.Fields(t.Filing.Number), ""))},
		{"subject_name", t.Filing.Subject},
		{"subject_nature", t.Filing.Nature},
		{"credit_code", t.Filing.CreditCode},
		{"site_name", t.Filing.SiteName},
		{"province", t.Filing.Province},
		{"expect", string(t.Expect)},
		{"alias_of", t.AliasOf},
		{"address", address},
		{"mobile", t.Holder.Mobile},
		{"owner", t.Owner},
		{"team", t.Team},
		{"contact", t.Contact},
	}
}
