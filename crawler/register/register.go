// Package register asks registers of filings: self-hosted query servers and
// other services that speak HTTP and JSON, as the user's config describes them.
//
// A register is believed only where it says "filed" or, plainly, that it has no
// record. Everything else (an error, a ban, a captcha, an answer about
// something else) is unknown. What it says is used once the whole batch it came
// in has stood the test of the control names; see [Book].
package register

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/pace"
)

// A Config describes one register, as it stands in the config file.
type Config struct {
	Name     string            `yaml:"name"`      // named in reports as the source
	Kind     Kind              `yaml:"kind"`      //
	URL      string            `yaml:"url"`       // icp-query: the server; http: a template with {domain}
	Number   string            `yaml:"number"`    // http: a template with {number} that lists what is filed under a number; "" if there is none
	Method   string            `yaml:"method"`    // http: GET if not given
	Body     string            `yaml:"body"`      // http: a template with {domain} or {number}, for POST
	Headers  map[string]string `yaml:"headers"`   // ${NAME} stands for an environment variable
	AllowNet []string          `yaml:"allow-net"` // private networks in which this register may stand
	Every    time.Duration     `yaml:"every"`     // least time between two questions; 2 s
	Timeout  time.Duration     `yaml:"timeout"`   // one question; 30 s, since a captcha may be solved behind it
	Batch    int               `yaml:"batch"`     // questions between two checks of the control names; 100
	Controls Controls          `yaml:"controls"`  //
	Answer   Answer            `yaml:"answer"`    // http: how answers are read
}

// Kind is how a register is spoken to.
type Kind string

// The kinds.
const (
	KindQuery Kind = "icp-query" // the self-hosted HG-ha/ICP_Query
	KindHTTP  Kind = "http"      // any service that answers with JSON
)

// Controls are two domains of which the truth is known: a register that errs
// about them is not believed about others.
type Controls struct {
	Filed   string `yaml:"filed"`
	Unfiled string `yaml:"unfiled"`
}

// A client asks one register.
type client struct {
	cfg     Config
	headers http.Header
	http    *http.Client
	pace    *pace.Pace
	fields  fields
}

// answerMost bounds an answer in bytes; a page of 26 records has some 15 kB.
const answerMost = 1 << 20

// variable is an environment variable in a header.
var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// newClient makes a client; the error says what is wrong with the config.
func newClient(cfg Config, opt Options) (*client, error) {
	if err := cfg.settle(); err != nil {
		return nil, err
	}
	c := &client{cfg: cfg, headers: http.Header{}, pace: pace.New(cfg.Every, time.Hour), fields: newFields(cfg.Answer.Fields)}
	var missing []string
	for name, value := range cfg.Headers {
		c.headers.Set(name, variable.ReplaceAllStringFunc(value, func(v string) string {
			found, ok := os.LookupEnv(v[2 : len(v)-1])
			if !ok {
				missing = append(missing, v[2:len(v)-1])
			}
			return found
		}))
	}
	if missing != nil {
		return nil, message.Errorf("环境变量 %s 没有设置：请设置它，或直接写出请求头的值", "the environment variable %s is not set: set it, or write the header's value itself", missing[0])
	}
	if opt.Agent != "" && c.headers.Get("User-Agent") == "" {
		c.headers.Set("User-Agent", opt.Agent)
	}
	g, err := cfg.guard()
	if err != nil {
		return nil, err
	}
	c.http = &http.Client{Transport: g.Transport(opt.Resolve, opt.Roots), Timeout: cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	c.http.Transport.(*http.Transport).ResponseHeaderTimeout = cfg.Timeout
	return c, nil
}

// settle checks the config and fills in what was left out.
func (cfg *Config) settle() error {
	if cfg.Name == "" || cfg.Name == "inventory" || cfg.Name == "flag" {
		return message.Errorf("name %q：每个登记源须有自己的名称，且不能是 inventory 或 flag", "name %q: give each register a name of its own, other than inventory and flag", cfg.Name)
	}
	if cfg.Every < 0 || cfg.Timeout < 0 || cfg.Batch < 0 {
		return message.Errorf("every、timeout、batch：请给出 0（默认）或更大的数", "every, timeout and batch: give 0 (the default) or more")
	}
	if cfg.Every == 0 {
		cfg.Every = 2 * time.Second
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Batch == 0 {
		cfg.Batch = 100
	}
	if cfg.Method == "" {
		cfg.Method = http.MethodGet
	}
	for _, c := range []*string{&cfg.Controls.Filed, &cfg.Controls.Unfiled} {
		name, err := dns.Name(*c)
		if err != nil {
			return message.Errorf("controls：请给出一个确定已备案和一个确定未备案的域名（filed: …, unfiled: …）：%w", "controls: name one domain that is surely filed and one that surely is not (filed: …, unfiled: …): %w", err)
		}
		*c = name
	}
	if err := cfg.Answer.check(); err != nil {
		return err
	}
	switch {
	case cfg.Kind != KindQuery && cfg.Kind != KindHTTP:
		return message.Errorf("kind %q：请写 icp-query 或 http", "kind %q: say icp-query or http", cfg.Kind)
	case cfg.Kind == KindHTTP && !strings.Contains(cfg.URL+cfg.Body, "{domain}"):
		return message.Errorf("url：请在域名的位置写 {domain}", "url: write {domain} where the domain belongs")
	case cfg.Number != "" && !strings.Contains(cfg.Number+cfg.Body, "{number}"):
		return message.Errorf("number：请在备案号的位置写 {number}", "number: write {number} where the filing number belongs")
	}
	return nil
}

// guard lets nothing be dialled but the ports of this register, in public
// networks and those that the config allows it.
func (cfg *Config) guard() (*guard.Guard, error) {
	var nets []netip.Prefix
	for _, given := range cfg.AllowNet {
		p, err := guard.ParsePrefix(given)
		if err != nil {
			return nil, message.Errorf("allow-net：%w", "allow-net: %w", err)
		}
		nets = append(nets, p)
	}
	var ports []uint16
	for _, template := range []string{cfg.URL, cfg.Number} {
		if template == "" {
			continue
		}
		u, err := url.Parse(fill(template, "x", url.QueryEscape))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, message.Errorf("%q 不是网址，应如 http://127.0.0.1:16181", "%q is no URL such as http://127.0.0.1:16181", template)
		}
		if u.Port() != "" {
			n, err := strconv.ParseUint(u.Port(), 10, 16)
			if err != nil {
				return nil, message.Errorf("%q：端口号无效", "%q: the port is none", template)
			}
			ports = append(ports, uint16(n))
		}
	}
	return guard.New(nets, nil, ports...), nil
}

// fill puts a value into a template.
func fill(template, value string, escape func(string) string) string {
	return strings.NewReplacer("{domain}", escape(value), "{number}", escape(value)).Replace(template)
}

// An unavailable error says why a register gave no answer that counts.
type unavailable struct{ why string }

func (u unavailable) Error() string { return u.why }

func noAnswer(format string, args ...any) error {
	return unavailable{crawler.Detail(fmt.Sprintf(format, args...))}
}

// exchange sends one request at the register's pace. The status and the body
// are the register's; an error is [unavailable], or the context's.
func (c *client) exchange(ctx context.Context, method, address, body string) (status int, answer []byte, err error) {
	leave, err := c.pace.Enter(ctx, "")
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil, ctx.Err()
		}
		return 0, nil, noAnswer("%v", err)
	}
	defer leave()
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return 0, nil, noAnswer("%v", err)
	}
	req.Header = c.headers.Clone()
	if body != "" && req.Header.Get("Content-Type") == "" {
		kind := "application/x-www-form-urlencoded"
		if strings.HasPrefix(strings.TrimSpace(body), "{") {
			kind = "application/json"
		}
		req.Header.Set("Content-Type", kind)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil, ctx.Err()
		}
		return 0, nil, noAnswer("%v", cause(err))
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, answerMost+1))
	switch {
	case ctx.Err() != nil:
		return 0, nil, ctx.Err()
	case err != nil:
		return 0, nil, noAnswer("the answer ended early: %v", err)
	case len(answer) > answerMost:
		return 0, nil, noAnswer("the answer is longer than 1 MiB")
	case resp.StatusCode == http.StatusTooManyRequests:
		wait, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		c.pace.BackOff("", time.Duration(min(max(wait, 0), 3600))*time.Second)
		return 0, nil, noAnswer("it asks for fewer questions (HTTP 429)")
	case resp.StatusCode == http.StatusUnauthorized:
		return 0, nil, noAnswer("it wants a log-in (HTTP 401): give it one under headers")
	}
	return resp.StatusCode, bytes.TrimPrefix(answer, []byte("\ufeff")), nil
}

// cause is an error of the HTTP client without the address, which may hold a
// key.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
