package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// Verdict returns a domain's outcomes in one sentence. A site that was not
// seen is never called clean.
func Verdict(r *reports.Record) detect.Text {
	return VerdictOf(r.Tally(), r.Liveness)
}

// VerdictOf is [Verdict] for outcomes that were counted.
func VerdictOf(t reports.Tally, l detect.Liveness) detect.Text {
	var parts []detect.Text
	if t.Violations > 0 {
		parts = append(parts, Counted(t.Violations, "项违规", "violation", "violations"))
	}
	if t.Warnings > 0 {
		parts = append(parts, Counted(t.Warnings, "项待核实", "warning", "warnings"))
	}
	if t.Notices > 0 {
		parts = append(parts, Counted(t.Notices, "项提示", "notice", "notices"))
	}
	found := t.Violations+t.Warnings+t.Notices > 0
	if t.Waived > 0 {
		parts = append(parts, Counted(t.Waived, "项已豁免", "waived", "waived"))
	}
	switch {
	case t.Violations > 0:
	case !found && t.Waived > 0:
		parts = append([]detect.Text{Say("没有待处理的问题", "Nothing to act on")}, parts...)
	case t.Warnings > 0:
		parts = append([]detect.Text{Say("无违规", "No violations")}, parts...)
	case t.Notices > 0:
		parts = append([]detect.Text{Say("无违规", "No violations")}, parts...)
	default:
		return nothingFound(t, l)
	}
	if t.Unknown > 0 {
		parts = append(parts, Counted(t.Unknown, "项未判定", "inconclusive", "inconclusive"))
	}
	return sentenceOf(parts)
}

// nothingFound is the sentence for a domain on which nothing was found.
func nothingFound(t reports.Tally, l detect.Liveness) detect.Text {
	unknown := Counted(t.Unknown, "项未判定", "check inconclusive", "checks inconclusive")
	switch {
	case l == detect.Unseen:
		return sentenceOf([]detect.Text{Say("本次未能检查该网站，未判定", "The site could not be checked this time: inconclusive")})
	case t.Unknown == 0 && t.Pass > 0 && t.Decided:
		return sentenceOf([]detect.Text{
			Say("未发现问题", "No findings"),
			Counted(t.Pass, "项检查通过", "check passed", "checks passed"),
		})
	case l != detect.Serving && l != "":
		return sentenceOf([]detect.Text{
			Joined(Say("：", ": "), Say("未判定", "Inconclusive"), Word(LivenessWords, l)),
			unknown,
		})
	case !t.Decided && t.Unknown > 0:
		return sentenceOf([]detect.Text{Say("未判定：关键规则未能判定", "Inconclusive: decisive rules could not be judged"), unknown})
	case t.Pass > 0:
		return sentenceOf([]detect.Text{
			Say("未发现问题", "No findings"),
			Counted(t.Pass, "项通过", "passed", "passed"), unknown,
		})
	}
	return sentenceOf([]detect.Text{Say("没有可判定的内容", "Nothing to check")})
}

// sentenceOf makes one sentence of its parts.
func sentenceOf(parts []detect.Text) detect.Text {
	t := Capital(Joined(Comma, parts...))
	return detect.Text{ZH: t.ZH + "。", EN: t.EN + "."}
}

// LivenessText returns the state with its cause, in a few words.
func LivenessText(l detect.Liveness, cause string) detect.Text {
	state := Word(LivenessWords, l)
	if cause == "" {
		return state
	}
	return Joined(Say("：", ": "), state, detect.CauseText(cause))
}
