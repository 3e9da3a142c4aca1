package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// whoisRecord is a record in the form of whois.cnnic.cn.
const whoisRecord = `Domain Name: %s
ROID: 20030312s10001s00012345-cn
Domain Status: ok
Registrant: %s
Sponsoring Registrar: 青禾域名服务有限公司
Name Server: ns1.example.cn
Registration Time: 2003-03-17 12:20:05
Expiration Time: %s
DNSSEC: unsigned
`

// serveRegistries gives every script a WHOIS, an RDAP and a query server of its
// own on loopback, at $WHOIS, $RDAP and $QUERY.
//
//	lapsed.cn     has expired
//	other.cn      is held by another company
//	busy.cn       throttles
//	any other .cn has no record
//	example.com   is at a registrar that is not approved, its holder is redacted
func serveRegistries(env *testscript.Env) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { answerWHOIS(conn) })
		}
	})
	rdap := httptest.NewServer(http.HandlerFunc(answerRDAP))
	query := httptest.NewServer(http.HandlerFunc(answerQuery))
	env.Defer(func() { l.Close(); rdap.Close(); query.Close(); open.Wait() })
	env.Setenv("WHOIS", l.Addr().String())
	env.Setenv("RDAP", rdap.URL)
	env.Setenv("QUERY", query.URL)
	return nil
}

func answerWHOIS(conn net.Conn) {
	defer conn.Close()
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return
	}
	next := time.Now().AddDate(1, 0, 0).Format(time.DateTime)
	switch name := strings.TrimSpace(line); name {
	case "lapsed.cn":
		fmt.Fprintf(conn, whoisRecord, name, "青禾灌溉设备有限公司", "2020-01-02 03:04:05")
	case "other.cn":
		fmt.Fprintf(conn, whoisRecord, name, "白水网络科技有限公司", next)
	case "busy.cn":
		fmt.Fprint(conn, "Queried interval is too short.\r\n")
	default:
		fmt.Fprint(conn, "No matching record.\r\n")
	}
}

func answerRDAP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/domain/example.com" {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, `{"objectClassName":"domain","ldhName":"example.com","entities":[
		{"objectClassName":"entity","roles":["registrar"],"publicIds":[{"type":"IANA Registrar ID","identifier":"1068"}],"vcardArray":["vcard",[["fn",{},"text","NameCheap, Inc."]]]},
		{"objectClassName":"entity","roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","REDACTED FOR PRIVACY"]]]}],
		"events":[{"eventAction":"expiration","eventDate":"2120-01-01T00:00:00Z"}]}`)
}

// answerQuery speaks as a self-hosted query server: filed.cn is filed, broken.cn
// meets an outage, nothing else is filed.
func answerQuery(w http.ResponseWriter, r *http.Request) {
	switch r.FormValue("search") {
	case "filed.cn":
		fmt.Fprint(w, `{"code":200,"msg":"操作成功","success":true,"params":{"list":[{"domain":"filed.cn","mainLicence":"京ICP备19034567号",
			"serviceLicence":"京ICP备19034567号-2","natureName":"企业","unitName":"青禾灌溉设备有限公司","updateRecordTime":"2025-10-09 16:00:40","limitAccess":"否"}],"total":1}}`)
	case "broken.cn":
		fmt.Fprint(w, `{"code":122,"message":"工信部服务器异常"}`)
	default:
		fmt.Fprint(w, `{"code":200,"msg":"操作成功","success":true,"params":{"list":[],"total":0}}`)
	}
}
