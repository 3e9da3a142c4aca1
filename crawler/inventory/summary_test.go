package inventory

import (
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

const doubtful = "域名,备案状态,备案号,颜色,IP地址\n" +
	"one-demo.cn,已备案,冀ICP备19000001号-1,红,192.0.2.1\n" +
	"two-demo.cn、three-demo.cn,未备案,,,\n" +
	"one-demo.cn,未备案,,,\n" +
	"two-demo.cn,未备案,,,\n" +
	"坏,,,,\n" +
	"例子.cn,看情况,,,\n"

func TestSummary(t *testing.T) {
	path := written(t, t.TempDir(), "list.csv", []byte(doubtful))
	s, err := Summarize(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Targets != 6 || s.Rejected != 1 || s.Split != 1 || s.Duplicates != 2 || len(s.Clashes) != 1 {
		t.Errorf("%+v", s)
	}
	for _, lang := range []string{"zh", "en"} {
		text := s.Text(lang)
		for _, want := range map[string][]string{
			"zh": {"6 个域名，无效 1 行", "已备案 1，未备案 4，未知 1", "IP地址→服务器IP", "未识别的列（作为备注保留）：颜色", "清单缺少列：主办单位名称", "one-demo.cn：备案状态 第 2 行为“已备案”，第 4 行为“未备案”", "第 6 行 坏：不是域名", "备案状态“看情况”无法识别", "重复的域名 2 个"},
			"en": {"6 domains, 1 rejected", "filed 1, unfiled 4, unknown 1", "IP地址 → server_ip", "unknown columns (kept as notes): 颜色", "missing columns: subject_name", `one-demo.cn: filing_status is "filed" in line 2 and "unfiled" in line 4`, "line 6 坏: it is no domain", `filing_status "看情况" is not understood`, "2 duplicates"},
		}[lang] {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", lang, want, text)
			}
		}
		if lang == "en" && strings.Contains(text, "%!") || strings.Contains(text, "%!") {
			t.Errorf("%s: a broken message in\n%s", lang, text)
		}
	}
}

func TestDuplicate(t *testing.T) {
	targets, _, _, err := readText(t, doubtful)
	if err != nil {
		t.Fatal(err)
	}
	if got := Duplicate(&targets[1], &targets[4]); got.EN != "duplicate of line 3; remove one" || got.ZH != "与第 3 行重复，请删除一行" {
		t.Errorf("%+v", got)
	}
	if got := Duplicate(&targets[0], &targets[3]); !strings.Contains(got.EN, "duplicate of line 2 and the two disagree") || !strings.Contains(got.EN, `"unfiled" in line 4`) {
		t.Errorf("%+v", got)
	}
	stored := StoredMessage(Stored(Duplicate(&targets[0], &targets[3])))
	if stored != Duplicate(&targets[0], &targets[3]) || StoredMessage("old words") != (Message{ZH: "old words", EN: "old words"}) {
		t.Errorf("%+v", stored)
	}
}

// Lines that say something else have another fingerprint; those that only moved
// have the same.
func TestFingerprint(t *testing.T) {
	read := func(text string) map[string]string {
		prints := map[string]string{}
		path := written(t, t.TempDir(), "list.csv", []byte("域名,备案号\n"+text))
		if _, err := Read(path, func(g crawler.Target) error { prints[g.Domain] = Fingerprint(&g); return nil }, func(Rejection) error { return nil }); err != nil {
			t.Fatal(err)
		}
		return prints
	}
	was := read("a-demo.cn,冀ICP备19000001号-1\nb-demo.cn,冀ICP备19000001号-2\nc-demo.cn,\n")
	now := read("c-demo.cn,\nb-demo.cn,冀ICP备19000001号-9\n")
	if was["c-demo.cn"] != now["c-demo.cn"] || was["b-demo.cn"] == now["b-demo.cn"] || len(now["c-demo.cn"]) != 32 {
		t.Errorf("%v, then %v", was, now)
	}
}

// An error is told in the person's language and keeps its cause.
func TestErrorInBothLanguages(t *testing.T) {
	_, err := Read("absent.csv", nil, nil)
	var known *Error
	if e, ok := err.(*Error); ok {
		known = e
	}
	if known == nil || !strings.Contains(known.In("zh"), "读取清单 absent.csv：文件不存在") || !strings.Contains(known.In("en"), "does not exist") || known.Unwrap() == nil {
		t.Errorf("%v", err)
	}
}

// TestColumnsAreNamedInChinese: people read what a heading was understood as in their words.
func TestColumnsAreNamedInChinese(t *testing.T) {
	for _, c := range columns {
		if m := (Column{Name: c.name}).Means(); m.EN != c.name || strings.ToLower(m.ZH) == m.EN || m.ZH == "" {
			t.Errorf("%s means %q", c.name, m)
		}
	}
}
