package main

import (
	"bufio"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect/region"
)

// This file makes inventories of any size in which every fault is known.

// madeAt is the day on which made inventories are judged.
const madeAt = "2026-11-23"

// A madeLine is one line of a made inventory.
type madeLine struct {
	domain, status, number, subject, nature, name, province, address, code, approvals, phone, mobile, verified, owner string
	holder, expires, documents                                                                                        string
}

var madeHead = []string{"domain", "filing_status", "filing_number", "subject_name", "subject_nature", "site_name", "province", "cert_address", "credit_code",
	"approvals", "phone", "mobile", "phone_verified_at", "owner", "domain_holder", "domain_expires", "documents"}

func (l *madeLine) cells() []string {
	return []string{l.domain, l.status, l.number, l.subject, l.nature, l.name, l.province, l.address, l.code,
		l.approvals, l.phone, l.mobile, l.verified, l.owner, l.holder, l.expires, l.documents}
}

// A home is where made subjects are. local: the province asks for telephones of
// its own.
type home struct {
	province   region.Province
	city, area string
	local      bool
}

var homes = []home{
	{region.ByWord("山东"), "济南市", "0531", true}, {region.ByWord("广东"), "深圳市", "0755", false}, {region.ByWord("浙江"), "杭州市", "0571", false},
	{region.ByWord("北京"), "北京市", "010", true}, {region.ByWord("四川"), "成都市", "028", false}, {region.ByWord("湖南"), "长沙市", "0731", true},
	{region.ByWord("内蒙古"), "内蒙古呼和浩特市", "0471", false}, {region.ByWord("云南"), "云南昆明", "0871", false},
}

// creditCode makes a code with the right check digit.
func creditCode(p region.Province, i int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	code := fmt.Sprintf("91%s0100MA%07d", p.Code(), i)
	sum, weight := 0, 1
	for _, c := range code {
		sum += strings.IndexRune(alphabet, c) * weight
		weight = weight * 3 % 31
	}
	return code + string(alphabet[(31-sum%31)%31])
}

// slipped exchanges the check digit.
func slipped(code string) string {
	last := "0"
	if code[len(code)-1] == '0' {
		last = "1"
	}
	return code[:len(code)-1] + last
}

// mobileOf makes a number of a province, another for each i below a million.
func mobileOf(p region.Province, i int) string {
	return fmt.Sprintf("139%s%06d", p.Code(), i%1_000_000)
}

// phoneDat is a phone.dat in which 139PPxx is of the province with code PP.
func phoneDat() []byte {
	b := []byte("2601\x00\x00\x00\x00")
	at := map[region.Province]uint32{}
	for _, p := range region.All() {
		at[p] = uint32(len(b))
		b = append(b, p.Name()+"|某市|000000|000\x00"...)
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
	for _, p := range region.All() { // in the order of their codes
		code, _ := strconv.Atoi(p.Code())
		for i := range 100 {
			b = binary.LittleEndian.AppendUint32(b, uint32(1390000+100*code+i))
			b = binary.LittleEndian.AppendUint32(b, at[p])
			b = append(b, 1)
		}
	}
	return b
}

// firmLine is line i as a firm of h before its filing, without a fault.
func firmLine(i int, h home) madeLine {
	subject := fmt.Sprintf("青禾灌溉第%d设备有限公司", i)
	return madeLine{
		domain: fmt.Sprintf("site-%07d.cn", i), status: "unfiled", subject: subject, nature: "企业", name: "青禾灌溉官网", province: h.province.Name(),
		address: fmt.Sprintf("%s中山路%d号", h.city, i%900+1), code: creditCode(h.province, i), approvals: "none",
		phone: fmt.Sprintf("%s-8%06d", h.area, i%1_000_000), mobile: mobileOf(h.province, i), verified: "2026-10-01",
		owner: fmt.Sprintf("owner %d", i%500), holder: subject, expires: "2028-01-01",
	}
}

// cleanLine is line i without a fault: firms before and after their filing,
// persons, and lines that say little.
func cleanLine(i int) madeLine {
	h := homes[i%len(homes)]
	l := firmLine(i, h)
	if i%4 == 1 {
		l.status, l.number = "filed", fmt.Sprintf("%sICP备%08d号-1", h.province.Char(), 19000000+i%1_000_000)
	}
	switch i % 10 {
	case 7:
		l.nature, l.name, l.code = "个人", "林小禾种花记", ""
		l.subject = fmt.Sprintf("林小禾%d", i)
		l.holder = l.subject
	case 8:
		l = madeLine{domain: l.domain, status: l.status, number: l.number, province: l.province, owner: l.owner}
	case 9:
		l.phone, l.verified, l.address = "", "", ""
	}
	return l
}

// A planting is a fault of which some lines are made. plant puts it into a line
// without any; k counts the lines of this fault, other is another province.
type planting struct {
	name     string
	rule     string
	severity string // in English
	plant    func(l *madeLine, k int, h, other home)
}

var plantings = []planting{
	{"digits", "site-name-invalid", "violation", func(l *madeLine, k int, h, other home) { l.name = fmt.Sprint(51888 + k) }},
	{"letters", "site-name-invalid", "violation", func(l *madeLine, k int, h, other home) { l.name = "QingHe Irrigation" }},
	{"domain as name", "site-name-invalid", "violation", func(l *madeLine, k int, h, other home) { l.name = "www." + l.domain }},
	{"head of the state", "site-name-invalid", "violation", func(l *madeLine, k int, h, other home) { l.name = "全国青禾灌溉官网" }},
	{"forbidden word", "site-name-invalid", "violation", func(l *madeLine, k int, h, other home) { l.name = "青禾博彩官网" }},
	{"too short", "site-name-invalid", "warning", func(l *madeLine, k int, h, other home) { l.name = "青禾" }},
	{"special characters", "site-name-invalid", "warning", func(l *madeLine, k int, h, other home) { l.name = "青禾灌溉★官网" }},
	{"forum without approval", "site-name-invalid", "warning", func(l *madeLine, k int, h, other home) { l.name = "青禾灌溉论坛官网" }},
	{"person's platform", "site-name-invalid", "warning", func(l *madeLine, k int, h, other home) {
		l.nature, l.code, l.name = "个人", "", "小禾资讯"
		l.subject = fmt.Sprintf("林小禾第%d", k)
		l.holder = l.subject
	}},
	{"papers of elsewhere", "cross-province", "violation", func(l *madeLine, k int, h, other home) { l.address = other.city + "中山路1号" }},
	{"moved after filing", "cross-province", "warning", func(l *madeLine, k int, h, other home) {
		l.status, l.number, l.province = "filed", fmt.Sprintf("%sICP备19%06d号-1", h.province.Char(), k), ""
		l.address = other.city + "中山路1号"
	}},
	{"number of elsewhere", "cross-province", "warning", func(l *madeLine, k int, h, other home) {
		l.status, l.number, l.address = "filed", fmt.Sprintf("%sICP备19%06d号-1", other.province.Char(), k), ""
		l.phone, l.mobile = "", ""
	}},
	{"credit code of elsewhere", "cross-province", "notice", func(l *madeLine, k int, h, other home) {
		l.address, l.code = "", creditCode(other.province, k)
	}},
	{"slip in the credit code", "credit-code-invalid", "notice", func(l *madeLine, k int, h, other home) { l.code = slipped(l.code) }},
	{"land line of elsewhere", "phone-not-local", "warning", func(l *madeLine, k int, h, other home) {
		*l = firmLine(lineNumber(l), homes[0])
		l.phone = "0755-82341234"
	}},
	{"mobile of elsewhere", "phone-not-local", "warning", func(l *madeLine, k int, h, other home) {
		n := lineNumber(l)
		*l = firmLine(n, homes[3])
		l.mobile = mobileOf(region.ByWord("河南"), n)
	}},
	{"digit missing", "phone-unverified", "warning", func(l *madeLine, k int, h, other home) {
		*l = firmLine(lineNumber(l), homes[1])
		l.mobile = l.mobile[:10]
	}},
	{"long not called", "phone-unverified", "notice", func(l *madeLine, k int, h, other home) { l.verified = "2024-06-01" }},
	{"shared mobile", "phone-shared", "warning", func(l *madeLine, k int, h, other home) { l.mobile = fmt.Sprintf("138%08d", 70_000_000+k/2) }},
	{"holder of another name", "domain-holder-mismatch", "notice", func(l *madeLine, k int, h, other home) { l.holder = "绿源农业服务有限公司" }},
	{"expired domain", "domain-expiring", "warning", func(l *madeLine, k int, h, other home) { l.expires = "2026-10-31" }},
	{"term nearly over", "domain-expiring", "notice", func(l *madeLine, k int, h, other home) { l.expires = "2026-12-31" }},
	{"suffix that cannot be filed", "suffix-not-approved", "warning", func(l *madeLine, k int, h, other home) {
		l.domain = strings.TrimSuffix(l.domain, ".cn") + ".io"
	}},
	{"documents missing", "documents-incomplete", "notice", func(l *madeLine, k int, h, other home) {
		l.documents = "营业执照:a.jpg;身份证正面:b.jpg;承诺书:c.jpg"
	}},
	{"one number twice", "phone-shared", "notice", func(l *madeLine, k int, h, other home) { l.phone = l.mobile }},
}

// lineNumber is the number in the domain of a line.
func lineNumber(l *madeLine) int {
	var n int
	fmt.Sscanf(l.domain, "site-%d.cn", &n)
	return n
}

// plantedAt says which fault line i has: its index and how many lines of it
// went before; -1 for none. Faults stand stride lines apart.
func plantedAt(i, each, stride int) (fault, k int) {
	p := i / stride
	if i%stride != 0 || p >= each*len(plantings) {
		return -1, 0
	}
	return p % len(plantings), p / len(plantings)
}

// makeInventory writes n lines, each fault in `each` of them, and returns how
// far apart the faults stand.
func makeInventory(path string, n, each int) (stride int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	stride = n / (each * len(plantings))
	if stride%len(homes) == 0 {
		stride-- // so that each fault is met in every home
	}
	buf := bufio.NewWriterSize(f, 1<<20)
	w := csv.NewWriter(buf)
	if err := w.Write(madeHead); err != nil {
		return 0, err
	}
	for i := range n {
		l := cleanLine(i)
		if fault, k := plantedAt(i, each, stride); fault >= 0 {
			h := homes[i%len(homes)]
			l = firmLine(i, h)
			plantings[fault].plant(&l, k, h, homes[(i+1)%len(homes)])
		}
		if err := w.Write(l.cells()); err != nil {
			return 0, err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return 0, err
	}
	return stride, buf.Flush()
}
