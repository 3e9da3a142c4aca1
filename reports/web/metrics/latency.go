package metrics

import (
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A Latency counts how long requests take, by the pattern of their path: there are as many
// as there are pages and calls, whatever is asked for.
type Latency struct{ seconds *prometheus.HistogramVec }

// NewLatency makes one.
func NewLatency() *Latency {
	return &Latency{prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "beianwatch_http_request_duration_seconds",
		Help: "How long requests took, streams apart, by the pattern of their path.", Buckets: []float64{.005, .02, .05, .15, .5, 1, 3, 10}}, []string{"pattern"})}
}

// Around measures a mux.
func (l *Latency) Around(mux http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		mux.ServeHTTP(w, r)
		switch pattern := r.Pattern; { // which the mux has set
		case pattern == "":
			l.seconds.WithLabelValues("other").Observe(time.Since(began).Seconds())
		case !strings.Contains(pattern, " /live/"):
			l.seconds.WithLabelValues(pattern).Observe(time.Since(began).Seconds())
		}
	})
}
