package reports

import (
	"github.com/beianwatch/beianwatch/detect"
)

// A tally counts the outcomes of one domain, one a rule.
type tally struct {
	Violations, Warnings, Notices int // rules that found something
	Pass, Unknown, Exempt, Broken int
}

func tallyOf(outs []detect.Outcome) tally {
	var t tally
	for i := range outs {
		switch outs[i].Verdict {
		case detect.Pass:
			t.Pass++
		case detect.Unknown:
			t.Unknown++
		case detect.Exempt:
			t.Exempt++
		case detect.Broken:
			t.Broken++
		case detect.Found:
			switch outs[i].Severity {
			case detect.Violation:
				t.Violations++
			case detect.Notice:
				t.Notices++
			default:
				t.Warnings++
			}
		}
	}
	return t
}

// verdict puts a domain's outcomes into one plain sentence. tone names the
// look that goes with it: a severity, "pass" or "unknown". A site that was
// not seen is never called clean.
func verdict(r *Record) (sentence detect.Text, tone string) {
	t := tallyOf(r.Outcomes)
	var parts []detect.Text
	if t.Violations > 0 {
		tone = string(detect.Violation)
		parts = append(parts, counted(t.Violations, "项需要整改", "thing must be mended", "things must be mended"))
	}
	if t.Warnings > 0 {
		parts = append(parts, counted(t.Warnings, "项需要核实", "needs checking", "need checking"))
	}
	if t.Notices > 0 {
		parts = append(parts, counted(t.Notices, "项提示", "is worth knowing", "are worth knowing"))
	}
	switch {
	case tone != "":
	case t.Warnings > 0:
		tone = string(detect.Warning)
		parts = append([]detect.Text{say("没有可以认定的违规", "No certain violation")}, parts...)
	case t.Notices > 0:
		tone = string(detect.Notice)
		parts = append([]detect.Text{say("没有需要整改的问题", "Nothing must be mended")}, parts...)
	default:
		return nothingFound(r, t)
	}
	if t.Unknown > 0 {
		parts = append(parts, counted(t.Unknown, "项无法判断", "could not be judged", "could not be judged"))
	}
	return sentenceOf(parts), tone
}

// nothingFound is the sentence for a domain on which nothing was found.
func nothingFound(r *Record, t tally) (detect.Text, string) {
	unknown := counted(t.Unknown, "项无法判断", "check could not be judged", "checks could not be judged")
	switch {
	case r.Liveness == detect.Unseen:
		return sentenceOf([]detect.Text{say("本次没有看清该网站，不作结论", "The site was not seen this time, so nothing is concluded")}), "unknown"
	case t.Unknown == 0 && t.Pass > 0:
		return sentenceOf([]detect.Text{
			say("没有发现问题", "Nothing was found"),
			counted(t.Pass, "项检查通过", "check passed", "checks passed"),
		}), "pass"
	case r.Liveness != detect.Serving && r.Liveness != "":
		return sentenceOf([]detect.Text{
			joined(say("：", ": "), say("没有可以认定的问题", "Nothing can be held against the site"), word(livenessWords, r.Liveness)),
			unknown,
		}), "unknown"
	case t.Pass > 0:
		return sentenceOf([]detect.Text{
			say("没有发现问题", "Nothing was found"),
			counted(t.Pass, "项通过", "passed", "passed"), unknown,
		}), "pass"
	}
	return sentenceOf([]detect.Text{say("没有可以判断的内容", "There was nothing to judge")}), "unknown"
}

// sentenceOf makes one sentence of its parts.
func sentenceOf(parts []detect.Text) detect.Text {
	t := capital(joined(comma, parts...))
	return detect.Text{ZH: t.ZH + "。", EN: t.EN + "."}
}

// livenessText is the state with its cause, in a few words.
func livenessText(l detect.Liveness, cause string) detect.Text {
	state := word(livenessWords, l)
	if cause == "" {
		return state
	}
	return joined(say("：", ": "), state, detect.CauseText(cause))
}
