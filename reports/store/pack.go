package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// The characters of packed outcomes: verdict and severity in one.
const (
	charPass      = '.'
	charUnknown   = '?'
	charExempt    = '-'
	charBroken    = '!'
	charViolation = 'V'
	charWarning   = 'W'
	charNotice    = 'N'
)

// packOutcomes gives one character a rule.
func packOutcomes(outs []detect.Outcome) (string, error) {
	b := make([]byte, len(outs))
	for i := range outs {
		c, ok := charOf(outs[i].Verdict, outs[i].Severity)
		if !ok {
			return "", fmt.Errorf("rule %s has verdict %q with severity %q", outs[i].Rule, outs[i].Verdict, outs[i].Severity)
		}
		b[i] = c
	}
	return string(b), nil
}

func charOf(v detect.Verdict, s detect.Severity) (byte, bool) {
	switch v {
	case detect.Pass:
		return charPass, true
	case detect.Unknown:
		return charUnknown, true
	case detect.Exempt:
		return charExempt, true
	case detect.Broken:
		return charBroken, true
	case detect.Found:
		switch s {
		case detect.Violation:
			return charViolation, true
		case detect.Warning:
			return charWarning, true
		case detect.Notice:
			return charNotice, true
		}
	}
	return 0, false
}

// unpackOutcomes is the way back from packOutcomes and packReasons.
func unpackOutcomes(rs *ruleset, packed, reasons string) ([]detect.Outcome, error) {
	if len(packed) != len(rs.rules) {
		return nil, fmt.Errorf("%d outcomes for the %d rules of rule set %s", len(packed), len(rs.rules), rs.version)
	}
	outs := make([]detect.Outcome, len(packed))
	for i := range outs {
		o := &outs[i]
		o.Rule = rs.rules[i]
		switch packed[i] {
		case charPass:
			o.Verdict = detect.Pass
		case charUnknown:
			o.Verdict = detect.Unknown
		case charExempt:
			o.Verdict = detect.Exempt
		case charBroken:
			o.Verdict = detect.Broken
		case charViolation:
			o.Verdict, o.Severity = detect.Found, detect.Violation
		case charWarning:
			o.Verdict, o.Severity = detect.Found, detect.Warning
		case charNotice:
			o.Verdict, o.Severity = detect.Found, detect.Notice
		default:
			return nil, fmt.Errorf("rule %s has the outcome %q, which this program does not know", o.Rule, packed[i])
		}
	}
	return outs, unpackReasons(reasons, outs)
}

// rest is what of a record has no column of its own. Empty fields are left
// out: most are empty for most domains.
type rest struct {
	At         time.Time              `json:"at"` // with its zone, which the column has not
	Vantage    string                 `json:"v,omitempty"`
	Attempts   int                    `json:"n,omitempty"`
	Hops       []reports.Hop          `json:"h,omitempty"`
	Status     int                    `json:"s,omitempty"`
	Addresses  []string               `json:"a,omitempty"`
	Mainland   bool                   `json:"m,omitempty"`
	Charset    string                 `json:"c,omitempty"`
	Title      string                 `json:"t,omitempty"`
	Filing     reports.Filing         `json:"f"`
	ICP        []reports.ShownICP     `json:"icp,omitempty"`
	Police     []reports.ShownPolice  `json:"pol,omitempty"`
	Licences   []reports.ShownLicence `json:"lic,omitempty"`
	Industries []reports.Industry     `json:"ind,omitempty"`
	Detail     reports.Detail         `json:"d"`
}

func packRest(r *reports.Record) ([]byte, error) {
	return json.Marshal(&rest{
		At: r.At, Vantage: r.Vantage, Attempts: r.Attempts, Hops: r.Hops, Status: r.HTTPStatus, Addresses: r.Addresses,
		Mainland: r.Mainland, Charset: r.Charset, Title: r.Title, Filing: r.Filing,
		ICP: r.Shown.ICP, Police: r.Shown.Police, Licences: r.Shown.Licences, Industries: r.Industries,
		Detail: r.Detail,
	})
}

// packReasons gives one character a rule ('.' for no reason, 'a' for the
// first word, 'b' for the second …), then the words, a line each. A domain
// that was not seen has the same few words for all of its rules.
func packReasons(outs []detect.Outcome) string {
	var chars strings.Builder
	var words []string
	last := 0
	for i := range outs {
		word := string(outs[i].Reason)
		if word == "" {
			chars.WriteByte('.')
			continue
		}
		at := slices.Index(words, word)
		if at < 0 {
			at = len(words)
			words = append(words, word)
		}
		chars.WriteRune('a' + rune(at))
		last = chars.Len()
	}
	if len(words) == 0 {
		return ""
	}
	return chars.String()[:last] + "\n" + strings.Join(words, "\n")
}

// unpackReasons is the way back: it gives outs their reasons.
func unpackReasons(packed string, outs []detect.Outcome) error {
	if packed == "" {
		return nil
	}
	words := strings.Split(packed, "\n")
	i := 0
	for _, c := range words[0] {
		at := int(c-'a') + 1
		if i == len(outs) || c != '.' && (at < 1 || at >= len(words)) {
			return fmt.Errorf("reasons %q do not fit %d rules", packed, len(outs))
		}
		if c != '.' {
			outs[i].Reason = detect.Reason(words[at])
		}
		i++
	}
	return nil
}

// unpackRest fills in what packRest took.
func unpackRest(blob []byte, r *reports.Record) error {
	var p rest
	if err := json.Unmarshal(blob, &p); err != nil {
		return err
	}
	r.At, r.Vantage, r.Attempts, r.Hops, r.HTTPStatus, r.Addresses = p.At, p.Vantage, p.Attempts, p.Hops, p.Status, p.Addresses
	r.Mainland, r.Charset, r.Title, r.Filing = p.Mainland, p.Charset, p.Title, p.Filing
	r.Shown = reports.Shown{ICP: p.ICP, Police: p.Police, Licences: p.Licences}
	r.Industries, r.Detail = p.Industries, p.Detail
	return nil
}
