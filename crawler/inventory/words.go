package inventory

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// statusWords are the words for a filing status, as plainHeading makes them.
// A word for a rejected application (驳回) is absent on purpose: the
// application may have been for a change of a filing that stands.
var statusWords = map[string]crawler.FilingStatus{
	"filed": crawler.FilingFiled, "已备案": crawler.FilingFiled, "备案": crawler.FilingFiled, "备案成功": crawler.FilingFiled,
	"备案通过": crawler.FilingFiled, "备案完成": crawler.FilingFiled, "备案正常": crawler.FilingFiled, "正常": crawler.FilingFiled, "有效": crawler.FilingFiled,
	"已通过": crawler.FilingFiled, "通过": crawler.FilingFiled, "审核通过": crawler.FilingFiled, "是": crawler.FilingFiled, "有": crawler.FilingFiled,
	"yes": crawler.FilingFiled, "y": crawler.FilingFiled, "true": crawler.FilingFiled, "1": crawler.FilingFiled, "registered": crawler.FilingFiled, "变更中": crawler.FilingFiled,

	"unfiled": crawler.FilingUnfiled, "notfiled": crawler.FilingUnfiled, "未备案": crawler.FilingUnfiled, "没备案": crawler.FilingUnfiled, "没有备案": crawler.FilingUnfiled,
	"无备案": crawler.FilingUnfiled, "否": crawler.FilingUnfiled, "no": crawler.FilingUnfiled, "n": crawler.FilingUnfiled, "false": crawler.FilingUnfiled,
	"0": crawler.FilingUnfiled, "none": crawler.FilingUnfiled, "unregistered": crawler.FilingUnfiled, "无": crawler.FilingUnfiled, "没有": crawler.FilingUnfiled,

	"inreview": crawler.FilingInReview, "review": crawler.FilingInReview, "pending": crawler.FilingInReview, "审核中": crawler.FilingInReview, "备案中": crawler.FilingInReview,
	"待审核": crawler.FilingInReview, "初审": crawler.FilingInReview, "初审中": crawler.FilingInReview, "管局审核": crawler.FilingInReview, "管局审核中": crawler.FilingInReview,
	"短信核验": crawler.FilingInReview, "短信核验中": crawler.FilingInReview, "待短信核验": crawler.FilingInReview, "办理中": crawler.FilingInReview, "申请中": crawler.FilingInReview,
	"正在备案": crawler.FilingInReview, "正在审核": crawler.FilingInReview, "待备案": crawler.FilingUnfiled,

	"cancelled": crawler.FilingCancelled, "canceled": crawler.FilingCancelled, "revoked": crawler.FilingCancelled, "已注销": crawler.FilingCancelled, "注销": crawler.FilingCancelled,
	"备案注销": crawler.FilingCancelled, "已撤销": crawler.FilingCancelled, "吊销": crawler.FilingCancelled, "已吊销": crawler.FilingCancelled,

	"unknown": crawler.FilingUnknown, "未知": crawler.FilingUnknown, "不详": crawler.FilingUnknown, "不明": crawler.FilingUnknown, "待查": crawler.FilingUnknown, "待核实": crawler.FilingUnknown,
}

// statusOf reads a filing status, "" if the word is not known. A dash or
// "n/a" says that nobody knows.
func statusOf(s string) crawler.FilingStatus {
	plain := plainHeading(s)
	if plain == "" || plain == "na" || plain == "null" {
		return crawler.FilingUnknown
	}
	if st, ok := statusWords[plain]; ok {
		return st
	}
	// 已备案(京ICP备…) and the like
	for _, w := range []string{"未备案", "已备案", "已注销", "审核中"} {
		if strings.HasPrefix(plain, w) {
			return statusWords[w]
		}
	}
	return ""
}

// numberWord reads a word that stands in a column of numbers: empty for a
// placeholder that says nothing (-, 无, n/a), or a status where the word is
// one that nobody writes for "not known" (未备案).
func numberWord(s string) (status crawler.FilingStatus, empty bool) {
	switch plainHeading(s) {
	case "", "无", "没有", "暂无", "none", "na", "null", "nil", "0":
		return "", true
	case "未备案", "没备案", "没有备案", "无备案", "unfiled", "notfiled":
		return crawler.FilingUnfiled, false
	case "备案中", "审核中", "办理中", "inreview":
		return crawler.FilingInReview, false
	case "已注销", "注销", "cancelled":
		return crawler.FilingCancelled, false
	case "未知", "不详", "unknown":
		return crawler.FilingUnknown, false
	}
	return "", false
}

// dueWords say in the police column that a filing is owed.
var dueWords = map[string]bool{"due": true, "应办": true, "待办": true, "需办": true, "须办": true, "应备案": true, "需备案": true, "required": true, "办理中": true, "未办": true}

// yes tells a word that says so.
func yes(s string) bool {
	switch plainHeading(s) {
	case "yes", "y", "true", "1", "是", "有", "需要", "要":
		return true
	}
	return false
}

// expectWords are the words for the state that a team wants.
var expectWords = map[string]crawler.Expect{
	"serving": crawler.ExpectServing, "open": crawler.ExpectServing, "up": crawler.ExpectServing, "正常": crawler.ExpectServing, "开放": crawler.ExpectServing,
	"正常访问": crawler.ExpectServing, "可访问": crawler.ExpectServing, "在线": crawler.ExpectServing,
	"redirect": crawler.ExpectRedirect, "redirects": crawler.ExpectRedirect, "跳转": crawler.ExpectRedirect, "重定向": crawler.ExpectRedirect, "转发": crawler.ExpectRedirect,
	"closed": crawler.ExpectClosed, "down": crawler.ExpectClosed, "off": crawler.ExpectClosed, "关闭": crawler.ExpectClosed, "已关闭": crawler.ExpectClosed,
	"不开放": crawler.ExpectClosed, "停用": crawler.ExpectClosed, "不使用": crawler.ExpectClosed, "未使用": crawler.ExpectClosed, "防御性": crawler.ExpectClosed, "保护性": crawler.ExpectClosed,
}
