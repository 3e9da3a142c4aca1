package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// maxAnswer bounds what is read of a service's answer.
const maxAnswer = 64 << 10

// poster follows no redirect: a message is for the address in the settings.
var poster = &http.Client{
	Timeout:       sendTime,
	Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ResponseHeaderTimeout: sendTime},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// post sends body as JSON and reads the answer into answer, if that is not nil.
// What fails before the request is written can be tried again; what fails
// after it may have arrived.
func post(ctx context.Context, address string, header http.Header, body, answer any) (Outcome, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return Refused, err
	}
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(info.Err == nil) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(data))
	if err != nil {
		return Refused, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "beianwatch")
	res, err := poster.Do(req)
	if err != nil {
		if written.Load() {
			return Perhaps, err
		}
		return Later, err
	}
	defer res.Body.Close()
	return read(res, answer)
}

func read(res *http.Response, answer any) (Outcome, error) {
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusServiceUnavailable, res.StatusCode == http.StatusBadGateway:
		return Later, message.Errorf("对方服务返回状态码 %d", "the service answers with status %d", res.StatusCode)
	case res.StatusCode >= http.StatusInternalServerError:
		return Perhaps, message.Errorf("对方服务返回状态码 %d", "the service answers with status %d", res.StatusCode)
	case res.StatusCode < 200 || res.StatusCode > 299:
		return Refused, message.Errorf("对方服务返回状态码 %d", "the service answers with status %d", res.StatusCode)
	case answer == nil:
		return Sent, nil
	case err != nil:
		return Perhaps, message.Errorf("读取对方服务的应答：%w", "reading the service's answer: %w", err)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return Perhaps, message.Errorf("对方服务的应答不是 JSON", "the service's answer is no JSON")
	}
	return Sent, nil
}

// Tries is how often a message is tried before it is given up: with the pauses of
// [Retry] that takes some three hours.
const Tries = 16

// Retry is how long a message waits before it is tried again, by the number of
// tries so far: half a minute, doubled up to a quarter of an hour.
func Retry(tries int) time.Duration {
	return min(30*time.Second<<min(max(tries-1, 0), 6), 15*time.Minute)
}
