package notify

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

var night = time.Date(2026, 11, 27, 18, 0, 0, 0, time.UTC)

// recordOf is a record on which one rule has one finding in a state.
func recordOf(domain, owner, rule string, severity detect.Severity, state reports.State) *reports.Record {
	r := &reports.Record{Domain: domain, Owner: owner, Life: map[string]reports.Life{rule: {State: state}}}
	o := detect.Outcome{Rule: rule, Verdict: detect.Found, Severity: severity}
	if state == reports.StateFixed {
		o = detect.Outcome{Rule: rule, Verdict: detect.Pass}
	}
	r.Outcomes = []detect.Outcome{o}
	return r
}

func each[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// gathered is a night of n new findings, of owners of ten sites each.
func gathered(t *testing.T, n int) *Digests {
	t.Helper()
	run := &reports.Run{ID: "20261128-020000-x", StartedAt: night}
	waived := recordOf("waived.cn", "李雷", "footer-number-missing", detect.Violation, reports.StateOpened)
	waived.Life["footer-number-missing"] = reports.Life{State: reports.StateOpened, Waiver: &reports.Waiver{}}
	records := []*reports.Record{
		{Domain: "dark.cn", Liveness: detect.Unseen},
		waived,
		recordOf("mended.cn", "李雷", "footer-link-wrong", "", reports.StateFixed),
		recordOf("once.cn", "李雷", "footer-link-wrong", "", reports.StatePassed),
		recordOf("open.cn", "李雷", "footer-link-wrong", detect.Warning, reports.StateStill),
		recordOf("late.cn", "@all [x](http://evil.cn)", reports.OverdueRule, detect.Violation, reports.StateStill),
	}
	for i := range n {
		severity := detect.Notice
		if i%7 == 3 {
			severity = detect.Violation
		}
		r := recordOf(fmt.Sprintf("site%05d.cn", i), fmt.Sprintf("张伟%d", i/10), "footer-number-missing", severity, reports.StateOpened)
		r.Detail = reports.Detail{Team: "运维部", Contact: fmt.Sprintf("值班 <duty%d@example.cn>", i/10)}
		records = append(records, r)
	}
	all, err := Gather(run, each(records))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func newText(t *testing.T, lang string) *Text {
	t.Helper()
	text, err := NewText("", lang, func(string) string { return "https://watch.example.cn/runs/1" })
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDigest(t *testing.T) {
	all := gathered(t, 25)
	for lang, want := range map[string][]string{
		"zh": {"网站备案检查 2026-11-28", "共检查 31 个域名，其中 1 个未能复查。", "**新增 25 项**", "- site00003.cn：", "（违规）", "另有 5 项", "**已逾期 1 项**", "**已整改 1 项**", "[查看报告](https://watch.example.cn/runs/1)", "＠all ［x］（http://evil.cn）"},
		"en": {"Filing check of 2026-11-28", "Domains checked: 31; could not be checked this time: 1.", "**Opened: 25**", "5 more", "**Overdue: 1**", "**Fixed: 1**"},
	} {
		got, err := newText(t, lang).Render(all.Team)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, got)
			}
		}
		if first := strings.Index(got, "site00003.cn"); first > strings.Index(got, "site00000.cn") {
			t.Errorf("%s: a notice stands before a violation:\n%s", lang, got)
		}
	}
	if len(all.Owners) != 3 || all.Owners[0].N() != 10 || all.Owners[0].Owner.Team != "运维部" {
		t.Errorf("%d owners", len(all.Owners))
	}
	own, err := newText(t, "zh").Render(all.Owners[0])
	if err != nil || strings.Contains(own, "late.cn") || strings.Contains(own, "共检查") {
		t.Errorf("an owner is told of others: %v\n%s", err, own)
	}
}

// TestNightOfMany: 10,000 new findings are what a person can bear.
func TestNightOfMany(t *testing.T) {
	all := gathered(t, 10_000)
	if len(all.Owners) != maxOwners || all.More == 0 {
		t.Errorf("%d owners and %d more", len(all.Owners), all.More)
	}
	for _, kind := range []Kind{DingTalk, WeCom, Feishu, Webhook} {
		c := &Channel{Name: string(kind), Kind: kind}
		messages, err := c.Messages(all, newText(t, "zh"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(messages) > 3 || len(messages) == 0 {
			t.Errorf("%s: %d messages", kind, len(messages))
		}
		for _, m := range messages {
			if limit := limitsOf[kind].bytes; kind != Webhook && len(m.Text) > limit {
				t.Errorf("%s: a message of %d bytes", kind, len(m.Text))
			}
		}
	}
	mail := &Channel{Name: "mail", Kind: Mail, To: []string{"team@example.cn"}, Owners: true}
	messages, err := mail.Messages(all, newText(t, "zh"), func(d *Digest) ([]Attachment, error) { return []Attachment{{Name: "notice.docx"}}, nil })
	if err != nil || len(messages) != 1+maxOwners {
		t.Fatalf("%d letters, %v", len(messages), err)
	}
	if m := messages[1]; m.To[0] != "duty0@example.cn" && !strings.HasPrefix(m.To[0], "duty") || len(m.Files) != 1 || len(messages[0].Files) != 0 {
		t.Errorf("%+v", m)
	}
}

func TestSilentWhereNothingChanged(t *testing.T) {
	all, err := Gather(&reports.Run{ID: "r", StartedAt: night}, each([]*reports.Record{{Domain: "a.cn", Liveness: detect.Unseen}, recordOf("b.cn", "", "footer-link-wrong", detect.Warning, reports.StateStill)}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Channel{{Kind: DingTalk}, {Kind: Webhook}, {Kind: Mail, To: []string{"a@b.cn"}, Owners: true}} {
		if m, err := c.Messages(all, newText(t, "zh"), nil); err != nil || len(m) != 0 {
			t.Errorf("%s: %d messages, %v", c.Kind, len(m), err)
		}
	}
}

func TestSplit(t *testing.T) {
	text := strings.Repeat("一二三四五六七八九十\n", 100) // 31 bytes a line
	for _, limit := range []int{64, 100, 1000, 3100, 5000} {
		parts := split(text, limit, 3, "more")
		if len(parts) > 3 {
			t.Errorf("%d: %d parts", limit, len(parts))
		}
		for _, p := range parts {
			if len(p) > limit {
				t.Errorf("%d: a part of %d bytes", limit, len(p))
			}
		}
		if whole := strings.Join(parts, ""); whole != text && !strings.HasSuffix(whole, "more\n") {
			t.Errorf("%d: text is lost without a word", limit)
		}
	}
	if got := clip(strings.Repeat("字", 100)+"\n", 50); len(got) > 50 || !strings.HasSuffix(got, "字…\n") {
		t.Errorf("clip = %q", got)
	}
}

// A service answers as a robot does, and keeps what it was sent.
type service struct {
	*httptest.Server
	query  url.Values
	header http.Header
	body   []byte
}

func serving(t *testing.T, status int, answer string) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.query, s.header = r.URL.Query(), r.Header
		s.body, _ = io.ReadAll(r.Body)
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s
}

func signed(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	io.WriteString(mac, text)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestRobots(t *testing.T) {
	m := &Message{ID: "x/1", Title: "标题", Text: "**标题**\n"}
	for _, test := range []struct {
		kind   Kind
		answer string
		check  func(*service, map[string]any) bool
	}{
		{DingTalk, `{"errcode":0,"errmsg":"ok"}`, func(s *service, body map[string]any) bool {
			stamp := strconv.FormatInt(night.UnixMilli(), 10)
			return s.query.Get("timestamp") == stamp && s.query.Get("sign") == signed("SECmine", stamp+"\nSECmine") && s.query.Get("access_token") == "topsecret" &&
				body["msgtype"] == "markdown" && body["markdown"].(map[string]any)["text"] == m.Text
		}},
		{WeCom, `{"errcode":0,"errmsg":"ok"}`, func(s *service, body map[string]any) bool {
			return body["msgtype"] == "markdown" && body["markdown"].(map[string]any)["content"] == m.Text && s.query.Get("access_token") == "topsecret"
		}},
		{Feishu, `{"code":0,"msg":"success"}`, func(s *service, body map[string]any) bool {
			stamp := strconv.FormatInt(night.Unix(), 10)
			return body["timestamp"] == stamp && body["sign"] == signed(stamp+"\nSECmine", "") && body["msg_type"] == "interactive"
		}},
	} {
		s := serving(t, http.StatusOK, test.answer)
		c := &Channel{Name: "group", Kind: test.kind, URL: s.URL + "/robot/send?access_token=topsecret", Secret: "SECmine"}
		if out, err := c.Send(context.Background(), m, night); out != Sent || err != nil {
			t.Errorf("%s: %s, %v", test.kind, out, err)
		}
		var body map[string]any
		if err := json.Unmarshal(s.body, &body); err != nil || !test.check(s, body) {
			t.Errorf("%s: %v, %v: %s", test.kind, err, s.query, s.body)
		}
	}
}

func TestOutcomes(t *testing.T) {
	const closed = "http://127.0.0.1:1" // a port that was given back could be another's by then
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	}))
	defer cut.Close()
	for _, test := range []struct {
		kind   Kind
		url    string
		status int
		answer string
		want   Outcome
	}{
		{DingTalk, "", 200, `{"errcode":310000,"errmsg":"sign not match"}`, Refused},
		{DingTalk, "", 200, `{"errcode":130101}`, Later},
		{WeCom, "", 200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, Later},
		{Feishu, "", 200, `{"code":19021,"msg":"sign match fail"}`, Refused},
		{Feishu, "", 200, `{"code":9499}`, Later},
		{WeCom, "", 200, `<html>`, Perhaps},
		{WeCom, "", 500, ``, Perhaps},
		{WeCom, "", 429, ``, Later},
		{WeCom, "", 302, ``, Refused},
		{Webhook, "", 500, ``, Later},
		{Webhook, "", 410, ``, Refused},
		{DingTalk, closed, 0, "", Later},
		{DingTalk, cut.URL, 0, "", Perhaps},
		{Webhook, cut.URL, 0, "", Later},
	} {
		at := test.url
		if at == "" {
			at = serving(t, test.status, test.answer).URL
		}
		c := &Channel{Name: "group", Kind: test.kind, URL: at + "/send?key=topsecret", Secret: "SECmine"}
		out, err := c.Send(context.Background(), &Message{ID: "x", Data: &Payload{}}, night)
		if out != test.want || err == nil {
			t.Errorf("%s %d %s: %s, %v; want %s", test.kind, test.status, test.answer, out, err, test.want)
		}
		if err != nil && (strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), "SECmine")) {
			t.Errorf("a secret is told: %v", err)
		}
	}
}

func TestWebhook(t *testing.T) {
	s := serving(t, http.StatusNoContent, "")
	c := &Channel{Name: "hook", Kind: Webhook, URL: s.URL, Secret: "mine"}
	messages, err := c.Messages(gathered(t, 3), newText(t, "zh"), nil)
	if err != nil || len(messages) != 1 {
		t.Fatal(len(messages), err)
	}
	if out, err := c.Send(context.Background(), messages[0], night); out != Sent || err != nil {
		t.Fatal(out, err)
	}
	stamp := strconv.FormatInt(night.Unix(), 10)
	mac := hmac.New(sha256.New, []byte("mine"))
	mac.Write([]byte(stamp + "." + string(s.body)))
	if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); s.header.Get("X-Beianwatch-Signature") != want || s.header.Get("X-Beianwatch-Timestamp") != stamp {
		t.Errorf("signature %s, want %s", s.header.Get("X-Beianwatch-Signature"), want)
	}
	var p Payload
	if err := json.Unmarshal(s.body, &p); err != nil || p.Counts[reports.StateOpened] != 3 || p.Counts[overdue] != 1 || len(p.Items) != 5 || s.header.Get("Idempotency-Key") != p.ID {
		t.Errorf("%v: %s", err, s.body)
	}
}

// mailServer takes one letter as an SMTP server does, or refuses its readers with
// the code given.
func mailServer(t *testing.T, refuse string) (address string, letter func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	got := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		fmt.Fprint(conn, "220 mail.example.cn ESMTP\r\n")
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			switch word := strings.ToUpper(strings.Fields(line + " x")[0]); {
			case word == "EHLO":
				fmt.Fprint(conn, "250-mail.example.cn\r\n250 8BITMIME\r\n")
			case word == "RCPT" && refuse != "":
				fmt.Fprintf(conn, "%s no\r\n", refuse)
			case word == "DATA":
				fmt.Fprint(conn, "354 go on\r\n")
				var b strings.Builder
				for {
					line, err := in.ReadString('\n')
					if err != nil || line == ".\r\n" {
						break
					}
					b.WriteString(line)
				}
				got <- b.String()
				fmt.Fprint(conn, "250 taken\r\n")
			case word == "QUIT":
				fmt.Fprint(conn, "221 bye\r\n")
				return
			default:
				fmt.Fprint(conn, "250 ok\r\n")
			}
		}
	}()
	return "smtp+plain://" + l.Addr().String(), func() string { return <-got }
}

func TestMail(t *testing.T) {
	address, letter := mailServer(t, "")
	c := &Channel{Name: "post", Kind: Mail, URL: address, From: "watch@example.cn", Owners: true}
	messages, err := c.Messages(gathered(t, 3), newText(t, "zh"), func(*Digest) ([]Attachment, error) {
		return []Attachment{{Name: "整改通知.docx", Body: []byte("PK docx")}}, nil
	})
	if err != nil || len(messages) != 1 {
		t.Fatal(len(messages), err)
	}
	if out, err := c.Send(context.Background(), messages[0], night); out != Sent || err != nil {
		t.Fatal(out, err)
	}
	got := letter()
	for _, want := range []string{"To: <duty0@example.cn>", "From: <watch@example.cn>", "Subject:", "Message-ID: <" + messages[0].ID, "multipart/mixed", base64.StdEncoding.EncodeToString([]byte("PK docx"))} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if text := plain(messages[0].Text); strings.Contains(text, "**") || !strings.Contains(text, "查看报告: https://watch.example.cn/runs/1") {
		t.Errorf("a letter shows marks:\n%s", text)
	}
	for code, want := range map[string]Outcome{"451": Later, "550": Refused} {
		address, _ := mailServer(t, code)
		c.URL = address
		if out, err := c.Send(context.Background(), messages[0], night); out != want || err == nil {
			t.Errorf("%s: %s, %v; want %s", code, out, err, want)
		}
	}
}

func TestMailOf(t *testing.T) {
	for contact, want := range map[string]string{
		"wang@example.cn": "wang@example.cn", "王芳 <wang@example.cn>": "wang@example.cn", "13800138000，邮箱：wang@example.cn": "wang@example.cn",
		"王芳(wang@example.cn)": "wang@example.cn", "王芳": "", "": "", "a@b@c": "", "x@y.cn; z@y.cn": "x@y.cn",
	} {
		if got := mailOf(contact); got != want {
			t.Errorf("mailOf(%q) = %q, want %q", contact, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Channel{Name: "a", Kind: WeCom, URL: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=topsecret"}
	if err := CheckAll([]Channel{good}); err != nil {
		t.Error(err)
	}
	for want, c := range map[string]Channel{
		"no name":     {Kind: WeCom, URL: good.URL},
		"not known":   {Name: "a", Kind: "slack", URL: good.URL},
		"no http":     {Name: "a", Kind: WeCom, URL: "qyapi.weixin.qq.com?key=topsecret"},
		"secret":      {Name: "a", Kind: Webhook, URL: "https://hook.example.cn/"},
		"mail server": {Name: "a", Kind: Mail, URL: "mail.example.cn", From: "a@b.cn", To: []string{"a@b.cn"}},
		"mail addr":   {Name: "a", Kind: Mail, URL: "smtp://mail.example.cn", From: "watch", To: []string{"a@b.cn"}},
		"nobody":      {Name: "a", Kind: Mail, URL: "smtp://mail.example.cn", From: "a@b.cn"},
	} {
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
	if err := CheckAll([]Channel{good, good}); err == nil {
		t.Error("two of one name are taken")
	}
}

func TestOwnTemplate(t *testing.T) {
	dir := t.TempDir()
	if _, err := NewText(dir, "zh", nil); err == nil || !strings.Contains(err.Error(), templateFile) {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, templateFile), []byte("{{.Title}}: {{range .Sections}}{{.Title}}={{.N}} {{end}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := NewText(dir, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := text.Render(gathered(t, 2).Team); err != nil || got != "Filing check of 2026-11-28: Opened=2 Overdue=1 Fixed=1\n" {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, templateFile), []byte("{{.Nothing}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err = NewText(dir, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := text.Render(gathered(t, 2).Team); err == nil {
		t.Error("a template that fails is passed over")
	}
}

// TestByHand: an owner's letter of a day has one ID, and goes by mail to the owner alone.
func TestByHand(t *testing.T) {
	run := &reports.Run{ID: "r1"}
	text, err := NewText("", "zh", nil)
	if err != nil {
		t.Fatal(err)
	}
	files := []Attachment{{Name: "notice.docx", Body: []byte("x")}}
	to := Owner{Name: "王芳", Team: "门户组", Contact: "13800138000 wang@example.cn"}
	c := &Channel{Name: "mail", Kind: Mail, Owners: true}
	m := c.ByHand(run, to, "2026-11-29", text, files)
	if m == nil || m.Owner != "王芳" || len(m.To) != 1 || m.To[0] != "wang@example.cn" || len(m.Files) != 1 || !strings.Contains(m.Title, "整改通知") {
		t.Fatalf("%+v", m)
	}
	if again := c.ByHand(run, to, "2026-11-29", text, files); again.ID != m.ID {
		t.Errorf("%s and %s", m.ID, again.ID)
	}
	if next := c.ByHand(run, to, "2026-11-30", text, files); next.ID == m.ID {
		t.Error("the letter of the next day is the same")
	}
	for _, none := range []*Message{
		(&Channel{Name: "mail", Kind: Mail}).ByHand(run, to, "2026-11-29", text, files),
		(&Channel{Name: "robot", Kind: WeCom, Owners: true}).ByHand(run, to, "2026-11-29", text, files),
		c.ByHand(run, Owner{Name: "王芳", Contact: "13800138000"}, "2026-11-29", text, files),
		c.ByHand(run, to, "2026-11-29", text, nil),
	} {
		if none != nil {
			t.Errorf("%+v", none)
		}
	}
}
