package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// dingtalk sends to a robot of DingTalk. Signature (加签): base64 of HMAC-SHA256,
// keyed by the secret, of the time in milliseconds, a line feed and the secret;
// both stand in the address. https://open.dingtalk.com/document/robots/customize-robot-security-settings
func (c *Channel) dingtalk(ctx context.Context, m *Message, now time.Time) (Outcome, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return Refused, c.Check()
	}
	if c.Secret != "" {
		stamp := strconv.FormatInt(now.UnixMilli(), 10)
		q := u.Query()
		q.Set("timestamp", stamp)
		q.Set("sign", signature(c.Secret, stamp+"\n"+c.Secret))
		u.RawQuery = q.Encode()
	}
	return c.robot(ctx, u.String(), map[string]any{"msgtype": "markdown", "markdown": map[string]string{"title": m.Title, "text": m.Text}})
}

// wecom sends to a robot of WeCom, whose key in the address is all it asks for.
// https://developer.work.weixin.qq.com/document/path/91770
func (c *Channel) wecom(ctx context.Context, m *Message) (Outcome, error) {
	return c.robot(ctx, c.URL, map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": m.Text}})
}

// feishu sends to a robot of Feishu or Lark. Signature: base64 of HMAC-SHA256 of
// nothing, keyed by the time in seconds, a line feed and the secret; it stands in
// the body. https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
func (c *Channel) feishu(ctx context.Context, m *Message, now time.Time) (Outcome, error) {
	body := map[string]any{"msg_type": "interactive", "card": map[string]any{
		"header":   map[string]any{"title": map[string]string{"tag": "plain_text", "content": m.Title}},
		"elements": []any{map[string]string{"tag": "markdown", "content": m.Text}},
	}}
	if c.Secret != "" {
		stamp := strconv.FormatInt(now.Unix(), 10)
		body["timestamp"], body["sign"] = stamp, signature(stamp+"\n"+c.Secret, "")
	}
	return c.robot(ctx, c.URL, body)
}

func signature(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// busy are the codes by which the robots say that there were too many messages in
// a minute: DingTalk 130101 and 410100, WeCom 45009 and -1 (its system is busy),
// Feishu 9499 and 11232.
var busy = map[int]bool{130101: true, 410100: true, 45009: true, -1: true, 9499: true, 11232: true}

// robot posts to a robot. All three answer with status 200 whatever happened; the
// code in the body counts (errcode, with Feishu code).
func (c *Channel) robot(ctx context.Context, address string, body map[string]any) (Outcome, error) {
	var answer struct {
		ErrCode *int   `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    *int   `json:"code"`
		Msg     string `json:"msg"`
	}
	out, err := post(ctx, address, nil, body, &answer)
	if err != nil {
		return out, err
	}
	code, text := answer.ErrCode, answer.ErrMsg
	if code == nil {
		code, text = answer.Code, answer.Msg
	}
	switch {
	case code == nil:
		return Perhaps, message.Errorf("对方服务的应答没有错误码", "the service's answer has no code")
	case *code == 0:
		return Sent, nil
	case busy[*code]:
		return Later, message.Errorf("对方服务繁忙：错误码 %d", "the service is busy: code %d", *code)
	}
	return Refused, message.Errorf("对方服务拒收消息：错误码 %d，%s", "the service refuses the message: code %d, %s", *code, named(text))
}
