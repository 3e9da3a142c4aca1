package notify

import (
	"context"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Kind is a service that carries messages.
type Kind string

// The kinds of channels.
const (
	DingTalk Kind = "dingtalk"
	WeCom    Kind = "wecom"
	Feishu   Kind = "feishu"
	Webhook  Kind = "webhook"
	Mail     Kind = "mail"
)

// A Channel is one way to tell people. Its URL and Secret are secrets: no message
// of ours holds them.
type Channel struct {
	Name   string `yaml:"name"`   // by which messages and logs call it; unique
	Kind   Kind   `yaml:"kind"`   // dingtalk, wecom, feishu, webhook or mail
	URL    string `yaml:"url"`    // of the robot or webhook
	Secret string `yaml:"secret"` // of the robot's signature (加签) or the webhook's HMAC
	// Of mail: the server as smtp://host:port (STARTTLS) or smtps://host:port stands
	// in URL.
	User     string   `yaml:"user"`
	Password string   `yaml:"password"`
	From     string   `yaml:"from"`
	To       []string `yaml:"to"`     // readers of the team's digest
	Owners   bool     `yaml:"owners"` // each owner gets a letter of their own at the address in the inventory's column contact
}

// A Message is ready to be sent through one channel. Its ID is the same whenever
// it is made anew, so that a receiver that has seen it can tell.
type Message struct {
	ID      string // run, channel, reader and part
	Channel string
	Title   string
	Text    string // Markdown
	To      []string
	Owner   string       // whose letter it is, as the inventory writes it; "" for the team's digest
	Data    *Payload     // of a webhook, which gets no Markdown
	Files   []Attachment // of mail
}

// An Attachment is a file of a letter.
type Attachment struct {
	Name string
	Body []byte
}

// limits of one service: bytes of one message's text, messages a minute, and how
// many messages one digest may take. The figures are those of the services' manuals
// (DingTalk 20,000 bytes and 20 a minute; WeCom 4,096 and 20; Feishu 20 KB a
// request and 100), less what a signature and an envelope take.
type limits struct {
	bytes  int
	every  time.Duration
	pieces int
}

var limitsOf = map[Kind]limits{
	DingTalk: {bytes: 16_000, every: 3 * time.Second, pieces: 2},
	WeCom:    {bytes: 3_900, every: 3 * time.Second, pieces: 3},
	Feishu:   {bytes: 16_000, every: time.Second, pieces: 2},
	Webhook:  {every: time.Second},
	Mail:     {every: time.Second},
}

// Every is the least time between two messages through a channel.
func (c *Channel) Every() time.Duration { return limitsOf[c.Kind].every }

// Check says what is wrong with a channel's settings.
func (c *Channel) Check() error {
	if c.Name == "" {
		return message.Errorf("有一个通知通道没有名称：请写 name", "a notification channel has no name: give it one, name: …")
	}
	if _, ok := limitsOf[c.Kind]; !ok {
		return message.Errorf("通道 %s：kind %q 无效：须为 dingtalk、wecom、feishu、webhook 或 mail", "channel %s: kind %q is not known: it must be dingtalk, wecom, feishu, webhook or mail", c.Name, c.Kind)
	}
	if c.Kind == Mail {
		return c.checkMail()
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return message.Errorf("通道 %s：url 不是 http 或 https 网址", "channel %s: url is no http or https address", c.Name) // it is a secret
	}
	if c.Kind == Webhook && c.Secret == "" {
		return message.Errorf("通道 %s：webhook 须有 secret，接收方凭它识别消息来源", "channel %s: a webhook needs a secret, with which its receiver can tell our messages from others'", c.Name)
	}
	return nil
}

func (c *Channel) checkMail() error {
	if _, _, err := c.server(); err != nil {
		return err
	}
	for _, a := range append([]string{c.From}, c.To...) {
		if _, err := mail.ParseAddress(a); err != nil {
			return message.Errorf("通道 %s：%q 不是邮箱地址", "channel %s: %q is no mail address", c.Name, a)
		}
	}
	if len(c.To) == 0 && !c.Owners {
		return message.Errorf("通道 %s：没有接收人：请写 to 或 owners: true", "channel %s: nobody reads it: give to: or owners: true", c.Name)
	}
	return nil
}

// CheckAll checks channels and that no two have one name.
func CheckAll(channels []Channel) error {
	var names []string
	for i := range channels {
		c := &channels[i]
		if err := c.Check(); err != nil {
			return err
		}
		if slices.Contains(names, c.Name) {
			return message.Errorf("有两个通知通道名为 %s：须各有自己的名称", "two notification channels are named %s: give each a name of its own", c.Name)
		}
		names = append(names, c.Name)
	}
	return nil
}

// Outcome is how a message went.
type Outcome string

// The outcomes. A message that may have arrived is not sent again, but for a
// webhook, whose receiver knows it by its ID.
const (
	Sent    Outcome = "sent"
	Later   Outcome = "later"   // not sent: it can be tried again
	Refused Outcome = "refused" // not sent, and trying again is of no use
	Perhaps Outcome = "perhaps" // it may have been sent
)

// Send sends one message. The error says what went wrong, in words that hold no
// secret of the channel; it is nil if the message was sent.
func (c *Channel) Send(ctx context.Context, m *Message, now time.Time) (Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	var out Outcome
	var err error
	switch c.Kind {
	case DingTalk:
		out, err = c.dingtalk(ctx, m, now)
	case WeCom:
		out, err = c.wecom(ctx, m)
	case Feishu:
		out, err = c.feishu(ctx, m, now)
	case Webhook:
		out, err = c.webhook(ctx, m, now)
	case Mail:
		out, err = c.mail(ctx, m)
	default:
		return Refused, c.Check()
	}
	if err != nil {
		err = message.Errorf("通道 %s：%s", "channel %s: %s", c.Name, c.hushed(err))
	}
	return out, err
}

// sendTime bounds the sending of one message.
const sendTime = 20 * time.Second

// hushed is the text of an error without what is secret of the channel: net/http
// names the whole address, and a robot's key is part of it.
func (c *Channel) hushed(err error) message.Text {
	said := message.Text{ZH: err.Error(), EN: err.Error()}
	if in, ok := err.(interface{ In(string) string }); ok { //nolint:errorlint // the error itself
		said = message.Text{ZH: in.In("zh"), EN: in.In("en")}
	}
	return message.Text{ZH: c.hush(said.ZH), EN: c.hush(said.EN)}
}

func (c *Channel) hush(text string) string {
	for _, secret := range []string{c.URL, c.Secret, c.Password} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	if u, parsed := url.Parse(c.URL); parsed == nil && c.Kind != Mail {
		for _, secret := range []string{u.RequestURI(), u.RawQuery} {
			if len(secret) > 1 {
				text = strings.ReplaceAll(text, secret, "…")
			}
		}
	}
	return text
}
