package page

import "testing"

func TestActs(t *testing.T) {
	for code, want := range map[string]bool{
		"window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag('config','x')": false, "var a=1": false, "": false,
		"document.write('x')": true, `window["loc"+"ation"]="/x"`: true, "f.submit()": true, "a.click()": true, "eval(x)": true, "$('#a').html('b')": true, "self['lo'+x]": true,
	} {
		if got := Acts(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
