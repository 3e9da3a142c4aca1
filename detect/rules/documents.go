package rules

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// documentName is what a document is called in a finding: the name in the
// inventory, in both languages.
func documentName(written string) detect.Text {
	if name, ok := lists.DocumentNames[written]; ok {
		return detect.Text(name)
	}
	return detect.Text{ZH: detect.Clip(written), EN: detect.Clip(written)}
}

// documentsIncomplete: 证件不合格，即……没有提交管局要求的全部证件.
var documentsIncomplete = &detect.Rule{
	ID:       "documents-incomplete",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "备案材料不齐", EN: "documents of the filing are missing"},
	Kept:     detect.Text{ZH: "备案材料齐全", EN: "the documents of the filing are complete"},
	Rationale: detect.Text{
		ZH: "没有提交管局要求的全部证件，是备案被驳回的常见原因。",
		EN: "That not all the documents which the administration wants were submitted is a common reason for rejecting a filing.",
	},
	Remedy: detect.Text{
		ZH: "请补齐管局要求的全部证件后再提交；各省要求以接入商的提示为准。",
		EN: "Add every document that the administration wants before you submit; what a province asks for, the access provider tells.",
	},
	Source:  reviewers("证件不合格 / documents that do not pass"),
	Needs:   detect.NeedsDocuments,
	Private: true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "按主办单位性质和备案省份的材料清单（可替换的数据）：待核实或提示；已备案：提示", EN: "by the list of documents for nature and province (data that you can replace): warning or notice; filed: notice"},
		Liveness: detect.Text{ZH: "不区分", EN: "any"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "只检查文件；备案已注销", EN: "only a file is checked; the filing is cancelled"},
		Unknown:  detect.Text{ZH: "清单没有列出材料，或材料的名称看不懂；不知道主办单位性质；没有读取材料，或列出的文件一个都没有", EN: "the inventory lists no documents, or one whose name is not understood; the nature is not known; the documents were not read, or none of those listed is there"},
	},
	Check: checkDocumentsIncomplete,
}

func checkDocumentsIncomplete(c *detect.Case) detect.Outcome {
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(detect.ReasonNotFiled)
	}
	if c.Filing.Nature == "" {
		return unknown(detect.ReasonNatureNotKnown)
	}
	there, absent, understood := documentsThere(c)
	severity := detect.Severity("")
	var findings []detect.Finding
	for _, n := range c.Policy.Documents.Needs {
		if !n.Applies(natureWord(c), filingProvince(c).Char()) || n.Met(there) {
			continue
		}
		findings = append(findings, missingDocument(&n, absent))
		severity = graver(severity, detect.Severity(n.Level))
	}
	switch {
	case len(findings) > 0 && !understood:
		return unknown(detect.ReasonDocumentKind)
	case len(findings) > 0 && len(there) == 0:
		// Every file that the list names is gone: that is the wrong folder.
		return unknown(detect.ReasonDocumentsElsewhere)
	case len(findings) > 0:
		return found(whereFiled(c, severity), findings...)
	case c.Obs.Documents == nil:
		return unknown(detect.ReasonDocumentsNotRead)
	}
	return pass()
}

// documentsThere returns the kinds of document that the inventory lists, without
// those whose file was looked for and is not there. understood is false if a
// name in the list is not, or if it was not found out what is there: then it
// may be anything.
func documentsThere(c *detect.Case) (there, absent []string, understood bool) {
	understood = true
	for i, d := range c.Target.Holder.Documents {
		kind := lists.DocumentKind(d.Kind)
		if kind == "" {
			understood = false
			continue
		}
		if i < len(c.Obs.Documents) {
			switch c.Obs.Documents[i].Fault {
			case crawler.DocumentAbsent:
				absent = append(absent, kind)
				continue
			case crawler.DocumentOutside:
				understood = false
				continue
			}
		}
		there = append(there, kind)
	}
	return there, absent, understood
}

func missingDocument(n *lists.DocumentNeed, absent []string) detect.Finding {
	names := detect.Text{}
	gone := false
	for i, k := range n.Kinds {
		if i > 0 {
			names.ZH, names.EN = names.ZH+"或", names.EN+" or "
		}
		names.ZH, names.EN = names.ZH+lists.DocumentNames[k].ZH, names.EN+lists.DocumentNames[k].EN
		for _, a := range absent {
			gone = gone || a == k
		}
	}
	saw := detect.Text{ZH: "清单的材料中没有" + names.ZH, EN: "no " + names.EN + " among the documents of the inventory"}
	if gone {
		saw = detect.Text{ZH: "清单列出了" + names.ZH + "，材料目录里没有这个文件", EN: "the inventory lists " + names.EN + ", but the file is not in the folder of documents"}
	}
	return detect.Finding{
		Where: detect.Text{ZH: "备案材料", EN: "documents of the filing"},
		Saw:   saw,
		Fix:   detect.Text{ZH: "请补充" + names.ZH + "：彩色原件、图片完整清晰。", EN: "Add " + names.EN + ": the original in colour, whole and clear."},
	}
}

// natureWord is "person" or "unit"; the nature must be known.
func natureWord(c *detect.Case) string {
	if personal(c) {
		return "person"
	}
	return "unit"
}

// whereFiled lowers a severity where the filing stands: its documents passed
// once, and matter again at its next change.
func whereFiled(c *detect.Case, s detect.Severity) detect.Severity {
	if c.Filing.Status == crawler.FilingFiled {
		return detect.Notice
	}
	return s
}
