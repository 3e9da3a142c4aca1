package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// Verdict returns a domain's outcomes in one sentence. A site that was not
// seen is never called clean.
func Verdict(r *reports.Record) detect.Text {
	return VerdictOf(reports.TallyOf(r.Outcomes), r.Liveness)
}

// VerdictOf is [Verdict] for outcomes that were counted.
func VerdictOf(t reports.Tally, l detect.Liveness) detect.Text {
	var parts []detect.Text
	if t.Violations > 0 {
		parts = append(parts, Counted(t.Violations, "项需要整改", "thing must be mended", "things must be mended"))
	}
	if t.Warnings > 0 {
		parts = append(parts, Counted(t.Warnings, "项需要核实", "needs checking", "need checking"))
	}
	if t.Notices > 0 {
		parts = append(parts, Counted(t.Notices, "项提示", "is worth knowing", "are worth knowing"))
	}
	switch {
	case t.Violations > 0:
	case t.Warnings > 0:
		parts = append([]detect.Text{Say("没有可以认定的违规", "No certain violation")}, parts...)
	case t.Notices > 0:
		parts = append([]detect.Text{Say("没有需要整改的问题", "Nothing must be mended")}, parts...)
	default:
		return nothingFound(t, l)
	}
	if t.Unknown > 0 {
		parts = append(parts, Counted(t.Unknown, "项无法判断", "could not be judged", "could not be judged"))
	}
	return sentenceOf(parts)
}

// nothingFound is the sentence for a domain on which nothing was found.
func nothingFound(t reports.Tally, l detect.Liveness) detect.Text {
	unknown := Counted(t.Unknown, "项无法判断", "check could not be judged", "checks could not be judged")
	switch {
	case l == detect.Unseen:
		return sentenceOf([]detect.Text{Say("本次没有看清该网站，不作结论", "The site was not seen this time, so nothing is concluded")})
	case t.Unknown == 0 && t.Pass > 0:
		return sentenceOf([]detect.Text{
			Say("没有发现问题", "Nothing was found"),
			Counted(t.Pass, "项检查通过", "check passed", "checks passed"),
		})
	case l != detect.Serving && l != "":
		return sentenceOf([]detect.Text{
			Joined(Say("：", ": "), Say("没有可以认定的问题", "Nothing can be held against the site"), Word(LivenessWords, l)),
			unknown,
		})
	case t.Pass > 0:
		return sentenceOf([]detect.Text{
			Say("没有发现问题", "Nothing was found"),
			Counted(t.Pass, "项通过", "passed", "passed"), unknown,
		})
	}
	return sentenceOf([]detect.Text{Say("没有可以判断的内容", "There was nothing to judge")})
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
