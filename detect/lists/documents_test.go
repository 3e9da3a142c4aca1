package lists

import (
	"strings"
	"testing"
)

func TestDocumentKind(t *testing.T) {
	for written, want := range map[string]string{
		"营业执照": "business-licence", "营业执照（副本）": "business-licence", "Business License": "business-licence", "business-licence": "business-licence",
		"事业单位法人证书": "unit-certificate", "社会团体法人登记证书": "unit-certificate", "统一社会信用代码证书": "unit-certificate", "组织机构代码证": "unit-certificate",
		"身份证": "id", "身份证正反面": "id", "法人身份证正面": "id-front", "负责人身份证人像面": "id-front", "身份证（反面）": "id-back", "身份证国徽面": "id-back",
		"ID card front": "id-front", "id-back": "id-back", "ID": "id", "护照": "id-other", "港澳居民来往内地通行证": "id-other",
		"法人授权委托书": "authorisation", "承诺书": "pledge", "域名证书": "domain-certificate", "网站备案真实性核验单": "verification-form", "幕布照": "verification-photo",
		"前置审批文件": "approval", "居住证": "residence-permit",
		"法人证件": "", "扫描件": "", "其他": "", "": "", "idea": "", "video": "",
	} {
		if got := DocumentKind(written); got != want {
			t.Errorf("%q is taken for %q, want %q", written, got, want)
		}
	}
}

func TestReadDocuments(t *testing.T) {
	d := DefaultDocuments()
	if d.Version == "" || len(d.Needs) == 0 || d.MaxBytes != 4<<20 || d.ValidDays["id-front"] != 90 {
		t.Errorf("the embedded file reads as %+v", d)
	}
	for bad, want := range map[string]string{
		"":                                    "missing",
		"version":                             "line 1: write",
		"need all * warning id":               "line 1: the nature \"all\"",
		"need unit 火星 warning id":             "no character of a province",
		"need unit * violation id":            "line 1: the level \"violation\"",
		"need unit * notice stamp":            "the kind of document \"stamp\"",
		"limit pixels 700 400":                "the smaller first",
		"limit pixels NaN 400":                "no number",
		"limit sharpness 1":                   "line 1: limit",
		"limit valid id soon":                 "no number of days",
		strings.Repeat("version 1\n", 10_001): "no file of requirements",
	} {
		if _, err := ReadDocuments(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", bad, err, want)
		}
	}
}

func FuzzReadDocuments(f *testing.F) {
	f.Add(documentsText)
	f.Add("limit valid id 9e9\nneed any 粤 notice id|")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ReadDocuments(strings.NewReader(text)); err == nil && (d.Version == "" || d.Pixels.Low > d.Pixels.High) {
			t.Fatalf("%+v", d)
		}
	})
}
