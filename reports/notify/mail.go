package notify

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// server reads the address of a mail server: smtp://host:port wants STARTTLS,
// smtps://host:port is TLS from the first byte, smtp+plain://host:port is without
// (a relay of one's own network). Ports default to 587, 465 and 25.
func (c *Channel) server() (host string, options []gomail.Option, err error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" {
		return "", nil, message.Errorf("通道 %s：url 不是邮件服务器：请写 smtp://主机:587、smtps://主机:465 或 smtp+plain://主机:25", "channel %s: url is no mail server: write smtp://host:587, smtps://host:465 or smtp+plain://host:25", c.Name)
	}
	port := 0
	switch u.Scheme {
	case "smtp":
		port, options = 587, []gomail.Option{gomail.WithTLSPolicy(gomail.TLSMandatory)}
	case "smtps":
		port, options = 465, []gomail.Option{gomail.WithSSL()}
	case "smtp+plain":
		port, options = 25, []gomail.Option{gomail.WithTLSPolicy(gomail.NoTLS)}
	default:
		return "", nil, message.Errorf("通道 %s：邮件服务器的 url 应以 smtp://、smtps:// 或 smtp+plain:// 开头", "channel %s: a mail server's url begins with smtp://, smtps:// or smtp+plain://", c.Name)
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return "", nil, message.Errorf("通道 %s：%q 不是端口号", "channel %s: %q is no port", c.Name, p)
		}
	}
	options = append(options, gomail.WithPort(port), gomail.WithTimeout(sendTime))
	if c.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	return u.Hostname(), options, nil
}

// mail sends a letter to m.To.
func (c *Channel) mail(ctx context.Context, m *Message) (Outcome, error) {
	host, options, err := c.server()
	if err != nil {
		return Refused, err
	}
	letter, err := c.letter(m)
	if err != nil {
		return Refused, err
	}
	client, err := gomail.NewClient(host, options...)
	if err != nil {
		return Refused, err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return Later, message.Errorf("连接邮件服务器：%w", "connecting to the mail server: %w", err)
	}
	defer client.Close() //nolint:errcheck // the letter has been taken, or not
	err = client.Send(letter)
	var failed *gomail.SendError
	switch {
	case err == nil:
		return Sent, nil
	case errors.As(err, &failed) && failed.IsTemp():
		return Later, err
	case errors.As(err, &failed) && (failed.Reason == gomail.ErrSMTPDataClose || failed.Reason == gomail.ErrSMTPReset || failed.Reason == gomail.ErrAmbiguous):
		return Perhaps, err
	}
	return Refused, err
}

func (c *Channel) letter(m *Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg()
	if err := letter.From(c.From); err != nil {
		return nil, message.Errorf("发件人：%w", "the sender: %w", err)
	}
	if err := letter.To(m.To...); err != nil {
		return nil, message.Errorf("收件人：%w", "the reader: %w", err)
	}
	letter.Subject(m.Title)
	letter.SetMessageIDWithValue(m.ID + "@beianwatch")
	letter.SetDate()
	letter.SetBodyString(gomail.TypeTextPlain, plain(m.Text))
	for _, f := range m.Files {
		if err := letter.AttachReader(f.Name, bytes.NewReader(f.Body)); err != nil {
			return nil, message.Errorf("附件 %s：%w", "attaching %s: %w", f.Name, err)
		}
	}
	return letter, nil
}

// plain is a digest as a letter shows it, without Markdown's marks. Names of
// strangers hold none ([named]).
func plain(text string) string {
	text = strings.ReplaceAll(text, "**", "")
	var b strings.Builder
	for line := range strings.Lines(text) {
		if word, rest, ok := strings.Cut(line, "]("); ok && strings.HasPrefix(line, "[") {
			line = word[1:] + ": " + strings.Replace(rest, ")", "", 1)
		}
		b.WriteString(line)
	}
	return b.String()
}
