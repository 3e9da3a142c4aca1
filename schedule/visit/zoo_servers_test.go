package visit

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// answerWith is an answer with a body, header lines given.
func answerWith(body, header string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n%s\r\n%s", len(body), header, body)
}

// headed is an answer with the header lines given alone, and a body.
func headed(header, body string) string { return "HTTP/1.1 200 OK\r\n" + header + "\r\n" + body }

const htmlType = "Content-Type: text/html; charset=utf-8\r\n"

func packed(text string, times int) string {
	for range times {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
		text = b.String()
	}
	return text
}

// blanks is a page that unpacks to so many MB of blanks.
func blanks(mb int, deflate bool) string {
	var b bytes.Buffer
	var z io.WriteCloser = gzip.NewWriter(&b)
	if deflate {
		z = zlib.NewWriter(&b)
	}
	io.WriteString(z, goodPage[:len(goodPage)-200])
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range mb {
		z.Write(blank)
	}
	z.Close()
	return b.String()
}

// badServers are servers that answer as no server should, with the verdict on a
// filed site. Where a browser shows the site, nothing is found against it.
func badServers() map[string]struct {
	serve func(net.Conn)
	want  string
} {
	chunked := htmlType + "Transfer-Encoding: chunked\r\n"
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(goodPage), goodPage)
	type server = struct {
		serve func(net.Conn)
		want  string
	}
	return map[string]server{
		"good":                            {send(answerWith(goodPage, "")), "serving"},
		"header byte by byte":             {drip("HTTP/1.1 200 OK\r\nX: ", strings.Repeat("a", 300)), "down timeout"},
		"body byte by byte":               {drip(headed(htmlType, ""), goodPage), "serving"},
		"waits without a word":            {sendAndHang(""), "down timeout: filed-site-down"},
		"body without end":                {sendForever(headed(htmlType, ""), strings.Repeat("<p>endless</p>", 4096)), "serving"},
		"chunks without end":              {sendForever(headed(chunked, ""), strings.Repeat("1\r\na\r\n", 4096)), "serving"},
		"chunk extensions without end":    {sendForever(headed(chunked, ""), "1;"+strings.Repeat("x", 3000)+"\r\na\r\n"), "serving"},
		"trailers without end":            {sendForever(headed(chunked, chunk+"0\r\n"), "X-T: "+strings.Repeat("a", 1000)+"\r\n"), "serving"},
		"one trailer without end":         {sendForever(headed(chunked, chunk+"0\r\nX: "), strings.Repeat("a", 4096)), "serving"},
		"no size where a chunk begins":    {send(headed(chunked, "zzzz\r\n"+goodPage+"\r\n0\r\n\r\n")), "serving"},
		"chunk of 2^64":                   {send(headed(chunked, "ffffffffffffffff\r\n"+goodPage+"\r\n0\r\n\r\n")), "serving"},
		"chunk of more digits":            {send(headed(chunked, strings.Repeat("f", 40)+"\r\n"+goodPage)), "serving"},
		"chunk of less than nothing":      {send(headed(chunked, "-1\r\n"+goodPage+"\r\n0\r\n\r\n")), "serving"},
		"chunk cut":                       {send(headed(chunked, chunk[:len(chunk)/2])), "serving"},
		"no last chunk":                   {send(headed(chunked, chunk)), "serving"},
		"gzip of 64 MB":                   {send(answerWith(blanks(64, false), "Content-Encoding: gzip\r\n")), "serving"},
		"deflate of 64 MB":                {send(answerWith(blanks(64, true), "Content-Encoding: deflate\r\n")), "serving"},
		"gzip twice of 64 MB":             {send(answerWith(packed(blanks(64, false), 1), "Content-Encoding: gzip, gzip\r\n")), "serving"},
		"gzip five times":                 {send(answerWith(packed(goodPage, 5), "Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n")), "serving"},
		"gzip that is none":               {send(answerWith(goodPage, "Content-Encoding: gzip\r\n")), "serving"},
		"gzip cut":                        {send(answerWith(packed(goodPage, 1)[:200], "Content-Encoding: gzip\r\n")), "serving"},
		"gzip with a wrong sum":           {send(answerWith(packed(goodPage, 1)[:len(packed(goodPage, 1))-8]+"12345678", "Content-Encoding: gzip\r\n")), "serving"},
		"gzip and then garbage":           {send(answerWith(packed(goodPage, 1)+"garbage", "Content-Encoding: gzip\r\n")), "serving"},
		"br unasked":                      {send(answerWith(strings.Repeat("\xa1\xff\xff\xff", 1000), "Content-Encoding: br\r\n")), "serving"},
		"zstd unasked":                    {send(answerWith("\x28\xb5\x2f\xfd"+strings.Repeat("\xff", 1000), "Content-Encoding: zstd\r\n")), "serving"},
		"20,000 codings":                  {send(answerWith(goodPage, "Content-Encoding: "+strings.Repeat("identity, ", 20000)+"identity\r\n")), "serving"},
		"length too short":                {send(headed(htmlType+"Content-Length: 60\r\n", goodPage)), "serving"},
		"length too long":                 {send(headed(htmlType+"Content-Length: 999999\r\n", goodPage)), "serving"},
		"length too long, then silence":   {sendAndHang(headed(htmlType+"Content-Length: 999999\r\n", goodPage)), "serving"},
		"length below nothing":            {send(headed(htmlType+"Content-Length: -5\r\n", goodPage)), "serving"},
		"length of 23 digits":             {send(headed(htmlType+"Content-Length: 99999999999999999999999\r\n", goodPage)), "serving"},
		"two lengths":                     {send(headed(htmlType+"Content-Length: 10\r\nContent-Length: 20\r\n", goodPage)), "down protocol"},
		"length twice the same":           {send(headed(htmlType+fmt.Sprintf("Content-Length: %d, %d\r\n", len(goodPage), len(goodPage)), goodPage)), "serving"},
		"length and chunks":               {send(headed(chunked+"Content-Length: 10\r\n", chunk+"0\r\n\r\n")), "serving"},
		"length that is a word":           {send(headed(htmlType+"Content-Length: many\r\n", goodPage)), "serving"},
		"unknown transfer coding":         {send(headed(htmlType+"Transfer-Encoding: cabbage\r\n", goodPage)), "serving"},
		"100,000 header lines":            {send(headed(htmlType+strings.Repeat("X-A: a\r\n", 100000), goodPage)), "down protocol"},
		"40,000 header lines":             {send(headed(htmlType+strings.Repeat("X: a\r\n", 40000), goodPage)), "serving"},
		"header line of 1 MB":             {send(headed(htmlType+"X: "+strings.Repeat("a", 1<<20)+"\r\n", goodPage)), "down protocol"},
		"header lines without end":        {sendForever("HTTP/1.1 200 OK\r\n", "X: "+strings.Repeat("a", 60000)+"\r\n"), "down protocol"},
		"header line without end":         {sendForever("HTTP/1.1 200 OK\r\nX: ", strings.Repeat("a", 60000)), "down protocol"},
		"status line without end":         {sendForever("HTTP/1.1 200 ", strings.Repeat("a", 60000)), "down protocol"},
		"NUL, escapes, no colon, no name": {send(headed(htmlType+"X-Nul: a\x00b\x1b[31m\r\nBad Header\r\n: novalue\r\n", goodPage)), "serving"},
		"line feeds alone":                {send("HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\n\n" + goodPage), "serving"},
		"carriage returns alone":          {send("HTTP/1.1 200 OK\rContent-Type: text/html\r\r" + goodPage), "down protocol"},
		"2,000 folded lines":              {send(headed(htmlType+"X: a\r\n"+strings.Repeat(" b\r\n", 2000), goodPage)), "serving"},
		"500 cookies and a redirect":      {send("HTTP/1.1 302 Found\r\nLocation: /x\r\n" + strings.Repeat("Set-Cookie: c=1\r\n", 500) + "\r\n"), "challenged redirects"},
		"redirect to itself":              {send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), "down redirects"},
		"redirects without end":           {redirectOn(), "down redirects"},
		"cookie at every turn":            {cookieTurns(), "challenged redirects"},
		"redirect to nowhere":             {send("HTTP/1.1 302 Found\r\nLocation:\r\n" + htmlType + "\r\n" + goodPage), "down http-302"},
		"redirect without a location":     {send("HTTP/1.1 302 Found\r\n" + htmlType + "\r\n" + goodPage), "down http-302"},
		"redirect of 100 kB":              {send("HTTP/1.1 302 Found\r\nLocation: /" + strings.Repeat("a", 100000) + "\r\n\r\n"), "down redirects"},
		"HTTP/0.9":                        {send(goodPage), "serving"},
		"HTTP/2.0 in words":               {send("HTTP/2.0 200 OK\r\n" + htmlType + "\r\n" + goodPage), "serving"},
		"HTTP/9.9":                        {send("HTTP/9.9 200 OK\r\n" + htmlType + "\r\n" + goodPage), "serving"},
		"ICY":                             {send("ICY 200 OK\r\n" + htmlType + "\r\n" + goodPage), "down protocol"},
		"blanks before the status line":   {send("\r\n  HTTP/1.1 200 OK\r\n" + htmlType + "\r\n" + goodPage), "serving"},
		"status 999":                      {send("HTTP/1.1 999 No\r\n" + htmlType + "\r\n" + goodPage), "down http-999"},
		"status -20":                      {send("HTTP/1.1 -20 No\r\n" + htmlType + "\r\n" + goodPage), "serving"},
		"status in words":                 {send("HTTP/1.1 OK\r\n" + htmlType + "\r\n" + goodPage), "serving"},
		"status 204":                      {send("HTTP/1.1 204 No Content\r\n\r\n"), "placeholder blank"},
		"status 206":                      {send("HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-9/100\r\nContent-Length: 10\r\n\r\n0123456789"), "placeholder blank"},
		"status 304":                      {send("HTTP/1.1 304 Not Modified\r\n\r\n"), "down http-304"},
		"status 407":                      {send("HTTP/1.1 407 Proxy Auth\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"), "down http-407"},
		"status 101":                      {send("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nxxxx"), "down http-101"},
		"interim answers without end":     {sendForever("", "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n"), "down protocol"},
		"four interim answers":            {send(strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 4) + answerWith(goodPage, "")), "serving"},
		"HTTP/2 on the plain port":        {send("\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x00\xff\xff\x00\x06\x00\x00\x40\x00"), "down protocol"},
		"SSH":                             {send("SSH-2.0-OpenSSH_9.9\r\n"), "down protocol"},
		"SMTP":                            {send("220 mail.example.cn ESMTP\r\n"), "down protocol"},
		"random bytes":                    {send(strings.Repeat("\x8f\x00\xe3\x17\xff", 2000)), "down protocol"},
		"reset in the body":               {resetIn(headed(htmlType+"Content-Length: 100000\r\n", goodPage[:300])), "serving"},
		"reset after the request":         {resetIn(""), "down reset"},
		"close after the request":         {send(""), "down reset"},
		"close at once":                   {func(c net.Conn) {}, "down reset"},
		"half close":                      {halfClose(headed(htmlType, goodPage)), "serving"},
		"429 for a day":                   {send("HTTP/1.1 429 Too Many\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n"), "challenged http-429"},
		"503 until 2099":                  {send("HTTP/1.1 503 No\r\nRetry-After: Fri, 31 Dec 2099 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"), "challenged http-503"},
		"503 until a word":                {send("HTTP/1.1 503 No\r\nRetry-After: never\r\nContent-Length: 0\r\n\r\n"), "challenged http-503"},
		"type of a picture":               {send(headed("Content-Type: image/png\r\n", goodPage)), "serving"},
		"no type":                         {send(headed("X: y\r\n", goodPage)), "serving"},
		"two types":                       {send(headed("Content-Type: image/png\r\n"+htmlType, goodPage)), "serving"},
		"nobody there":                    {nil, "down refused: filed-site-down"},
		"nothing in the body":             {send(answerWith("", "")), "placeholder blank"},
	}
}

// redirectOn redirects to another path each time.
func redirectOn() func(net.Conn) {
	return func(c net.Conn) {
		head := readHead(c)
		path, _, _ := strings.Cut(strings.TrimPrefix(head, "GET "), " ")
		fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nLocation: %sx\r\nContent-Length: 0\r\n\r\n", path)
	}
}

// cookieTurns redirects to the same place with another cookie each time.
func cookieTurns() func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: a=%d\r\nContent-Length: 0\r\n\r\n", time.Now().UnixNano())
	}
}

// resetIn answers and resets the connection.
func resetIn(answer string) func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		io.WriteString(c, answer) //nolint:errcheck // the client may go
		if answer != "" {
			time.Sleep(200 * time.Millisecond) // a reset overtakes what is not read yet
		}
		breakOff(c)
	}
}

// halfClose answers, closes its side and waits for the other.
func halfClose(answer string) func(net.Conn) {
	return func(c net.Conn) {
		readHead(c)
		io.WriteString(c, answer)     //nolint:errcheck // the client may go
		c.(*net.TCPConn).CloseWrite() //nolint:errcheck // the client may have gone
		io.Copy(io.Discard, c)        //nolint:errcheck // until it goes
	}
}

func TestBadServers(t *testing.T) {
	z := newZoo(t)
	s := z.scanner()
	i := 0
	servers := badServers()
	if len(servers) < 60 {
		t.Errorf("%d kinds", len(servers))
	}
	for kind, c := range servers {
		i++
		name := fmt.Sprintf("server%d.cn", i)
		switch kind {
		case "nobody there":
			z.shut(name, 80)
			z.shut(name, 443)
		case "waits without a word":
			z.site(name, 443, c.serve)
			fallthrough
		default:
			z.site(name, 80, c.serve)
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if got := verdict(t, s, name); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// badTLS are servers whose port 443 does not do as TLS says. Port 80 leads there.
var badTLS = map[string]struct {
	serve func(net.Conn)
	want  string
}{
	"hello, then silence":      {sendAndHang(""), "down timeout"},
	"close after the hello":    {send(""), "down reset"},
	"reset after the hello":    {resetIn(""), "down reset"},
	"hello byte by byte":       {drip("\x16", "\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"+strings.Repeat("a", 100)), "down timeout"},
	"garbage":                  {send(strings.Repeat("\x8f\x00\xe3\x17\xff", 200)), "down tls"},
	"plain HTTP":               {send(answerWith(goodPage, "")), "down tls"},
	"an alert":                 {send("\x15\x03\x03\x00\x02\x02\x28"), "down tls"},
	"a hello of 16 MB":         {sendAndHang("\x16\x03\x03\x40\x00\x02\xff\xff\xff" + strings.Repeat("a", 1<<20)), "down tls"},
	"empty records":            {sendAndHang(strings.Repeat("\x16\x03\x03\x00\x00", 1000)), "down tls"},
	"a record beyond its size": {sendAndHang("\x16\x03\x03\xff\xff" + strings.Repeat("a", 70000)), "down tls"},
}

func TestBadTLS(t *testing.T) {
	z := newZoo(t)
	s := z.scanner()
	i := 0
	for kind, c := range badTLS {
		i++
		name := fmt.Sprintf("tls%d.cn", i)
		z.site(name, 80, send("HTTP/1.1 301 Moved\r\nLocation: https://"+name+"/\r\nContent-Length: 0\r\n\r\n"))
		z.site(name, 443, c.serve)
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if got := verdict(t, s, name); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
