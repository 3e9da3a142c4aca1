package kind

import "testing"

func TestBlockAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://dnspod.qcloud.com/static/webblock.html?d=a.example": "Tencent",
		"http://dnspod.qcloud.com/webblock.html":                     "Tencent",
		"http://www.aliyun.com/beian/beian-block?id=1":               "Aliyun",
		"https://batit.aliyun.com/alww.html":                         "Aliyun",
		"https://www.qcloud.com/":                                    "",
		"https://a.example/?from=https://batit.aliyun.com/alww.html": "",
		"https://batit.aliyun.com.a.example/alww.html":               "",
		"https://a.example/batit.aliyun.com/alww.html":               "",
		"https://dnspod.qcloud.com@a.example/static/webblock.html":   "",
		"://": "",
	} {
		if got, ok := BlockAddress(address); got.Cause != want || ok != (want != "") {
			t.Errorf("%s: %+v, %v", address, got, ok)
		}
	}
}
