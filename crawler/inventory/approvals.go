package inventory

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// categoryWords are the words for an approval's category. The values are the
// contract's words (industries.category).
var categoryWords = map[string]string{
	"finance": "finance", "金融": "finance", "互联网金融": "finance", "支付": "finance", "证券": "finance", "保险": "finance", "基金": "finance",
	"news": "news", "新闻": "news", "互联网新闻": "news", "新闻信息": "news", "互联网新闻信息服务": "news",
	"publishing": "publishing", "出版": "publishing", "网络出版": "publishing", "网络出版服务": "publishing", "出版物": "publishing",
	"drugsdevices": "drugs-devices", "drugs": "drugs-devices", "devices": "drugs-devices", "药品": "drugs-devices", "医疗器械": "drugs-devices", "药品和医疗器械": "drugs-devices", "药品医疗器械": "drugs-devices",
	"culture": "culture", "文化": "culture", "网络文化": "culture", "网络文化经营": "culture",
	"audiovisual": "audiovisual", "视听": "audiovisual", "视听节目": "audiovisual", "信息网络传播视听节目": "audiovisual", "广播电影电视": "audiovisual", "广播电视": "audiovisual",
	"healthcare": "healthcare", "医疗": "healthcare", "医疗保健": "healthcare", "卫生": "healthcare", "互联网医院": "healthcare",
	"ridehailing": "ride-hailing", "网约车": "ride-hailing", "网络预约出租汽车": "ride-hailing",
	"bulletinboard": "bulletin-board", "bbs": "bulletin-board", "论坛": "bulletin-board", "电子公告": "bulletin-board", "电子公告服务": "bulletin-board",
	"training": "training", "培训": "training", "校外培训": "training", "教育": "training",
	"games": "games", "游戏": "games", "网络游戏": "games",
	"religion": "religion", "宗教": "religion", "互联网宗教": "religion", "互联网宗教信息服务": "religion",
}

// approvals reads category:number;category:number. "none" and 无 say that
// there is no approval, which is another thing than an empty cell.
func (r *row) approvals(s string) {
	switch plainHeading(s) {
	case "none", "无", "没有", "不涉及", "无前置审批", "no":
		r.t.Filing.ApprovalsKnown = true
		return
	case "", "na", "null", "未知", "unknown":
		return
	}
	for _, item := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(";；\n", c) }) {
		category, number, _ := strings.Cut(strings.ReplaceAll(item, "：", ":"), ":")
		r.approval(category, number)
	}
}

// approval adds one approval. A category that is not known is kept as
// written: then the list is not known to be complete in our words, so nothing
// is proven by what is absent.
func (r *row) approval(category, number string) {
	category, number = strings.TrimSpace(category), strings.TrimSpace(number)
	f := &r.t.Filing
	if category == "" || len(f.Approvals) >= maxList {
		return
	}
	word, ok := categoryWords[plainHeading(category)]
	if !ok {
		r.sink.warn(message.Format("前置审批的类别“%s”无法识别：请填金融、新闻、出版、药品医疗器械、文化、视听、医疗、网约车、论坛、培训、游戏或宗教",
			"approvals: the category %q is not understood; write finance, news, publishing, drugs-devices, culture, audiovisual, healthcare, ride-hailing, bulletin-board, training, games or religion", cut(category, 40)))
		r.note("approvals", category+":"+number)
		r.unknownApproval = true
		f.ApprovalsKnown = false
		return
	}
	if nothing(number) {
		number = ""
	}
	f.Approvals = append(f.Approvals, crawler.Approval{Category: word, Number: number})
	f.ApprovalsKnown = !r.unknownApproval
}
