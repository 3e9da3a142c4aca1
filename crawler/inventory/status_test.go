package inventory

import (
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// What stands in the column of numbers: a number means filed, a word is read as
// the status that it says or as nothing.
func TestColumnOfNumbers(t *testing.T) {
	for cell, want := range map[string]string{
		"沪ICP备12345678号-3": "filed 沪ICP备12345678号-3", "沪ICP备12345678号": "filed 沪ICP备12345678号", "沪icp备12345678号－3": "filed 沪icp备12345678号－3", "沪ICP備12345678號": "filed 沪ICP備12345678號",
		"ICP备12345678号": "filed ICP备12345678号", "沪ICP证030173号": "filed 沪ICP证030173号", "沪B2-20090059-5": "filed 沪B2-20090059-5", "B2-20200001": "filed B2-20200001", "12345678": "filed 12345678",
		"沪ICP备12345678号-3（已注销）": "cancelled 沪ICP备12345678号-3", "沪ICP备12345678号 已被注销": "cancelled 沪ICP备12345678号", "沪ICP备12345678号(注销中)": "unknown 沪ICP备12345678号", "沪ICP备12345678号-3（待核实）": "unknown 沪ICP备12345678号-3",
		"沪ICP备12345678号-3（变更中）": "filed 沪ICP备12345678号-3", "沪ICP备12345678号-3（主站）": "filed 沪ICP备12345678号-3", "备案号：沪ICP备12345678号-3": "filed 沪ICP备12345678号-3",
		"沪公网安备31010102000001号": "unknown", "沪ICP备12345678号-3/沪公网安备31010102000001号": "filed 沪ICP备12345678号-3", "沪ICP备12345678号-1、沪ICP备12345678号-2": "filed 沪ICP备12345678号-1",
		"": "unknown", "-": "unknown", "——": "unknown", "/": "unknown", "无": "unknown", "N/A": "unknown", "见附件": "unknown", "同上": "unknown", "待补充": "unknown", "不清楚": "unknown", "TBD": "unknown", "公司主体": "unknown", "沪ICP备": "unknown",
		"有": "unknown", "是": "unknown", "√": "unknown", "Y": "unknown", "备案": "unknown", "境外服务器": "unknown", "香港": "unknown", "已驳回": "unknown", "已过期": "unknown", "不适用": "unknown", "空": "unknown", "变更中": "unknown", "20231234-10": "filed 20231234-10",
		"否": "unfiled", "×": "unfiled", "未备案": "unfiled", "无需备案": "unfiled", "免备案": "unfiled", "暂未取得": "unfiled", "没有备案号": "unfiled", "未備案": "unfiled",
		"正在办理": "in-review", "备案号申请中": "in-review", "ICP备案中": "in-review", "接入备案中": "in-review", "审核中": "in-review",
		"已注销": "cancelled", "被注销": "cancelled", "已失效": "cancelled", "已註銷": "cancelled",
		"已备案": "filed", "已备": "filed", "备案成功": "filed",
	} {
		targets, _, _, err := readText(t, "域名|备案号\na.cn|"+cell+"\n")
		if err != nil {
			t.Fatal(err)
		}
		f := targets[0].Filing
		if got := strings.TrimSpace(string(f.Status) + " " + f.Number); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
		if f.Status == crawler.FilingUnknown && f.Reason == "" {
			t.Errorf("%q: no reason why it is unknown", cell)
		}
	}
}

func TestColumnOfStatuses(t *testing.T) {
	for cell, want := range map[string]crawler.FilingStatus{
		"正常": crawler.FilingFiled, "已接入": crawler.FilingFiled, "√": crawler.FilingFiled, "true": crawler.FilingFiled, "已備案": crawler.FilingFiled, "备案成功，整改中": crawler.FilingFiled,
		"未備案": crawler.FilingUnfiled, "×": crawler.FilingUnfiled, "尚未备案": crawler.FilingUnfiled,
		"待提交管局": crawler.FilingInReview, "管局審核中": crawler.FilingInReview, "初审中": crawler.FilingInReview,
		"已註銷": crawler.FilingCancelled, "注销": crawler.FilingCancelled,
		"已取消接入": crawler.FilingUnknown, "空壳主体": crawler.FilingUnknown, "空殼網站": crawler.FilingUnknown, "注销中": crawler.FilingUnknown, "已退回": crawler.FilingUnknown, "异常": crawler.FilingUnknown, "整改中": crawler.FilingUnknown, "未接入": crawler.FilingUnknown,
	} {
		targets, _, counts, err := readText(t, "域名|备案状态\na.cn|"+cell+"\n")
		if err != nil {
			t.Fatal(err)
		}
		if got := targets[0].Filing.Status; got != want {
			t.Errorf("%q: %s, want %s", cell, got, want)
		}
		if len(counts.Warnings) > 0 {
			t.Errorf("%q is not understood: %v", cell, counts.Warnings)
		}
	}
}

// The column of statuses and a word beside the number speak of one filing.
func TestStatusesThatContradict(t *testing.T) {
	targets, _, counts, err := readText(t, "域名,备案状态,备案号\na.cn,已备案,沪ICP备12345678号(已注销)\nb.cn,未知,已注销\nc.cn,未备案,已备案\nd.cn,已备案(沪ICP备12345678号-4),\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []crawler.FilingStatus{crawler.FilingUnknown, crawler.FilingCancelled, crawler.FilingUnfiled, crawler.FilingFiled} {
		if got := targets[i].Filing.Status; got != want {
			t.Errorf("%s: %s, want %s", targets[i].Domain, got, want)
		}
	}
	if targets[3].Filing.Number != "沪ICP备12345678号-4" {
		t.Errorf("number %q", targets[3].Filing.Number)
	}
	if len(counts.Warnings) != 1 || !strings.Contains(counts.Warnings[0].EN, "line 2: the inventory contradicts itself") {
		t.Errorf("%v", counts.Warnings)
	}
}

func TestNumerals(t *testing.T) {
	for _, c := range []struct {
		text   string
		number bool
		want   string
		flaw   flaw
	}{
		{"1.3800138E10", true, "13800138000", sound}, {"1.3800138E10", false, "13800138000", sound}, {"1.3800138e+10", true, "13800138000", sound}, {"13800138000.0", true, "13800138000", sound}, {"13800138000.0", false, "13800138000", sound},
		{"1.38E+10", false, "1.38E+10", cutShort}, {"1.38E+10", true, "13800000000", sound}, {"1.38001E+10", false, "1.38001E+10", cutShort}, {"9.1110000000000003E+17", true, "911100000000000030", cutShort},
		{"87654321", true, "87654321", sound}, {"45000.5", true, "45000.5", sound}, {"1.0", false, "1.0", sound}, {"1.0", true, "1", sound}, {`="010-12345678"`, false, "010-12345678", sound}, {"'13800138000", false, "13800138000", sound},
		{"#N/A", false, "", failed}, {"1e5x", false, "1e5x", sound}, {"1E99", false, "1E99", sound}, {"E10", false, "E10", sound}, {"911100000000000", true, "911100000000000", sound}, {"9111000000000000", true, "9111000000000000", cutShort},
	} {
		got := textCell(c.text)
		if c.number {
			got = numberCell(c.text)
		}
		if got.text != c.want || got.flaw != c.flaw {
			t.Errorf("%q (number %v): %q, %d; want %q, %d", c.text, c.number, got.text, got.flaw, c.want, c.flaw)
		}
	}
}

// A number that Excel cut short is told and counts as empty, never as wrong.
func TestCutNumberIsTold(t *testing.T) {
	targets, _, counts, err := readText(t, "域名,手机,统一社会信用代码\na.cn,1.39E+10,9.1350E+17\n")
	if err != nil || targets[0].Holder.Mobile != "" || targets[0].Filing.CreditCode != "" {
		t.Fatalf("%+v, %v", targets, err)
	}
	if len(counts.Warnings) != 2 || !strings.Contains(counts.Warnings[0].ZH, "Excel") || !strings.Contains(counts.Warnings[0].EN, "line 2") {
		t.Errorf("%v", counts.Warnings)
	}
}

func TestMalformedCreditCodeIsTold(t *testing.T) {
	targets, _, counts, err := readText(t, "域名,统一社会信用代码\na.cn,9135O100M000100Y43\nb.cn,91350100M000100Y4\nc.cn,91350100M000100Y43(副本)\nd.cn,91350100M000100Y43\ne.cn,无\n")
	if err != nil || len(counts.Warnings) != 3 {
		t.Fatalf("%v %v", counts.Warnings, err)
	}
	if targets[0].Filing.CreditCode != "9135O100M000100Y43" || targets[4].Filing.CreditCode != "" {
		t.Errorf("%+v", targets)
	}
}
