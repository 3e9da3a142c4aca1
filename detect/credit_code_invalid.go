package detect

import "github.com/beianwatch/beianwatch/detect/credit"

// creditCodeInvalid tells a code whose check digit is wrong: it is a slip of
// whoever typed it, and proves nothing of a province.
var creditCodeInvalid = &Rule{
	ID:       "credit-code-invalid",
	Severity: Notice,
	Title:    Text{"统一社会信用代码的校验码不正确", "the check digit of the credit code is wrong"},
	Rationale: Text{
		"统一社会信用代码的最后一位是校验码。校验不通过说明代码有误，用它提交备案会因证件信息不符被驳回。",
		"The last character of a unified social credit code is a check digit. Where it does not fit, the code has a slip in it, and a filing with it is rejected because it differs from the papers.",
	},
	Remedy: Text{
		"请对照营业执照等证件更正代码。",
		"Correct the code from the licence.",
	},
	Source: Article{
		Law:   Text{"GB 32100-2015《法人和其他组织统一社会信用代码编码规则》", "GB 32100-2015, Coding rule of the unified social credit identifier for legal entities and other organizations"},
		Place: "5.2 校验码 / check digit",
		Since: "2015-10-01",
	},
	Needs: NeedsSite,
	Policy: Policies{
		Filing:   Text{"18 位代码校验不通过：提示", "a code of 18 characters that does not check: notice"},
		Liveness: Text{"不看网站", "the site is not looked at"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"备案已注销；主体是个人；只检查文件", "the filing is cancelled; the subject is a person; only a file is checked"},
		Unknown:  Text{"清单没有代码，或是其他证件的号码", "no code in the inventory, or the number of another certificate"},
	},
	Check: checkCreditCode,
}

func checkCreditCode(c *Case) Outcome {
	if o, ok := papersDuty(c); !ok {
		return o
	}
	if natureOf(c) == naturePerson {
		return exempt(ReasonPersonal)
	}
	code, kind := credit.Read(c.Filing.CreditCode)
	switch kind {
	case credit.Code:
		return pass()
	case credit.Wrong:
		return found(Notice, Finding{
			Where: inventoryWhere("统一社会信用代码", "credit code"),
			Saw:   Text{"代码 " + code + " 的校验码不符", "the check digit of " + code + " does not fit"},
			Fix:   Text{"请对照证件更正代码。", "Correct the code from the papers."},
		})
	}
	return unknown(ReasonCodeNotKnown)
}
