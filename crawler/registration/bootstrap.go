package registration

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/openrdap/rdap/bootstrap"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// bootstrapURL is IANA's list of RDAP servers by suffix (RFC 9224).
const bootstrapURL = "https://data.iana.org/rdap/dns.json"

// bootstrapMost bounds the list in bytes; it has some 100 kB.
const bootstrapMost = 2 << 20

// The list changes a few times in a month, and a failed fetch is tried again
// soon, though not by every visit.
const (
	bootstrapGood  = 24 * time.Hour
	bootstrapRetry = 5 * time.Minute
)

// A bootstrapFile is the list of servers and when it was fetched.
type bootstrapFile struct {
	mu      sync.Mutex
	servers *bootstrap.DNSRegistry
	given   bool      // by the user: it is never fetched
	next    time.Time // when it may be fetched again
	failure *crawler.Failure
}

// set takes a list that the user gave.
func (b *bootstrapFile) set(data []byte) error {
	servers, err := readBootstrap(data)
	if err != nil {
		return message.Errorf("读取 RDAP 引导文件：%w；请从 %s 下载", "reading the RDAP bootstrap file: %w; save it from %s", err, bootstrapURL)
	}
	b.servers, b.given = servers, true
	return nil
}

func readBootstrap(data []byte) (servers *bootstrap.DNSRegistry, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = message.Errorf("这不是 RDAP 引导文件（%v）", "this is no bootstrap file (%v)", p)
		}
	}()
	servers, err = bootstrap.NewDNSRegistry(data)
	if err == nil && len(servers.File().Entries) == 0 {
		return nil, message.Errorf("其中没有服务器", "it names no server")
	}
	return servers, err
}

// rdapServer returns the base URL of the server for a name.
func (c *Client) rdapServer(ctx context.Context, name string) (string, *crawler.Failure) {
	if c.opt.RDAPServer != "" {
		return c.opt.RDAPServer, nil
	}
	c.boot.mu.Lock()
	defer c.boot.mu.Unlock()
	if !c.boot.given && !time.Now().Before(c.boot.next) {
		c.fetchBootstrap(ctx)
	}
	if c.boot.servers == nil {
		return "", c.boot.failure
	}
	answer, err := c.boot.servers.Lookup(&bootstrap.Question{RegistryType: bootstrap.DNS, Query: name})
	if err != nil || len(answer.URLs) == 0 {
		return "", crawler.NewFailure(crawler.FailNoService, "no RDAP server is known for this suffix")
	}
	for _, u := range answer.URLs {
		if u.Scheme == "https" {
			return u.String(), nil
		}
	}
	return answer.URLs[0].String(), nil
}

// fetchBootstrap fetches the list; an older one stays in use if that fails.
func (c *Client) fetchBootstrap(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	c.boot.next = time.Now().Add(bootstrapRetry)
	status, _, body, failure := c.get(ctx, bootstrapURL, "application/json", bootstrapMost)
	if failure == nil && status != http.StatusOK {
		failure = crawler.NewFailure(crawler.FailDenied, fmt.Sprintf("HTTP %d", status))
	}
	if failure != nil {
		c.boot.failure = crawler.NewFailure(failure.Kind, "fetching IANA's list of RDAP servers: "+failure.Detail)
		return
	}
	servers, err := readBootstrap(body)
	if err != nil {
		c.boot.failure = crawler.NewFailure(crawler.FailGarbage, "reading IANA's list of RDAP servers: "+err.Error())
		return
	}
	c.boot.servers, c.boot.failure, c.boot.next = servers, nil, time.Now().Add(bootstrapGood)
}
