package lifecycle

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/beianwatch/beianwatch/reports"
)

// The bounds of a file of waivers.
const (
	maxWaiverFile = 16 << 20
	maxWaivers    = 100_000
)

// ReadWaivers reads a file of waivers: YAML, a list of
//
//   - {domain: "*.example.cn", rule: police-number-missing, until: 2027-01-31, reason: …, who: …}
//
// or CSV with these headings, in English or Chinese (域名 规则 豁免至 豁免原因 批准人), if
// its name ends so. known reports whether there is a rule. Nothing of a file with a
// mistake is taken; the error is a [Fault] that names the place.
func ReadWaivers(path string, known func(rule string) bool) ([]*reports.Waiver, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &Fault{fmt.Sprintf("无法读取豁免清单：%v", err), fmt.Sprintf("the waivers cannot be read: %v", err)}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxWaiverFile+1))
	if err != nil || len(data) > maxWaiverFile {
		return nil, &Fault{fmt.Sprintf("豁免清单 %s 无法读取或超过 %d MB：%v", path, maxWaiverFile>>20, err), fmt.Sprintf("the waivers in %s cannot be read or are more than %d MB: %v", path, maxWaiverFile>>20, err)}
	}
	parse := parseYAML
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		parse = parseCSV
	}
	list, err := parse(data)
	if err != nil {
		return nil, &Fault{fmt.Sprintf("豁免清单 %s：%v", path, faultIn(err, "zh")), fmt.Sprintf("the waivers in %s: %v", path, faultIn(err, "en"))}
	}
	at := time.Now()
	if info, err := f.Stat(); err == nil {
		at = info.ModTime()
	}
	return whole(path, at, list, known)
}

// whole checks the waivers of a file.
func whole(path string, at time.Time, list []*reports.Waiver, known func(string) bool) ([]*reports.Waiver, error) {
	place := map[[2]string]int{}
	patterns := 0
	for i, w := range list {
		err := Normalize(w, known)
		key := [2]string{w.Domain, w.Rule}
		if first, ok := place[key]; ok && err == nil {
			err = &Fault{fmt.Sprintf("与第 %d 项重复", first), fmt.Sprintf("it is the same as entry %d", first)}
		}
		place[key] = i + 1
		if w.Pattern() {
			patterns++
		}
		if err == nil && patterns > maxPatterns {
			err = &Fault{fmt.Sprintf("通配写法超过 %d 项", maxPatterns), fmt.Sprintf("there are more than %d patterns", maxPatterns)}
		}
		if err != nil {
			return nil, &Fault{fmt.Sprintf("豁免清单 %s 第 %d 项：%v", path, i+1, faultIn(err, "zh")), fmt.Sprintf("the waivers in %s, entry %d: %v", path, i+1, faultIn(err, "en"))}
		}
		w.Source, w.Added = path, at
	}
	return list, nil
}

// faultIn is an error in a language, if it has one.
func faultIn(err error, lang string) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.In(lang)
	}
	return err.Error()
}

// entry is a waiver as YAML has it.
type entry struct {
	Domain string `yaml:"domain"`
	Rule   string `yaml:"rule"`
	Until  string `yaml:"until"`
	Reason string `yaml:"reason"`
	Who    string `yaml:"who"`
}

// parseYAML reads YAML strictly. The library has been seen to panic on files that
// are no YAML.
func parseYAML(data []byte) (list []*reports.Waiver, err error) {
	defer func() {
		if p := recover(); p != nil {
			list, err = nil, &Fault{"不是可读的 YAML", "this is not YAML that can be read"}
		}
	}()
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	var entries []entry
	if err := yaml.UnmarshalWithOptions(data, &entries, yaml.Strict()); err != nil {
		return nil, errors.New(yaml.FormatError(err, false, true))
	}
	if len(entries) > maxWaivers {
		return nil, tooMany
	}
	for _, e := range entries {
		list = append(list, &reports.Waiver{Domain: e.Domain, Rule: e.Rule, Until: e.Until, Reason: e.Reason, Who: e.Who})
	}
	return list, nil
}

var tooMany = &Fault{fmt.Sprintf("超过 %d 项", maxWaivers), fmt.Sprintf("there are more than %d entries", maxWaivers)}

// headings are the columns of a CSV file, in the order of entry.
var headings = [][]string{{"domain", "域名"}, {"rule", "规则"}, {"until", "豁免至", "到期日"}, {"reason", "豁免原因", "原因"}, {"who", "批准人"}}

func parseCSV(data []byte) ([]*reports.Waiver, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	at := make([]int, len(headings))
	for i, names := range headings {
		at[i] = slices.IndexFunc(head, func(h string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(h))) })
		if at[i] < 0 {
			return nil, &Fault{"缺少列 " + names[1] + "（表头须有：域名、规则、豁免至、豁免原因、批准人）", "there is no column " + names[0] + " (the headings are domain, rule, until, reason, who)"}
		}
	}
	var list []*reports.Waiver
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if len(list) == maxWaivers {
			return nil, tooMany
		}
		cell := func(i int) string {
			if at[i] < len(cells) {
				return cells[at[i]]
			}
			return ""
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			list = append(list, &reports.Waiver{Domain: cell(0), Rule: cell(1), Until: cell(2), Reason: cell(3), Who: cell(4)})
		}
	}
}
