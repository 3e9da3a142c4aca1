package detect

import (
	"github.com/beianwatch/beianwatch/crawler"
)

// documentsIncomplete: 证件不合格，即……没有提交管局要求的全部证件.
var documentsIncomplete = &Rule{
	ID:       "documents-incomplete",
	Severity: Warning,
	Title:    Text{"备案材料不齐", "documents of the filing are missing"},
	Rationale: Text{
		"没有提交管局要求的全部证件，是备案被驳回的常见原因。",
		"That not all the documents which the administration wants were submitted is a common reason for rejecting a filing.",
	},
	Remedy: Text{
		"请补齐管局要求的全部证件后再提交；各省要求以接入商的提示为准。",
		"Add every document that the administration wants before you submit; what a province asks for, the access provider tells.",
	},
	Source: reviewers("证件不合格 / documents that do not pass"),
	Needs:  NeedsDocuments,
	Policy: Policies{
		Filing:   Text{"按主办单位性质和备案省份的材料清单（可替换的数据）：警告或提示；已备案：提示", "by the list of documents for nature and province (data that you can replace): warning or notice; filed: notice"},
		Liveness: Text{"不区分", "any"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"只检查文件；备案已注销", "only a file is checked; the filing is cancelled"},
		Unknown:  Text{"清单没有列出材料，或材料的名称看不懂；不知道主办单位性质；没有读取材料，或列出的文件一个都没有", "the inventory lists no documents, or one whose name is not understood; the nature is not known; the documents were not read, or none of those listed is there"},
	},
	Check: checkDocumentsIncomplete,
}

func checkDocumentsIncomplete(c *Case) Outcome {
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(ReasonNotFiled)
	}
	if c.Filing.Nature == "" {
		return unknown(ReasonNatureNotKnown)
	}
	there, absent, understood := documentsThere(c)
	severity := Severity("")
	var findings []Finding
	for _, n := range c.Policy.documents().needs {
		if !n.applies(natureWord(c), filingProvince(c).Char()) || n.met(there) {
			continue
		}
		findings = append(findings, missingDocument(&n, absent))
		severity = graver(severity, n.severity)
	}
	switch {
	case len(findings) > 0 && !understood:
		return unknown(ReasonDocumentKind)
	case len(findings) > 0 && len(there) == 0:
		// Every file that the list names is gone: that is the wrong folder.
		return unknown(ReasonDocumentsElsewhere)
	case len(findings) > 0:
		return found(whereFiled(c, severity), findings...)
	case c.Obs.Documents == nil:
		return unknown(ReasonDocumentsNotRead)
	}
	return pass()
}

// documentsThere gives the kinds of document that the inventory lists, without
// those whose file was looked for and is not there. understood is false if a
// name in the list is not, or if it was not found out what is there: then it
// may be anything.
func documentsThere(c *Case) (there, absent []string, understood bool) {
	understood = true
	for i, d := range c.Target.Holder.Documents {
		kind := documentKind(d.Kind)
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

func missingDocument(n *documentNeed, absent []string) Finding {
	names := Text{}
	gone := false
	for i, k := range n.kinds {
		if i > 0 {
			names.ZH, names.EN = names.ZH+"或", names.EN+" or "
		}
		names.ZH, names.EN = names.ZH+documentNames[k].ZH, names.EN+documentNames[k].EN
		for _, a := range absent {
			gone = gone || a == k
		}
	}
	saw := Text{"清单的材料中没有" + names.ZH, "no " + names.EN + " among the documents of the inventory"}
	if gone {
		saw = Text{"清单列出了" + names.ZH + "，材料目录里没有这个文件", "the inventory lists " + names.EN + ", but the file is not in the folder of documents"}
	}
	return Finding{
		Where: Text{"备案材料", "documents of the filing"},
		Saw:   saw,
		Fix:   Text{"请补充" + names.ZH + "：彩色原件、图片完整清晰。", "Add " + names.EN + ": the original in colour, whole and clear."},
	}
}

// natureWord is "person" or "unit"; the nature must be known.
func natureWord(c *Case) string {
	if personal(c) {
		return "person"
	}
	return "unit"
}

// whereFiled lowers a severity where the filing stands: its documents passed
// once, and matter again at its next change.
func whereFiled(c *Case, s Severity) Severity {
	if c.Filing.Status == crawler.FilingFiled {
		return Notice
	}
	return s
}

// graver is the graver of two severities; "" is none.
func graver(a, b Severity) Severity {
	for _, s := range []Severity{Violation, Warning, Notice} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}
