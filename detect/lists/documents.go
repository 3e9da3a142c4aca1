package lists

import (
	_ "embed"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/message"
)

//go:embed documents.txt
var documentsText string

// Documents says which documents a filing needs and how good their pictures
// must be. It is data that a user can replace: providers and provinces differ,
// and both change.
type Documents struct {
	Version   string
	Needs     []DocumentNeed
	MaxBytes  int64
	Pixels    Span
	Sharpness Span
	Dark      Span
	Pale      Span
	ValidDays map[string]int // kind → days that it must still be valid
}

// A documentNeed is one document that must be there, in any of the kinds.
type DocumentNeed struct {
	nature    string // "unit", "person", "any"
	provinces string // "" for all
	Level     string // "warning" or "notice": the severity of its absence
	Kinds     []string
}

// A span parts measurements in three: beyond one end the picture is bad,
// beyond the other good, and in between nothing is said.
type Span struct{ Low, High float64 }

// DefaultDocuments are the embedded ones.
var DefaultDocuments = sync.OnceValue(func() *Documents {
	d, err := ReadDocuments(strings.NewReader(documentsText))
	if err != nil {
		panic(err) // the embedded file is held to its form by a test
	}
	return d
})

// maxDocumentsFile bounds the lines of a file of requirements; the embedded one
// has fifty.
const maxDocumentsFile = 10_000

// ReadDocuments reads requirements in the form of documents.txt. An error names
// the line.
func ReadDocuments(r io.Reader) (*Documents, error) {
	d := &Documents{ValidDays: map[string]int{}}
	seen := map[string]bool{}
	number := 0
	err := eachLine(r, func(text string) error {
		if number++; number > maxDocumentsFile {
			return message.Errorf("超过 %d 行：这不是材料要求文件", "more than %d lines: this is no file of requirements", maxDocumentsFile)
		}
		fields := strings.Fields(text)
		seen[strings.Join(fields[:min(2, len(fields))], " ")] = true
		return d.line(fields)
	})
	if err != nil {
		return nil, err
	}
	for _, limit := range []string{"bytes", "pixels", "sharpness", "dark", "pale"} {
		if !seen["limit "+limit] {
			return nil, message.Errorf("缺少一行“limit %s …”", "the line \"limit %s ...\" is missing", limit)
		}
	}
	if d.Version == "" {
		return nil, message.Errorf("缺少一行“version 日期”", "the line \"version DATE\" is missing")
	}
	return d, nil
}

// line reads the fields of one line.
func (d *Documents) line(f []string) error {
	switch {
	case f[0] == "version" && len(f) == 2:
		d.Version = f[1]
		return nil
	case f[0] == "need" && len(f) == 5:
		return d.need(f[1:])
	case f[0] == "limit" && len(f) >= 3:
		return d.limit(f[1], f[2:])
	}
	return message.Errorf("请写“version 日期”、“need 性质 省份 级别 材料|材料”或“limit 项目 数值”", "write \"version DATE\", \"need NATURE PROVINCES LEVEL KIND|KIND\" or \"limit WHAT NUMBERS\"")
}

func (d *Documents) need(f []string) error {
	n := DocumentNeed{nature: f[0], Level: f[2]}
	if n.nature != "unit" && n.nature != "person" && n.nature != "any" {
		return message.Errorf("无法识别性质 %q：请写 unit、person 或 any", "the nature %q is not understood: write unit, person or any", n.nature)
	}
	if f[1] != "*" {
		n.provinces = f[1]
		for _, p := range f[1] {
			if !strings.ContainsRune(Provinces, p) {
				return message.Errorf("%q 不是省份简称：请写 * 或其中几个：%s", "%q is no character of a province: write * or some of %s", string(p), Provinces)
			}
		}
	}
	if n.Level != "warning" && n.Level != "notice" {
		// A document that is not on file proves no breach of a rule.
		return message.Errorf("无法识别级别 %q：请写 warning 或 notice", "the level %q is not understood: write warning or notice", f[2])
	}
	var err error
	if n.Kinds, err = kindsIn(f[3]); err != nil {
		return err
	}
	d.Needs = append(d.Needs, n)
	return nil
}

// kindsIn reads KIND|KIND.
func kindsIn(s string) ([]string, error) {
	kinds := strings.Split(s, "|")
	for _, k := range kinds {
		if _, ok := DocumentNames[k]; !ok {
			return nil, message.Errorf("无法识别材料种类 %q", "the kind of document %q is not understood", k)
		}
	}
	return kinds, nil
}

func (d *Documents) limit(what string, f []string) error {
	if what == "valid" {
		return d.validity(f)
	}
	var numbers []float64
	for _, s := range f {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || !(n >= 0 && n <= 1e9) {
			return message.Errorf("limit %s：%q 不是数字", "limit %s: %q is no number", what, s)
		}
		numbers = append(numbers, n)
	}
	if what == "bytes" && len(numbers) == 1 {
		d.MaxBytes = int64(numbers[0])
		return nil
	}
	to, ok := map[string]*Span{"pixels": &d.Pixels, "sharpness": &d.Sharpness, "dark": &d.Dark, "pale": &d.Pale}[what]
	if !ok || len(numbers) != 2 || numbers[0] > numbers[1] {
		return message.Errorf("limit %q：请写 bytes N，或 pixels、sharpness、dark、pale 加两个数，小的在前", "limit %q: write bytes N, or pixels, sharpness, dark or pale and two numbers, the smaller first", what)
	}
	*to = Span{numbers[0], numbers[1]}
	return nil
}

func (d *Documents) validity(f []string) error {
	if len(f) != 2 {
		return message.Errorf("请写“limit valid 材料|材料 天数”", "write \"limit valid KIND|KIND DAYS\"")
	}
	kinds, err := kindsIn(f[0])
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(f[1])
	if err != nil || days < 0 || days > 36500 {
		return message.Errorf("limit valid：%q 不是天数", "limit valid: %q is no number of days", f[1])
	}
	for _, k := range kinds {
		d.ValidDays[k] = days
	}
	return nil
}

// Applies reports whether a need holds for a filing of this nature ("unit" or
// "person") and province ("" if it is not known).
func (n *DocumentNeed) Applies(nature, province string) bool {
	if n.nature != "any" && n.nature != nature {
		return false
	}
	return n.provinces == "" || utf8.RuneCountInString(province) == 1 && strings.Contains(n.provinces, province)
}

// Met reports whether one of the kinds is among those there.
func (n *DocumentNeed) Met(there []string) bool {
	return slices.ContainsFunc(n.Kinds, func(k string) bool { return slices.Contains(there, k) })
}

// Provinces are the official characters of filing numbers, in the order of the
// administrative divisions.
const Provinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新"
