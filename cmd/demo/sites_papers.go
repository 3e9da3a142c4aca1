package demo

import "github.com/beianwatch/beianwatch/detect"

// paperSites are not open yet: their filings are in review, and their faults
// are in what the inventory says of names, addresses and telephones.
func paperSites() []Site {
	names := []string{"site-name-invalid", "cross-province", "credit-code-invalid", "phone-not-local", "phone-unverified", "phone-shared"}
	good := func() row {
		return row{status: isInReview, subject: "济南青木家居有限公司", nature: "企业", siteName: "青木整装", province: "山东", address: "济南市历下区经十路1号",
			code: "91370100MA3TEXT0XX", phone: "0531-8234567", mobile: "13912345691", verified: 20}
	}
	with := func(change func(*row)) row { r := good(); change(&r); return r }
	closed := func(parts ...verdicts) Expected { return down("dns-nxdomain", parts...) }
	return []Site{
		{
			Domain:   "papers-in-order.example",
			Point:    detect.Text{ZH: "审核中、尚未开站，材料齐整", EN: "in review and closed, its papers in order"},
			row:      with(func(r *row) { r.mobile = "" }),
			names:    noNames,
			Expected: closed(passes("site-name-invalid", "cross-province", "credit-code-invalid", "phone-not-local", "phone-unverified"), unknown("phone-shared")),
		},
		{
			Domain:   "name-of-digits.example",
			Point:    detect.Text{ZH: "网站名称是纯数字；手机与下一行的另一主体相同", EN: "a name of digits alone; its mobile is also another subject's"},
			row:      with(func(r *row) { r.siteName = "51888" }),
			names:    noNames,
			Expected: closed(violation("site-name-invalid"), warning("phone-shared"), passes(names[1:3]...)),
		},
		{
			Domain: "another-province.example",
			Point:  detect.Text{ZH: "证件地址在外省，信用代码校验不通过，电话是外省的", EN: "papers of another province, a slip in the credit code, a telephone of elsewhere"},
			row: with(func(r *row) {
				r.subject, r.siteName, r.province, r.code, r.phone = "济南青木门窗有限公司", "青木门窗", "北京", "91370100MA3TEXT0XY", "0531-8234567"
			}),
			names:    noNames,
			Expected: closed(violation("cross-province"), notice("credit-code-invalid"), warning("phone-not-local", "phone-shared"), passes("site-name-invalid", "phone-unverified")),
		},
		{
			Domain: "long-not-called.example",
			Point:  detect.Text{ZH: "一年没有核验电话；手机号只有本主体使用", EN: "a telephone that nobody called for a year; the mobile is this subject's alone"},
			row: with(func(r *row) {
				r.subject, r.siteName, r.mobile, r.verified = "济南青木地板有限公司", "青木地板", "13912345692", 400
			}),
			names:    noNames,
			Expected: closed(notice("phone-unverified"), passes("phone-shared", "site-name-invalid")),
		},
	}
}
