// Package oidc lets people log in at an OpenID Connect provider of their house: the
// authorization code flow with PKCE, state and nonce. A claim decides the role.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	provider "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Config says where people log in, and what they may do then. The YAML keys are those
// of the config file.
type Config struct {
	Issuer       string   `yaml:"issuer"` // whose /.well-known/openid-configuration is read
	ClientID     string   `yaml:"client-id"`
	ClientSecret string   `yaml:"client-secret"` // empty for a public client
	Address      string   `yaml:"address"`       // where people reach the dashboard: https://host
	Name         string   `yaml:"name"`          // of the provider, on the button
	Scopes       []string `yaml:"scopes"`        // beside openid; profile and email if none are named
	UserClaim    string   `yaml:"user-claim"`    // whose value becomes the user's name: preferred_username
	RoleClaim    string   `yaml:"role-claim"`    // a text or a list: groups
	// Roles gives a value of RoleClaim its role; of several the highest counts.
	Roles       map[string]string `yaml:"roles"`
	DefaultRole string            `yaml:"default-role"` // of those whose claim has none of these; empty: they are refused
	OwnerClaim  string            `yaml:"owner-claim"`  // role owner: whose sites are seen, as the inventory writes it
}

// Set reports whether people log in so.
func (c *Config) Set() bool { return c.Issuer != "" }

// Bounds on an exchange with the provider, which answers a person who waits.
const (
	exchangeTime = 15 * time.Second
	failedTime   = 5 * time.Second  // for which a provider that could not be read is not asked again
	keptTime     = 10 * time.Minute // from the button to the way back
	maxClaim     = 300              // bytes of a name or an owner
)

// callback is the path to which the provider sends people back.
const callback = "/login/callback"

// Check finds what is wrong with a config, in English.
func (c *Config) Check() error {
	if u, err := url.Parse(c.Issuer); err != nil || u.Host == "" || u.Scheme != "https" && !loopback(u) {
		return fmt.Errorf("issuer: %q: want an address like https://login.example.cn", c.Issuer)
	}
	if u, err := url.Parse(c.Address); err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.Scheme != "https" && !loopback(u) {
		return fmt.Errorf("address: %q: want where people reach the dashboard, like https://beian.example.cn", c.Address)
	}
	if c.ClientID == "" {
		return errors.New("client-id: it is missing")
	}
	if len(c.Roles) == 0 && c.DefaultRole == "" {
		return errors.New("roles: name at least one, or a default-role: nobody could log in")
	}
	for value, role := range c.Roles {
		if !slices.Contains(account.Roles, account.Role(role)) {
			return fmt.Errorf("roles: %s: %q: want owner, viewer, operator or admin", value, role)
		}
	}
	if c.DefaultRole != "" && !slices.Contains(account.Roles, account.Role(c.DefaultRole)) {
		return fmt.Errorf("default-role: %q: want owner, viewer, operator or admin", c.DefaultRole)
	}
	if c.OwnerClaim == "" && (c.DefaultRole == string(account.RoleOwner) || slices.Contains(mapValues(c.Roles), string(account.RoleOwner))) {
		return errors.New("owner-claim: it is missing: the role owner needs it")
	}
	return nil
}

func mapValues(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

func loopback(u *url.URL) bool {
	return u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
}

// A Refusal says to a person why there is no log-in.
type Refusal struct{ detect.Text }

func (r *Refusal) Error() string { return r.EN }

func refuse(zh, en string) error { return &Refusal{wording.Say(zh, en)} }

// A Login sends people to the provider and takes them back. It is safe for many goroutines.
type Login struct {
	conf     Config
	accounts *account.Keeper
	sessions *account.Sessions

	mu     sync.Mutex
	made   *provider.Provider // nil until it was reached
	failed error              // why it was not, the last time …
	since  time.Time          // … and when
}

// New makes a log-in by a config that [Config.Check] has passed. The provider is asked when
// somebody logs in: its outage is no reason not to start.
func New(conf Config, accounts *account.Keeper, sessions *account.Sessions) *Login {
	if conf.UserClaim == "" {
		conf.UserClaim = "preferred_username"
	}
	if conf.RoleClaim == "" {
		conf.RoleClaim = "groups"
	}
	if len(conf.Scopes) == 0 {
		conf.Scopes = []string{"profile", "email"}
	}
	return &Login{conf: conf, accounts: accounts, sessions: sessions}
}

// Name is what the button says.
func (l *Login) Name() string {
	if l.conf.Name != "" {
		return l.conf.Name
	}
	return strings.TrimPrefix(strings.TrimPrefix(l.conf.Issuer, "https://"), "http://")
}

// client is what speaks to the provider. Its keys are read again later on, so that it must
// not end with a request.
func client() context.Context {
	return provider.ClientContext(context.Background(), &http.Client{Timeout: exchangeTime})
}

// provider returns the provider, which is read once.
func (l *Login) provider() (*provider.Provider, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made == nil {
		if l.failed != nil && time.Since(l.since) < failedTime {
			return nil, l.failed // those who waited meanwhile do not ask again one after the other
		}
		p, err := provider.NewProvider(client(), l.conf.Issuer)
		if err != nil {
			l.failed, l.since = fmt.Errorf("reading the provider %s: %w", l.conf.Issuer, err), time.Now()
			return nil, l.failed
		}
		l.made = p
	}
	return l.made, nil
}

func (l *Login) exchange(p *provider.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: l.conf.ClientID, ClientSecret: l.conf.ClientSecret, Endpoint: p.Endpoint(),
		RedirectURL: strings.TrimRight(l.conf.Address, "/") + callback, Scopes: append([]string{provider.ScopeOpenID}, l.conf.Scopes...)}
}

// What the session keeps on the way to the provider and back.
const (
	keepState    = "oidc-state"
	keepNonce    = "oidc-nonce"
	keepVerifier = "oidc-verifier"
	keepTo       = "oidc-to"
	keepSince    = "oidc-since"
)

// Begin returns where the browser is sent, to come back and go to a path of ours.
func (l *Login) Begin(ctx context.Context, to string) (address string, err error) {
	p, err := l.provider()
	if err != nil {
		return "", err
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	for key, value := range map[string]string{keepState: state, keepNonce: nonce, keepVerifier: verifier, keepTo: to, keepSince: time.Now().Format(time.RFC3339)} {
		l.sessions.Keep(ctx, key, value)
	}
	return l.exchange(p).AuthCodeURL(state, provider.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// End takes somebody back whom the provider sends, and returns the user's name and where to
// go. An error that is a [Refusal] is told to the person.
func (l *Login) End(ctx context.Context, q url.Values) (name, to string, err error) {
	take := func(key string) string { return l.sessions.Take(ctx, key) }
	state, nonce, verifier, to, since := take(keepState), take(keepNonce), take(keepVerifier), take(keepTo), take(keepSince)
	began, timeErr := time.Parse(time.RFC3339, since)
	switch {
	case state == "" || timeErr != nil || time.Since(began) > keptTime || subtle.ConstantTimeCompare([]byte(state), []byte(q.Get("state"))) != 1:
		return "", "", refuse("登录已过期或不是从本页开始的，请重新登录", "This log-in has expired or did not begin here: try again")
	case q.Get("error") != "":
		return "", "", refuse("登录服务拒绝了此次登录："+wording.Clean(q.Get("error"), 100), "The provider refused the log-in: "+wording.Clean(q.Get("error"), 100))
	}
	p, err := l.provider()
	if err != nil {
		return "", "", err
	}
	ctx, cancel := context.WithTimeout(provider.ClientContext(ctx, &http.Client{Timeout: exchangeTime}), exchangeTime)
	defer cancel()
	token, err := l.exchange(p).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return "", "", fmt.Errorf("exchanging the code at %s: %w", l.conf.Issuer, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", "", fmt.Errorf("%s sent no ID token", l.conf.Issuer)
	}
	id, err := p.Verifier(&provider.Config{ClientID: l.conf.ClientID}).Verify(ctx, raw)
	if err != nil {
		return "", "", fmt.Errorf("the ID token of %s: %w", l.conf.Issuer, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return "", "", refuse("登录凭证不属于本次登录，请重新登录", "The ID token is not of this log-in: try again")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return "", "", fmt.Errorf("the ID token of %s: %w", l.conf.Issuer, err)
	}
	if err := l.more(ctx, p, id, token, claims); err != nil {
		return "", "", err
	}
	name, err = l.enter(ctx, id, claims)
	return name, to, err
}

// more asks for the claims that are wanted and that the ID token does not have.
func (l *Login) more(ctx context.Context, p *provider.Provider, id *provider.IDToken, token *oauth2.Token, claims map[string]any) error {
	lacking := false
	for _, c := range []string{l.conf.UserClaim, l.conf.RoleClaim, l.conf.OwnerClaim} {
		if _, ok := claims[c]; c != "" && !ok {
			lacking = true
		}
	}
	if !lacking || p.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("asking %s for the user: %w", l.conf.Issuer, err)
	}
	if info.Subject != id.Subject {
		return fmt.Errorf("%s told of another user", l.conf.Issuer)
	}
	others := map[string]any{}
	if err := info.Claims(&others); err != nil {
		return fmt.Errorf("asking %s for the user: %w", l.conf.Issuer, err)
	}
	for name, value := range others {
		if _, ok := claims[name]; !ok {
			claims[name] = value
		}
	}
	return nil
}
