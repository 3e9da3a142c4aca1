package detect

import (
	"testing"
)

func TestFilingDomain(t *testing.T) {
	for domain, want := range map[string]string{"example.cn": "example.cn", "shop.example.com.cn": "example.com.cn", "192.0.2.1": "", "com.cn": "",
		"city.gov.cn": "city.gov.cn", "bureau.city.gov.cn": ""} {
		if got, ok := FilingDomain(domain); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", domain, got, want)
		}
	}
}
