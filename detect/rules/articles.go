package rules

import (
	"github.com/beianwatch/beianwatch/detect"
)

// The places where duties are written. Links are given only to addresses that
// are stable: the register's own and those of the regulations' publication.

// order33 is 《非经营性互联网信息服务备案管理办法》 (原信息产业部令第33号).
func order33(place string) detect.Article {
	return detect.Article{
		Law:   detect.Text{ZH: "《非经营性互联网信息服务备案管理办法》（原信息产业部令第33号）", EN: "Measures for the Filing of Non-commercial Internet Information Services (Order 33 of the former Ministry of Information Industry)"},
		Place: place,
		Since: "2005-03-20",
	}
}

// decree292 is 《互联网信息服务管理办法》 (国务院令第292号).
func decree292(place string) detect.Article {
	return detect.Article{
		Law:   detect.Text{ZH: "《互联网信息服务管理办法》（国务院令第292号）", EN: "Measures for the Administration of Internet Information Services (State Council Decree 292)"},
		Place: place,
		Since: "2000-09-25",
	}
}

// police33 is 《计算机信息网络国际联网安全保护管理办法》 (公安部令第33号).
func police33(place string) detect.Article {
	return detect.Article{
		Law:   detect.Text{ZH: "《计算机信息网络国际联网安全保护管理办法》（公安部令第33号）", EN: "Measures for Security Protection of Computer Networks with International Connections (Order 33 of the Ministry of Public Security)"},
		Place: place,
		Since: "1997-12-30",
	}
}

// reviewers is the list of reasons for which a provider's reviewers reject a
// filing, and what they advise.
func reviewers(place string) detect.Article {
	return detect.Article{
		Law:   detect.Text{ZH: "腾讯云备案文档《常见驳回原因及处理办法》", EN: "Tencent Cloud, Common Reasons for Rejected Filings and How to Handle Them"},
		Place: place,
		Link:  "https://cloud.tencent.com/document/product/243",
	}
}

// notice264 is 《工业和信息化部关于规范互联网信息服务使用域名的通知》.
func notice264(place string) detect.Article {
	return detect.Article{
		Law:   detect.Text{ZH: "《工业和信息化部关于规范互联网信息服务使用域名的通知》（工信部信管〔2017〕264号）", EN: "Notice of the Ministry of Industry and Information Technology on the Use of Domain Names in Internet Information Services (2017, no. 264)"},
		Place: place,
		Since: "2018-01-01",
	}
}
