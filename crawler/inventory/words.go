package inventory

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// statusWords are the words for a filing status, as plainHeading makes them.
// FilingUnknown stands for words that are understood and decide nothing: a
// rejected application (驳回) may have been for a change of a filing that stands,
// and a cancelled access (取消接入) says that one provider is out, not that the
// filing is gone.
var statusWords = words(map[crawler.FilingStatus]string{
	crawler.FilingFiled: `filed registered approved yes y true 1 有效 正常 通过 已通过 审核通过 通过审核 是 有 对 已备案 已备 备案 备案成功 备案通过 备案完成 备案正常 备案有效 完成备案
		已完成备案 已经备案 已通过备案 已有备案 有备案 备案审核通过 管局审核通过 已接入 接入成功 接入备案成功 变更中 变更备案中 备案变更中`,
	crawler.FilingUnfiled: `unfiled notfiled unregistered notregistered none no n false 0 否 无 没有 未备案 没备案 没有备案 无备案 尚未备案 还未备案 还没备案 暂未备案 从未备案 待备案 未办理 未办 没办
		未取得 暂未取得 尚未取得 未申请 未提交 未提交备案 无需备案 不需备案 不需要备案 不用备案 免备案 无须备案 无备案号 暂无备案 暂无备案号 没有备案号`,
	crawler.FilingInReview: `inreview review pending underreview processing submitted 审核中 备案中 待审核 待初审 初审 初审中 待提交管局 已提交管局 提交管局 管局审核 管局审核中 管局受理 短信核验 短信核验中 待短信核验
		办理中 正在办理 申请中 正在申请 正在备案 正在审核 备案申请中 备案号申请中 备案审核中 备案办理中 接入备案中 新增备案中 首次备案中 核验中 待核验 资料审核中 平台审核中 服务商审核中 幕布核验 待上传资料 icp备案中`,
	crawler.FilingCancelled: `cancelled canceled revoked 已注销 已被注销 注销 被注销 备案注销 备案已注销 注销备案 已撤销 撤销 被撤销 吊销 已吊销 被吊销 注销成功 已失效 失效 备案失效 备案号失效`,
	crawler.FilingUnknown: `unknown na null nil tbd tba 未知 不详 不明 不清楚 不知道 待查 待核实 待确认 待定 核实中 查询失败 取消接入 已取消接入 被取消接入 已被取消接入 未接入 空壳 空壳主体 空壳网站 空壳域名
		注销中 正在注销 已退回 退回 被退回 驳回 已驳回 被驳回 审核不通过 未通过 已取消 已撤回 撤回 草稿 异常 备案异常 核查中 整改中 限期整改 暂停 已暂停 过期 已过期 备案过期
		境外 海外 国外 境外服务器 海外服务器 国外服务器 香港 香港服务器 境外主机 不适用 不涉及 见附件 同上 待补充 待补 待填 空 略 暂缺`,
})

func words(lists map[crawler.FilingStatus]string) map[string]crawler.FilingStatus {
	m := map[string]crawler.FilingStatus{}
	for status, list := range lists {
		for _, w := range strings.Fields(list) {
			m[w] = status
		}
	}
	return m
}

// marks are the signs that people tick with.
var marks = map[string]crawler.FilingStatus{
	"√": crawler.FilingFiled, "✓": crawler.FilingFiled, "✔": crawler.FilingFiled, "☑": crawler.FilingFiled, "○": crawler.FilingUnknown,
	"×": crawler.FilingUnfiled, "✗": crawler.FilingUnfiled, "✘": crawler.FilingUnfiled, "╳": crawler.FilingUnfiled,
}

// prefixes are the beginnings of longer statuses, the more telling first:
// 已备案(京ICP备…) and the like.
var prefixes = []string{"未备案", "没有备案", "尚未备案", "已注销", "已被注销", "被注销", "备案已注销", "注销中", "取消接入", "已取消接入", "待提交管局", "管局审核中", "审核中", "已备案", "备案成功", "备案中", "正在办理", "待核实"}

// statusOf reads a filing status, "" if the word is not known. A dash or
// "n/a" says that no one knows.
func statusOf(s string) crawler.FilingStatus {
	if st, ok := marks[strings.TrimSpace(s)]; ok {
		return st
	}
	plain := plainHeading(s)
	if plain == "" {
		return crawler.FilingUnknown
	}
	if st, ok := statusWords[plain]; ok {
		return st
	}
	for _, w := range prefixes {
		if strings.HasPrefix(plain, w) {
			return statusWords[w]
		}
	}
	return ""
}

// sayFiled are the words that say "filed" whatever column they stand in. 有, 是
// and a tick in the column of numbers say that there is a number, which is not
// given: nothing is filed by that.
var sayFiled = map[string]bool{"已备案": true, "已备": true, "备案成功": true, "备案通过": true, "备案完成": true, "已完成备案": true, "已经备案": true, "已通过备案": true, "filed": true}

// numberWord reads a text without a number that stands in a column of numbers:
// empty for a placeholder that says nothing (-, 无, n/a), else the status that
// the word means, FilingUnknown for all that is not understood. No word makes a
// filing unless it says so in full.
func numberWord(s string) (status crawler.FilingStatus, empty bool) {
	plain := plainHeading(s)
	switch plain {
	case "", "无", "没有", "暂无", "none", "na", "null", "nil", "0":
		if _, marked := marks[strings.TrimSpace(s)]; !marked {
			return "", true
		}
	}
	status = statusOf(s)
	if status == "" || status == crawler.FilingFiled && !sayFiled[plain] {
		status = crawler.FilingUnknown
	}
	return status, false
}

// nothing reports whether a cell is a placeholder that says nothing.
func nothing(s string) bool {
	switch plainHeading(s) {
	case "", "无", "没有", "暂无", "none", "na", "null", "nil", "0", "空", "略", "待补充", "不详", "未知", "unknown":
		return true
	}
	return false
}

// dueWords say in the police column that a filing is owed.
var dueWords = map[string]bool{"due": true, "应办": true, "待办": true, "需办": true, "须办": true, "应备案": true, "需备案": true, "required": true, "办理中": true, "未办": true}

// yes reports whether a word says so.
func yes(s string) bool {
	switch plainHeading(s) {
	case "yes", "y", "true", "1", "是", "有", "需要", "要":
		return true
	}
	return marks[strings.TrimSpace(s)] == crawler.FilingFiled
}

// expectWords are the words for the state that a team wants.
var expectWords = map[string]crawler.Expect{
	"serving": crawler.ExpectServing, "open": crawler.ExpectServing, "up": crawler.ExpectServing, "正常": crawler.ExpectServing, "开放": crawler.ExpectServing,
	"正常访问": crawler.ExpectServing, "可访问": crawler.ExpectServing, "在线": crawler.ExpectServing,
	"redirect": crawler.ExpectRedirect, "redirects": crawler.ExpectRedirect, "跳转": crawler.ExpectRedirect, "重定向": crawler.ExpectRedirect, "转发": crawler.ExpectRedirect,
	"closed": crawler.ExpectClosed, "down": crawler.ExpectClosed, "off": crawler.ExpectClosed, "关闭": crawler.ExpectClosed, "已关闭": crawler.ExpectClosed,
	"不开放": crawler.ExpectClosed, "停用": crawler.ExpectClosed, "不使用": crawler.ExpectClosed, "未使用": crawler.ExpectClosed, "防御性": crawler.ExpectClosed, "保护性": crawler.ExpectClosed,
}
