package wording

import (
	"github.com/beianwatch/beianwatch/detect"
)

// whyWords are what registers and the inventory say, in English, of a filing status
// that they do not know.
var whyWords = map[string]detect.Text{
	"the inventory says nothing of a filing": Say("清单没有说明备案情况", "the inventory says nothing of a filing"),
	"no register is known":                   Say("没有配置可查询的登记库", "no register is known"),
	"the answer is about other domains":      Say("登记库的应答与该域名无关", "the answer is about other domains"),
}

// WhyUnknown returns why a filing status is not known: the text of a reason's code,
// or what was said, in words.
func WhyUnknown(why string) detect.Text {
	if t, ok := whyWords[why]; ok {
		return t
	}
	return CleanText(detect.Reason(why).Text(), 200)
}
