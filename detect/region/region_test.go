package region

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTable(t *testing.T) {
	if n := len(All()); n != 31 {
		t.Fatalf("%d provinces, want 31", n)
	}
	const chars = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新"
	var got strings.Builder
	for _, p := range All() {
		got.WriteString(p.Char())
	}
	if got.String() != chars {
		t.Errorf("the characters are %s, want %s", got.String(), chars)
	}
	below := 0
	owner := map[string]Province{}
	for _, list := range tables().starts {
		for _, e := range list {
			below++
			if p, ok := owner[e.name]; ok && p != e.province {
				t.Errorf("%s stands in %s and in %s", e.name, p.Name(), e.province.Name())
			}
			owner[e.name] = e.province
		}
	}
	if below < 333 {
		t.Errorf("only %d names with which an address may begin", below)
	}
}

func TestInAddress(t *testing.T) {
	for address, want := range map[string]string{
		"广东省深圳市南山区科技园":       "广东",
		"广 东 省 深圳市":          "广东",
		"廣東省深圳市南山區":          "广东",
		"广东深圳南山区高新南一道":       "广东",
		"深圳市福田区深南大道":         "广东",
		"中国（上海）自由贸易试验区世博村路":  "",
		"中国上海市浦东新区":          "上海",
		"上海市浦东新区世纪大道100号":    "上海",
		"上海浦东新区世纪大道100号":     "上海",
		"上海路12号":             "",
		"北京路街道1号":            "",
		"朝阳区建国路93号":          "",
		"朝阳市双塔区":             "辽宁",
		"北京朝阳区建国路93号":        "北京",
		"河北区中山路5号":           "",
		"河北石家庄长安区":           "河北",
		"海南藏族自治州共和县":         "青海",
		"海南省海口市":             "海南",
		"海南区拉僧庙镇":            "",
		"河南蒙古族自治县优干宁镇":       "青海",
		"河南郑州金水区":            "河南",
		"吉林市船营区":             "吉林",
		"吉林省吉林市":             "吉林",
		"内蒙古呼和浩特市":           "内蒙古",
		"内蒙古自治区包头市":          "内蒙古",
		"广西南宁市":              "广西",
		"浙江义乌市稠州北路":          "浙江",
		"江苏大厦A座":             "",
		"湖南街道2号":             "",
		"恩施州恩施市":             "湖北",
		"518000 广东省深圳市":      "广东",
		"北京市海淀区；经营地河北省保定市":   "",
		"香港特别行政区九龙":          "",
		"":                   "",
		"广":                  "",
		"Room 1, Building 2": "",
		"重庆渝北区":              "重庆",
		"天津市河北区中山路":          "天津",
		"山西长治":               "山西",
		"昆山市玉山镇":             "",
		"\xff\xfe广东省深圳市":     "",
		"新疆维吾尔自治区乌鲁木齐市":      "新疆",
		"宁夏银川市":              "宁夏",
		"西藏拉萨":               "西藏",
		"黑龙江哈尔滨市":            "黑龙江",
		"黑龙江省哈尔滨市南岗区哈尔滨大街（近广东路）": "黑龙江",
	} {
		if got := InAddress(address).Name(); got != want {
			t.Errorf("InAddress(%q) is %q, want %q", address, got, want)
		}
	}
}

func TestByWord(t *testing.T) {
	for word, want := range map[string]string{
		"广东": "广东", "广东省": "广东", "粤": "广东", "44": "广东", "440000": "广东", "440305": "广东", "广东省通信管理局": "广东", "北京市通信管理局": "北京", "川": "四川", "蜀": "四川",
		"广西壮族自治区": "广西", "内蒙古": "内蒙古", "广东省深圳市": "广东", "100000": "", "华东": "", "": "", "台湾": "", "吉林市": "吉林",
	} {
		if got := ByWord(word).Name(); got != want {
			t.Errorf("ByWord(%q) is %q, want %q", word, got, want)
		}
	}
	if ByCode("100000") != None || ByCode("4") != None || ByCode("440300").Name() != "广东" {
		t.Error("a division code is misread")
	}
}

func TestPlaceIn(t *testing.T) {
	for text, want := range map[string]string{"小王的杭州生活": "杭州", "我爱广东": "广东", "内蒙古草原": "内蒙古", "一个人的旅行": "", "旅行ab": "", "": ""} {
		if got := PlaceIn(text); got != want {
			t.Errorf("PlaceIn(%q) is %q, want %q", text, got, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"广东省深圳市", "上海浦东新区", "中国（上海）", "\xff广", "518000海南州"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		InAddress(s)
		ByWord(s)
		if p := PlaceIn(s); !utf8.ValidString(p) {
			t.Errorf("PlaceIn(%q) is %q", s, p)
		}
	})
}

func BenchmarkInAddress(b *testing.B) {
	for b.Loop() {
		InAddress("广东省深圳市南山区科技园南区高新南一道")
	}
}
