package detect

import (
	"fmt"
	"time"

	"github.com/beianwatch/beianwatch/detect/phone"
)

// phoneUnverified: 电话不通或无人接听. Whether somebody answers cannot be seen
// from here; when somebody last did can be kept in the inventory.
var phoneUnverified = &Rule{
	ID:       "phone-unverified",
	Severity: Warning,
	Title:    Text{"联系电话久未核验或无法拨打", "the telephone was not verified for long, or cannot be called"},
	Rationale: Text{
		"备案审核时会拨打联系电话，约一小时后再拨一次，仍无人接听即驳回；备案后抽查同样如此。电话应定期拨打核验。",
		"Reviewers call the number, and once more about an hour later; if nobody answers, the filing is rejected, and spot checks do the same later. Call the numbers from time to time.",
	},
	Remedy: Text{
		"请拨打核验（无人接听的约一小时后再拨一次），把日期填入清单的“电话核验时间”；lint 的 --calls 会写出待拨清单。",
		"Call the number (once more an hour later if nobody answers) and put the date into phone_verified_at; lint --calls writes the list to call.",
	},
	Source: reviewers("电话号码不符合 / telephone numbers"),
	Needs:  NeedsSite,
	Policy: Policies{
		Filing:   Text{"号码位数不对、无法拨打：警告；上次核验早于设定的天数（默认 180 天）：提示", "a number that cannot be called: warning; last verified longer ago than the days set (180 by default): notice"},
		Liveness: Text{"不看网站", "the site is not looked at"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"备案已注销；只检查文件", "the filing is cancelled; only a file is checked"},
		Unknown:  Text{"没有电话；清单没有核验时间，或时间在将来", "no number; the inventory has no date of verification, or one in the future"},
	},
	Dated: true,
	Check: checkPhoneVerified,
}

func checkPhoneVerified(c *Case) Outcome {
	if o, ok := papersDuty(c); !ok {
		return o
	}
	numbers := phonesOf(c)
	if len(numbers) == 0 {
		return unknown(ReasonNoPhone)
	}
	for _, n := range numbers {
		if n.Kind == phone.Invalid {
			return found(Warning, Finding{
				Where: phoneWhere,
				Saw:   Text{"号码“" + clip(n.Raw) + "”位数不对，无法拨打", "the number \"" + clip(n.Raw) + "\" has a wrong number of digits and cannot be called"},
				Fix:   Text{"请更正号码：手机 11 位，座机为区号加 7 或 8 位。", "Correct it: a mobile has 11 digits, a land line an area code and 7 or 8 digits."},
			})
		}
	}
	at := c.Target.Holder.PhoneVerifiedAt
	if at.IsZero() || at.Sub(c.At) > 24*time.Hour {
		return unknown(ReasonNotVerified)
	}
	if c.At.Sub(at) <= c.Policy.PhoneAge {
		return pass()
	}
	most := int(c.Policy.PhoneAge / (24 * time.Hour))
	return found(Notice, Finding{
		Where: phoneWhere,
		Saw: Text{
			fmt.Sprintf("上次核验在 %s，已超过设定的 %d 天", at.Format(time.DateOnly), most),
			fmt.Sprintf("last verified on %s, which is more than the %d days that were set", at.Format(time.DateOnly), most),
		},
		Fix: Text{"请拨打核验，并更新核验时间。", "Call the number and put the new date into the inventory."},
	})
}
