package lists

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A documentTitle is what people call a kind of document.
type documentTitle struct{ ZH, EN string }

// DocumentNames are the kinds of document with their names for people.
var DocumentNames = map[string]documentTitle{
	"business-licence":   {"营业执照", "business licence"},
	"unit-certificate":   {"单位证件（法人证书、登记证书等）", "certificate of the unit (legal person, registration)"},
	"id":                 {"身份证", "identity card"},
	"id-front":           {"身份证人像面", "identity card, side with the portrait"},
	"id-back":            {"身份证国徽面", "identity card, side with the emblem"},
	"id-other":           {"护照、通行证等证件", "passport or other identity document"},
	"residence-permit":   {"居住证", "residence permit"},
	"authorisation":      {"授权书", "letter of authorisation"},
	"pledge":             {"承诺书", "pledge"},
	"notification":       {"告知书", "signed notification"},
	"domain-certificate": {"域名证书", "domain certificate"},
	"verification-form":  {"真实性核验单", "verification form"},
	"verification-photo": {"核验照（幕布照）", "verification photograph"},
	"approval":           {"前置审批文件", "approval document"},
	"plan":               {"建设方案书", "construction plan"},
}

// documentWords are parts of the words that inventories use, in the order in
// which they are looked for: 法人授权委托书 is a letter, not a certificate.
var documentWords = []struct {
	kind  string
	words []string
}{
	{"authorisation", []string{"授权", "委托", "authorisation", "authorization"}},
	{"pledge", []string{"承诺", "pledge", "commitment"}},
	{"notification", []string{"告知书", "notification"}},
	{"verification-form", []string{"核验单", "核验表", "verificationform"}},
	{"verification-photo", []string{"幕布", "核验照", "核验图", "现场照", "verificationphoto"}},
	{"domain-certificate", []string{"域名证书", "域名注册证书", "domaincertificate"}},
	{"residence-permit", []string{"居住证", "暂住证", "residencepermit"}},
	{"id-other", []string{"护照", "通行证", "台胞证", "军官证", "警官证", "passport"}},
	{"id", []string{"身份证", "identitycard", "idcard", "idfront", "idback"}},
	{"business-licence", []string{"营业执照", "businesslicence", "businesslicense"}},
	{"approval", []string{"前置审批", "批文", "批复", "经营许可", "approval"}},
	{"plan", []string{"方案", "constructionplan"}},
	{"unit-certificate", []string{"法人证书", "登记证", "机构代码证", "信用代码证", "执业许可证", "主办单位证件", "单位证件", "unitcertificate"}},
}

// DocumentKind tells the kind of a document from its name in the inventory, ""
// if it cannot be told.
func DocumentKind(written string) string {
	plain := fold.Name(written)
	if _, ok := DocumentNames[written]; ok && written != "id" {
		return written
	}
	if plain == "id" {
		return "id"
	}
	for _, d := range documentWords {
		for _, w := range d.words {
			if strings.Contains(plain, w) {
				if d.kind == "id" {
					return idSide(plain)
				}
				return d.kind
			}
		}
	}
	return ""
}

// idSide tells which side of an identity card is meant: "id" for both, or if
// no side is named. Filing systems call the side with the portrait the front.
func idSide(plain string) string {
	front := has(plain, "正面", "人像", "头像", "front", "portrait")
	back := has(plain, "反面", "背面", "国徽", "back", "reverse", "emblem")
	switch {
	case has(plain, "正反面", "正背面", "双面") || front == back:
		return "id"
	case front:
		return "id-front"
	}
	return "id-back"
}

func has(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
