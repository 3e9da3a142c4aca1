package detect

import "fmt"

// phoneShared: 负责人手机号码为其他主体备案过.
var phoneShared = &Rule{
	ID:       "phone-shared",
	Severity: Warning,
	Title:    Text{"手机号同时用于多个主体", "one mobile number stands under several subjects"},
	Rationale: Text{
		"一个负责人手机号只能用于一个备案主体；已为其他主体备案过的号码会被驳回。同一主体的多个网站可以共用。应急电话也不能与负责人电话相同。",
		"The mobile of the person in charge can serve one subject only; a number that was filed for another is rejected. Several sites of one subject may share it. The emergency number must be another one.",
	},
	Remedy: Text{
		"请联系原来备案的单位变更手机号码，或更换本次备案的手机号码。",
		"Have the number changed in the other subject's filing, or give another one for this filing.",
	},
	Source: reviewers("电话号码不符合 / telephone numbers"),
	Needs:  NeedsSite,
	Policy: Policies{
		Filing:   Text{"清单中另有主体使用同一手机号：警告；电话与手机是同一号码：提示（未备案、审核中、未知）", "another subject in the inventory has the mobile: warning; phone and mobile are the same number: notice (unfiled, in review, unknown)"},
		Liveness: Text{"不看网站", "the site is not looked at"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"备案已注销；只检查文件", "the filing is cancelled; only a file is checked"},
		Unknown:  Text{"没有手机号或主体名称；没有通读整份清单", "no mobile or no subject; the whole inventory was not read"},
	},
	Check: checkPhoneShared,
}

func checkPhoneShared(c *Case) Outcome {
	if o, ok := papersDuty(c); !ok {
		return o
	}
	list := mobiles(c)
	if len(list) == 0 {
		return unknown(ReasonNoMobile)
	}
	if SubjectKey(c.Filing.Subject) == "" {
		return unknown(ReasonNameNotKnown)
	}
	sharing := c.Target.Holder.Sharing
	if sharing == nil {
		return unknown(ReasonOneLineOnly)
	}
	if len(sharing.Others) > 0 {
		return found(Warning, sharedFinding(c))
	}
	if same := sameTwice(c); same != "" {
		return foundAccepted(c, Notice, Finding{
			Where: phoneWhere,
			Saw:   Text{"电话与手机是同一号码 " + same, "phone and mobile are the same number, " + same},
			Fix:   Text{"如一个是应急电话，请换成另一号码。", "If one of them is the emergency number, give another one for it."},
		})
	}
	return pass()
}

func sharedFinding(c *Case) Finding {
	s := c.Target.Holder.Sharing
	others := quoted(s.Others)
	if s.More {
		others = Text{others.ZH + "等", others.EN + " and others"}
	}
	return Finding{
		Where: phoneWhere,
		Saw: Text{
			fmt.Sprintf("手机号 %s 也用于%s，本行主体为“%s”", s.Mobile, others.ZH, clip(c.Filing.Subject)),
			fmt.Sprintf("the mobile %s also stands under %s; the subject of this line is %q", s.Mobile, others.EN, clip(c.Filing.Subject)),
		},
		Fix: Text{
			"请为其中一个主体更换手机号码；若是同一主体的不同写法，请统一名称。",
			"Give one of the subjects another mobile; if these are spellings of one subject, write them alike.",
		},
	}
}

// sameTwice is the mobile that stands in both cells, "" if there is none.
func sameTwice(c *Case) string {
	h := &c.Target.Holder
	if h.Phone == "" || h.Mobile == "" {
		return ""
	}
	mobile, tel := MobilesOf(h.Mobile, ""), MobilesOf(h.Phone, "")
	if len(mobile) == 1 && len(tel) == 1 && mobile[0] == tel[0] {
		return mobile[0]
	}
	return ""
}
