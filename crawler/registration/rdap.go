package registration

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openrdap/rdap"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
)

// fewRedirects follows five: a registry may send us to another host of its own.
func fewRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) >= 5 {
		return fmt.Errorf("more than five redirects")
	}
	return nil
}

// paceName is under what name a server's pace is kept: its host and port.
func paceName(server string) string {
	if u, err := url.Parse(server); err == nil && u.Host != "" {
		return u.Host
	}
	return server
}

// askRDAP asks for the domain object (RFC 9082, 3.1.3) and fills in reg. wait
// is how long a server that throttles us wants to be left alone.
func (c *Client) askRDAP(ctx context.Context, reg *crawler.Registration) (wait time.Duration, failure *crawler.Failure) {
	address := strings.TrimSuffix(reg.Server, "/") + "/domain/" + reg.Domain
	status, header, body, failure := c.get(ctx, address, "application/rdap+json, application/json", answerMost)
	reg.Raw = body
	if failure != nil {
		return 0, failure
	}
	switch {
	case status == http.StatusOK:
		return 0, readRDAP(reg)
	case status == http.StatusNotFound:
		return 0, crawler.NewFailure(crawler.FailNoRecord, "HTTP 404")
	case status == http.StatusTooManyRequests:
		return retryAfter(header, time.Now()), crawler.NewFailure(crawler.FailThrottled, "HTTP 429")
	}
	return 0, crawler.NewFailure(crawler.FailDenied, "HTTP "+strconv.Itoa(status))
}

// get fetches at most most bytes.
func (c *Client) get(ctx context.Context, address, accept string, most int64) (status int, header http.Header, body []byte, failure *crawler.Failure) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, nil, crawler.NewFailure(crawler.FailNoService, err.Error())
	}
	req.Header.Set("Accept", accept)
	if c.opt.Agent != "" {
		req.Header.Set("User-Agent", c.opt.Agent)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, nil, networkFailure(ctx, err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, most+1))
	if int64(len(body)) > most {
		return resp.StatusCode, resp.Header, body[:most], crawler.NewFailure(crawler.FailGarbage, fmt.Sprintf("the answer is longer than %d KiB", most>>10))
	}
	if err != nil {
		return resp.StatusCode, resp.Header, body, networkFailure(ctx, err)
	}
	return resp.StatusCode, resp.Header, body, nil
}

// retryAfter reads the header of that name, seconds or a date; 0 if there is
// none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if n, err := strconv.Atoi(value); err == nil && n > 0 && n < 1<<31 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// readRDAP reads the domain object in reg.Raw.
func readRDAP(reg *crawler.Registration) *crawler.Failure {
	d, err := decodeRDAP(reg.Raw)
	if err != nil {
		return crawler.NewFailure(crawler.FailGarbage, err.Error())
	}
	given := d.LDHName
	if given == "" {
		given = d.UnicodeName
	}
	if name, err := dns.Name(given); err != nil || name != reg.Domain {
		return crawler.NewFailure(crawler.FailGarbage, "the answer is about another name: "+given)
	}
	for _, e := range d.Entities {
		switch {
		case slices.Contains(e.Roles, "registrant") && reg.Holder == "":
			reg.Holder, reg.Redacted = holderOf(&e)
		case slices.Contains(e.Roles, "registrar") && reg.Registrar == "":
			reg.Registrar, reg.RegistrarID = nameOf(&e), ianaID(&e)
		}
	}
	if reg.Holder == "" && d.DecodeData != nil && d.DecodeData.Value("redacted") != nil {
		reg.Redacted = true // RFC 9537: the fields that were taken out are listed
	}
	for _, s := range d.Status {
		if s = clean(s); s != "" {
			reg.Statuses = add(reg.Statuses, s)
		}
	}
	for _, n := range d.Nameservers {
		if s := strings.ToLower(clean(n.LDHName)); s != "" {
			reg.NameServers = add(reg.NameServers, s)
		}
	}
	for _, e := range d.Events {
		switch e.Action {
		case "registration":
			moment(&reg.Registered, e.Date)
		case "expiration":
			moment(&reg.Expires, e.Date)
		}
	}
	return nil
}

// decodeRDAP reads JSON into the library's type. The library walks what a
// stranger wrote by reflection; a panic there is the stranger's fault.
func decodeRDAP(raw []byte) (d *rdap.Domain, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this is no RDAP answer that can be read (%v)", p)
		}
	}()
	result, err := rdap.NewDecoder(raw).Decode()
	if err != nil {
		return nil, err
	}
	d, ok := result.(*rdap.Domain)
	if !ok {
		return nil, fmt.Errorf("the answer is no domain object")
	}
	return d, nil
}

// holderOf is the organisation of a registrant, else the name.
func holderOf(e *rdap.Entity) (string, bool) {
	if e.VCard == nil {
		return "", true // the registrant is there, without a word of who it is
	}
	org, name := clean(e.VCard.Org()), clean(e.VCard.Name())
	if org == "" && name == "" {
		return "", true
	}
	return holder(org, name)
}

func nameOf(e *rdap.Entity) string {
	if e.VCard == nil {
		return ""
	}
	if name := clean(e.VCard.Name()); name != "" {
		return name
	}
	return clean(e.VCard.Org())
}

// ianaID is the number under which IANA lists a registrar.
func ianaID(e *rdap.Entity) string {
	for _, id := range e.PublicIDs {
		if strings.EqualFold(id.Type, "IANA Registrar ID") {
			return clean(id.Identifier)
		}
	}
	return ""
}
