package number

import (
	"strings"
	"testing"
)

func TestLicences(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"京ICP证030173号", "icp-commercial 京ICP证030173号"},
		{"京 ICP 证 030173 号", "icp-commercial 京ICP证030173号"},
		{"京ICP证000007", "icp-commercial 京ICP证000007"},
		{"京ICP证030173号-1", "icp-commercial 京ICP证030173号-1"},
		{"电信与信息服务业务经营许可证号090455", "icp-commercial 090455"},
		{"电信与信息服务业务经营许可证：京ICP证070240号", "icp-commercial 京ICP证070240号"},
		{"增值电信业务经营许可证：粤B2-20080118", "telecom 粤B2-20080118"},
		{"浙 B2-20181004", "telecom 浙B2-20181004"},
		{"沪B2-20050088号", "telecom 沪B2-20050088号"},
		{"B2-20090108 B1-20090148", "telecom B2-20090108, telecom B1-20090148"},
		{"京B1.B2-20190350", "telecom 京B1.B2-20190350"},
		{"合字B2-20100001", "telecom 合字B2-20100001"},
		{"ICP证：桂B2-20040022-5", "telecom 桂B2-20040022-5"},
		{"ICP证闽B2-20040099", "telecom 闽B2-20040099"},
		{"粤B2-20090059-1626X", "telecom 粤B2-20090059-1626X"},
		{"型号 AB2-2019 与 B2-201", ""},
		{"京网文〔2020〕1039-165号", "culture 京网文[2020]1039-165号"},
		{"沪网文【2013】0480-056号", "culture 沪网文[2013]0480-056号"},
		{"文网文[2010]040号", "culture 文网文[2010]040号"},
		{"黔网文许字[2014]1248-005号", "culture 黔网文许字[2014]1248-005号"},
		{"沪网文[2020]3044-227", "culture 沪网文[2020]3044-227"},
		{"网络文化经营许可证 京网文<strong>[2022]0044-009号</strong>", "culture 京网文[2022]0044-009号"},
		{"（署）网出证（京）字第112号", "publishing (署)网出证(京)字第112号"},
		{"(总)网出证(京)字第 271 号", "publishing (总)网出证(京)字第271号"},
		{"新出网证(京)字150号", "publishing 新出网证(京)字150号"},
		{"出版物经营许可证编号新出发(苏)批字第N-012号", "publication-business 新出发(苏)批字第N-012号"},
		{"新出发京零&nbsp;字第大120007号", "publication-business 新出发京零字第大120007号"},
		{"出版物经营许可证 京批100160号", "publication-business 京批100160号"},
		{"互联网药品信息服务资格证书(京)-经营性-2016-0011", "drug-info (京)-经营性-2016-0011"},
		{"（粤）-非经营性-2012-0018", "drug-info (粤)-非经营性-2012-0018"},
		{"浙-（经营性）-2017-0005", "drug-info 浙-(经营性)-2017-0005"},
		{"(京)经营性-2014-0013", "drug-info (京)经营性-2014-0013"},
		{"互联网药品交易服务资格证书：国A20150001", "drug-info 国A20150001"},
		{"（京）网药械信息备字（2021）第00159号", "drug-device-record (京)网药械信息备字(2021)第00159号"},
		{"（京）网药械网络信息服务备字（2023）第00570号", "drug-device-record (京)网药械网络信息服务备字(2023)第00570号"},
		{"（京）网械平台备字（2018）第00005号", "device-platform (京)网械平台备字(2018)第00005号"},
		{"信息网络传播视听节目许可证：0110516", "audiovisual 0110516"},
		{"信息网络传播视听节目许可证号：1810530", "audiovisual 1810530"},
		{"网络视听许可证1904073号", "audiovisual 1904073"},
		{"网络传播视听节目许可证(0108322)", "audiovisual 0108322"},
		{"互联网新闻信息服务许可证：31220170001", "news 31220170001"},
		{"互联网新闻信息服务许可编号:11220190001", "news 11220190001"},
		{"互联网新闻信息服务许可证1012006048 京ICP备13052560号", "news 1012006048"},
		{"粤府新函[2001]87号", "news 粤府新函[2001]87号"},
		{"互联网宗教信息服务许可证编号：京（2022）0000043", "religion 京(2022)0000043"},
		{"广播电视节目制作经营许可证（京）字第02253号", "broadcast-production (京)字第02253号"},
		{"广播电视节目制作经营许可证：<span>（沪）字第1248号</span>", "broadcast-production (沪)字第1248号"},
		{"广播电视节目制作经营许可证((广媒)字第179号)", "broadcast-production (广媒)字第179号"},
		{"节目制作经营许可证京字670号", "broadcast-production 京字670号"},
		{"《支付业务许可证》Z2015044000015", "payment Z2015044000015"},
		{"基金销售业务资格许可证号：000000368", "fund-sales 000000368"},
		{"京卫网审[2013]第0209号", "healthcare 京卫网审[2013]第0209号"},
		{"浙卫网审【2014】6号", "healthcare 浙卫网审[2014]6号"},
		{"沪卫(中医)网复审[2013]第10018号", "healthcare 沪卫(中医)网复审[2013]第10018号"},
		{"电信业务审批[2001]字第379号", "bulletin-board 电信业务审批[2001]字第379号"},
		{"网络文化经营许可证 | 出版物经营许可证 | 营业执照", ""},
		{"项目经营 2019-2020 年", ""},
		{"京ICP备13052560号", ""},
	} {
		var got []string
		for _, l := range shown(c.in).Licences {
			got = append(got, l.Kind+" "+l.Number)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.in, s, c.want)
		}
	}
}

func TestLicenceAsFilingNumber(t *testing.T) {
	for _, c := range []struct {
		in     string
		suffix int
		filing bool
		link   LinkKind
	}{
		{"粤B2-20090059", 0, false, LinkNone},
		{"浙B2-20080224-1", 1, true, LinkNone},
		{`<a href="https://beian.miit.gov.cn">ICP证闽B2-20040099</a>`, 0, true, LinkCurrent},
		{`<a href="http://www.miibeian.gov.cn/">京ICP证030173号</a>`, 0, true, LinkLegacy},
		{`<a href="/licence.jpg">京ICP证030173号</a>`, 0, false, LinkOther},
		{"京ICP证030173号-12", 12, true, LinkNone},
	} {
		l := shown(c.in).Licences
		if len(l) != 1 || l[0].Suffix != c.suffix || l[0].Filing != c.filing || l[0].LinkKind != c.link {
			t.Errorf("%s: %+v", c.in, l)
		}
	}
}
