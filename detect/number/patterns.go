package number

import "regexp"

// A pattern finds the numbers of one kind of licence. The expressions run on
// the text near the anchor only; group 1, where there is one, is the number.
type pattern struct {
	kind   string
	anchor string
	back   int // bytes before the anchor at which a match may begin
	expr   *regexp.Regexp
}

const (
	province = `[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀川黔贵滇云藏陕秦陇甘青宁新]`
	year     = `(?:19|20)\d{2}`
	open     = `\s*[\[(]\s*`
	shut     = `\s*[\])]\s*`
	approval = open + year + shut + `(?:第\s*)?\d{1,5}\s*号` // of a game, by the press authority of the state or a province
	insurer  = `\d{15}|[A-Z]\d{4,5}[A-Z]{2,3}\d{0,9}`
	label    = `\s*(?:证?(?:编号|号码|号))?\s*[:(]?\s*(?:第|编号:?)?\s*`
)

// healthcare is the consent to health information services (abolished in 2015,
// still shown): 京卫网审[2013]第0209号, 沪卫(中医)网复审[2013]第10018号, and of the
// years in which the authority was called 卫计委: 京卫计网审[2015]第0627号.
var healthcare = regexp.MustCompile(province + `\s*卫\s*(?:计|健|生)?\s*(?:\(\s*\p{Han}{1,4}\s*\)\s*)?(?:网审字?|审字|网复审|网申)` + open + year + shut + `第?\s*\d{1,5}\s*号?`)

// financial is the number, of the form given, that stands behind the name of a
// licence, which often says what number it is: 编号, 流水号, 机构编码. A credit code
// is one that licences of today bear.
func financial(name, form string) *regexp.Regexp {
	return regexp.MustCompile(`^` + name + `(?:书|证书?)?\s*\(?(?:\s*(?:流水号|机构编码|统一社会信用代码|证书编号))?` + label + `(` + form + `)(?:[^0-9A-Z]|$)`)
}

// patterns are the licences that footers show, besides ICP证 (facts 4.1). The
// text is folded: brackets are [ ] or ( ), dashes are -.
var patterns = []pattern{
	{"culture", "网文", 8, regexp.MustCompile(`\p{Han}\s*网文\s*(?:许|证|号)?字?` + open + year + `\s*年?` + shut + `(?:第\s*)?\d{3,5}\s*(?:-\s*\d{3,4}\s*)?号?`)},
	{"publishing", "网出证", 16, regexp.MustCompile(`(?:\(\s*(?:署|总)\s*\)\s*)?网出证\s*\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号?`)},
	{"publishing", "出网证", 6, regexp.MustCompile(`新出网证\s*\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号?`)},
	{"publishing", "网络出版服务许可证", 0, regexp.MustCompile(`^网络出版服务许可证` + label + `(\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号)`)},
	{"publishing", "互联网出版许可证", 0, regexp.MustCompile(`^互联网出版许可证` + label + `(\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号)`)},
	{"publishing", "出网许", 6, regexp.MustCompile(`新出网许\s*\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号?`)},
	{"drug-info", "经营", 16, regexp.MustCompile(`\(?\s*` + province + `\s*\)?\s*-?\s*\(?\s*非?经营性?\s*\)?\s*-\s*` + year + `\s*-\s*\d{4}`)},
	{"drug-info", "药品交易", 0, regexp.MustCompile(`^药品交易(?:服务)?资格证书?` + label + `((?:国|` + province + `)\s*[ABC]\s*` + year + `\d{4})`)},
	{"drug-info", "药品信息服务资格证", 0, regexp.MustCompile(`^药品信息服务资格证书?` + label + `(\(?\s*` + province + `\s*\)?\s*-\s*` + year + `\s*-\s*\d{4})(?:\D|$)`)},
	{"drug-device-record", "网药械", 10, regexp.MustCompile(`\(\s*\p{Han}\s*\)\s*网药械(?:网络)?信息(?:服务)?备字` + open + `20\d{2}` + shut + `第?\s*\d{4,6}\s*号?`)},
	{"device-platform", "网械平台备字", 10, regexp.MustCompile(`\(\s*\p{Han}\s*\)\s*网械平台备字` + open + `20\d{2}` + shut + `第?\s*\d{4,6}\s*号?`)},
	{"audiovisual", "视听", 0, regexp.MustCompile(`^视听(?:节目)?(?:服务)?许可证?` + label + `(\d{7,9})(?:\D|$)`)},
	{"news", "新闻信息服务许可", 0, regexp.MustCompile(`^新闻信息服务许可证?` + label + `(\d{10,11})(?:\D|$)`)},
	{"news", "新函", 6, regexp.MustCompile(province + `府新函` + open + year + shut + `第?\s*\d{1,4}\s*号`)},
	{"news", "新网备", 6, regexp.MustCompile(province + `\s*新网备\s*\d{7}\s*号`)},
	{"religion", "宗教信息服务许可证", 0, regexp.MustCompile(`^宗教信息服务许可证` + label + `(\p{Han}\s*\(\s*20\d{2}\s*\)\s*\d{7}|20\d{9})`)},
	{"payment", "支付业务许可证", 0, regexp.MustCompile(`^支付业务许可证[^\n]{0,24}?(Z20\d{11})(?:\D|$)`)},
	{"payment", "Z20", 0, regexp.MustCompile(`^Z20\d{11}(?:\D|$)`)},
	{"securities", "证券期货业务许可证", 0, financial("证券期货业务许可证", `\d{12}|[0-9A-Z]{18}`)},
	{"securities", "证券业务许可证", 0, financial("证券业务许可证", `\d{12}|[0-9A-Z]{18}|Z\d{8}`)},
	{"securities", "期货业务许可证", 0, financial("期货业务许可证", `\d{12}|[0-9A-Z]{18}|\d{8}`)},
	{"securities", "证券投资咨询业务资格", 0, financial("证券投资咨询业务资格", `ZX\d{4}`)},
	{"securities", "私募基金管理人", 0, regexp.MustCompile(`^私募基金管理人(?:登记|备案)?` + label + `(P\d{7})(?:\D|$)`)},
	{"insurance", "保险代理业务许可证", 0, financial("保险代理业务许可证", insurer)},
	{"insurance", "保险经纪业务许可证", 0, financial("保险经纪业务许可证", insurer)},
	{"insurance", "保险公估业务许可证", 0, financial("保险公估业务许可证", insurer)},
	{"insurance", "保险业务许可证", 0, financial("保险业务许可证", insurer)},
	{"insurance", "保险中介许可证", 0, financial("保险中介许可证", insurer)},
	{"insurance", "保险许可证", 0, financial("保险许可证", insurer)},
	{"banking", "金融许可证", 0, financial("金融许可证", `[A-Z]\d{4}[A-Z]\d{9}`)},
	{"ride-hailing", "网约出租", 24, regexp.MustCompile(province + `\p{Han}{0,3}\s*交运管(?:许可)?\s*网约出租(?:汽车|车)?(?:许|字|证)*\s*(?:第\s*)?\d{10,14}\s*号?`)},
	{"ride-hailing", "预约出租汽车经营许可证", 0, regexp.MustCompile(`^预约出租汽车经营许可证` + label + `(\p{Han}{0,12}\s*\d{6,15}\s*号?)`)},
	{"fund-sales", "基金销售", 0, regexp.MustCompile(`^基金销售(?:业务)?(?:资格|许可)(?:证书|许可证|证)?` + label + `(\d{9})(?:\D|$)`)},
	{"broadcast-production", "节目制作经营许可证", 0, regexp.MustCompile(`^节目制作经营许可证\s*(?:编号|号码|号)?\s*:?\s*\(?((?:\(?\s*\p{Han}{1,3}\s*\)?\s*字?\s*)?第?\s*\d{2,6}\s*号?)`)},
	{"broadcast-production", "广行许字", 6, regexp.MustCompile(province + `\s*广行许字` + open + year + shut + `第?\s*\d{1,5}\s*号`)},
	{"games", "新出审", 9, regexp.MustCompile(`\p{Han}?\s*新出审字?` + approval)},
	{"games", "新广出审", 9, regexp.MustCompile(`\p{Han}?\s*新广出审字?` + approval)},
	{"games", "文网游备字", 0, regexp.MustCompile(`^文网游备字` + open + year + shut + `\s*(?:[A-Z]-[A-Z]{2,4}\s*)?\d{3,5}\s*号?`)},
	{"games", "文网进字", 0, regexp.MustCompile(`^文网进字` + open + year + shut + `\s*\d{1,4}\s*号?`)},
	{"training", "教APP备", 0, regexp.MustCompile(`^教APP备\s*\d{6,8}\s*号?`)},
	{"training", "办学许可证", 0, regexp.MustCompile(`^办学许可证` + label + `(教?民?\s*\d{12,16}\s*号?)`)},
	{"publication-business", "新出发", 0, regexp.MustCompile(`^新出发\s*\(?\s*\p{Han}\s*\)?\s*\p{Han}?\s*字?\s*第?\s*[\p{Han}A-Z]?-?\s*\d{2,7}(?:-\d+)?\s*号?`)},
	{"publication-business", "出版物经营许可证", 0, regexp.MustCompile(`^出版物经营许可证` + label + `(\p{Han}\s*批\s*字?\s*第?\s*\d{3,8}\s*号)`)},
	{"healthcare", "网审", 30, healthcare}, {"healthcare", "审字", 24, healthcare}, {"healthcare", "网复审", 30, healthcare}, {"healthcare", "网申", 30, healthcare},
	{"healthcare", "医疗机构执业许可证", 0, regexp.MustCompile(`^医疗机构执业许可证(?:登记)?` + label + `([0-9A-Z]{14,22})`)},
	{"bulletin-board", "电信业务审批", 0, regexp.MustCompile(`^电信业务审批` + open + year + shut + `字?\s*第?\s*\d{1,5}\s*号?`)},
	{"icp-commercial", "电信与信息服务业务", 0, regexp.MustCompile(`^电信与信息服务业务(?:经营)?许可证` + label + `(\d{6})\s*号?(?:[^-\d]|$)`)},
}
