package demo

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"

	"github.com/beianwatch/beianwatch/detect"
)

// Night has the sites answer as they did so many nights ago, for a history of runs: some
// that are in order today lacked their filing number then, and some that lack it today
// showed it. 0 is today. Nothing may be under way meanwhile.
func (in *Internet) Night(ago int) {
	in.past = map[string]func(http.Handler) http.Handler{}
	if ago == 0 {
		return
	}
	clean, broken := 0, 0
	for _, s := range in.Sites {
		found, e := 0, s.Expect(true)
		for _, v := range e.Verdicts {
			if v.Verdict == detect.Found {
				found++
			}
		}
		switch missing := e.Verdicts["footer-number-missing"]; {
		case e.Liveness != detect.Serving || s.row.number == "" || s.spot != mainSpot:
		case found == 0:
			if clean++; clean <= 3*ago { // 6, then 3
				in.past[s.Domain] = withoutNumber
			}
		case missing.Verdict == detect.Found && missing.Severity == detect.Violation:
			if broken++; broken <= 3 {
				in.past[s.Domain] = withNumber(s.row.number)
			}
		}
	}
}

// asOf is what answers for a site on the night that is shown.
func (in *Internet) asOf(s Site) http.Handler {
	if then := in.past[s.Domain]; then != nil {
		return then(s.web)
	}
	return s.web
}

// shownNumber is a filing number with its link, or without one.
var shownNumber = regexp.MustCompile(`<a [^>]*beian\.miit\.gov\.cn[^>]*>[^<]*</a>|\p{Han}ICP备\d+号(-\d+)?`)

// withoutNumber leaves the filing numbers out of what a site answers.
func withoutNumber(h http.Handler) http.Handler {
	return changed(h, func(body []byte) []byte { return shownNumber.ReplaceAll(body, nil) })
}

// withNumber adds a footer with the filing number to what a site answers.
func withNumber(number string) func(http.Handler) http.Handler {
	footer := []byte(`<footer><a href="https://beian.miit.gov.cn/">` + number + `</a></footer></body>`)
	return func(h http.Handler) http.Handler {
		return changed(h, func(body []byte) []byte { return bytes.Replace(body, []byte("</body>"), footer, 1) })
	}
}

// changed answers as a site does, with another body.
func changed(h http.Handler, change func([]byte) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		was := httptest.NewRecorder()
		h.ServeHTTP(was, r)
		for key, values := range was.Header() {
			if key != "Content-Length" {
				w.Header()[key] = values
			}
		}
		w.WriteHeader(was.Code)
		_, _ = w.Write(change(was.Body.Bytes())) // a client that leaves is no trouble of ours
	})
}
