package detect

// policeNumberMalformed: 省份简称 + 公网安备 + 14 位数字 + 号, as the platform issues it.
var policeNumberMalformed = &Rule{
	ID:        "police-number-malformed",
	Severity:  Warning,
	Title:     Text{"公安备案号的格式不正确", "the public-security number is malformed"},
	Rationale: policeRationale,
	Remedy: Text{
		"请按平台下发的编号标明：省份简称 + 公网安备 + 14 位数字 + 号。",
		"Show the number as issued: the province's character, 公网安备, 14 digits, 号.",
	},
	Source: policeSource,
	Policy: policePolicies(Text{"页面没有收全或由脚本生成，且没有看到编号", "page not whole or drawn by script, and no number seen"}),
	Check:  checkPoliceMalformed,
}

// malformed says what is wrong with a number, by the word of package number.
var malformed = map[string]Text{
	"length":   {"数字不是 14 位", "it does not have 14 digits"},
	"wording":  {"没有写作“公网安备”", "it is not written 公网安备"},
	"province": {"“公网安备”前没有省份简称", "no province's character stands before 公网安备"},
	"division": {"前六位不是行政区划代码", "its first six digits are no division code"},
}

func checkPoliceMalformed(c *Case) Outcome {
	if o, ok := policeDuty(c); !ok {
		return o
	}
	shown := shownPolice(c)
	if len(shown) == 0 {
		return noPolice(c)
	}
	var bad []Finding
	for _, p := range shown {
		if p.Malformed == "" {
			return pass() // one right number is what the duty asks for
		}
		why, ok := malformed[p.Malformed]
		if !ok {
			why = Text{p.Malformed, p.Malformed}
		}
		bad = append(bad, Finding{
			Where: policeWhere(c, p),
			Saw:   Text{"“" + clip(p.Raw) + "”：" + why.ZH, "\"" + clip(p.Raw) + "\": " + why.EN},
			Fix: Text{
				"请对照全国互联网安全管理服务平台上的备案号更正。",
				"Correct it to the number on the police platform.",
			},
		})
	}
	return found(policeSeverity(c), bad[:min(len(bad), 5)]...)
}
