package number

import (
	"strings"
	"unicode/utf8"
)

// implausible says why no register gives these digits to an ICP备 number:
// two digits of the year and six more until 2022, four and six since.
func implausible(serial string) Fake {
	if strings.Count(serial, serial[:1]) == len(serial) || strings.HasPrefix("01234567890", serial) || strings.HasPrefix("1234567890", serial) ||
		strings.HasPrefix("9876543210", serial) || strings.HasPrefix("876543210", serial) {
		return FakePlaceholder
	}
	switch len(serial) {
	case 8:
		if serial[:2] > "23" {
			return FakeImpossible
		}
		if serial[2:] == "000000" || serial == "20202020" {
			return FakePlaceholder
		}
	case 10:
		if serial[:3] != "201" && serial[:3] != "202" && serial[:3] != "203" {
			return FakeImpossible
		}
		if serial[4:] == "000000" {
			return FakePlaceholder
		}
	default:
		return FakeImpossible
	}
	return FakeNone
}

// labels end what stands before ICP when it is no province but a description.
var labels = [...]string{"号", "案", "站", "部", "息", "证", "为", "码", "是", "局", "名", "有", "的", "司", "权", "市", "省", "区", "国", "及", "和", "请", "办", "理"}

// jests are the names of more than one character that registers of jests and
// their followers use; 萌 and 喵 end no other word before ICP.
var jests = [...]string{"异次元", "二次元", "三次元", "星云", "星际", "银河", "宇宙", "萌国", "喵星", "地球", "火星", "月球", "萌", "喵"}

// parody returns what of the Han characters before ICP plays at being a
// province (萌, 团, 异次元): one character that is a word of its own, or one of
// the jests. "" if they are a word like others.
func parody(other string) string {
	if other == "" {
		return ""
	}
	for _, w := range jests {
		if strings.HasSuffix(other, w) {
			return w
		}
	}
	if utf8.RuneCountInString(other) > 1 {
		return ""
	}
	for _, w := range labels {
		if other == w {
			return ""
		}
	}
	return other
}
