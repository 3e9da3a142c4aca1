package web

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/oidc"
)

// A house is a provider of OpenID Connect on loopback. It lets everybody in at once, and
// says of them what the test wants.
type house struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	sign   *rsa.PrivateKey // another one for a forged token
	claims map[string]any  // of the ID token, beside those that every one has
	info   map[string]any  // of the user, asked for apart
	asked  url.Values      // what the last log-in was begun with
}

func newHouse(t *testing.T) *house {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, key: key, sign: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		h.answer(w, map[string]any{"issuer": h.server.URL, "authorization_endpoint": h.server.URL + "/authorize", "token_endpoint": h.server.URL + "/token",
			"jwks_uri": h.server.URL + "/keys", "userinfo_endpoint": h.server.URL + "/user", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		h.answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": encoded(key.N.Bytes()), "e": encoded(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		h.asked = r.URL.Query()
		http.Redirect(w, r, h.asked.Get("redirect_uri")+"?code=once&state="+url.QueryEscape(h.asked.Get("state")), http.StatusSeeOther)
	})
	mux.HandleFunc("POST /token", h.token)
	mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) {
		info := map[string]any{"sub": "42"}
		for name, value := range h.info {
			info[name] = value
		}
		h.answer(w, info)
	})
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	return h
}

// token gives an ID token for the code, if the asker knows the secret and the verifier.
func (h *house) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if id != "beianwatch" || secret != "s3cret" || r.PostFormValue("code") != "once" || h.asked.Get("code_challenge_method") != "S256" || encoded(sum[:]) != h.asked.Get("code_challenge") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{"iss": h.server.URL, "aud": "beianwatch", "sub": "42", "nonce": h.asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()}
	for name, value := range h.claims {
		claims[name] = value
	}
	head, _ := json.Marshal(map[string]string{"alg": "RS256", "kid": "1"})
	body, _ := json.Marshal(claims)
	text := encoded(head) + "." + encoded(body)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, h.sign, crypto.SHA256, digest[:])
	if err != nil {
		h.t.Error(err)
	}
	h.answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": text + "." + encoded(signature)})
}

func (h *house) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client has gone away
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// login goes the whole way in a browser, and gives the page at which it ends.
func (b *browser) login(h *house) (status int, path string) {
	b.t.Helper()
	client := &http.Client{Jar: b.client.Jar}
	a, err := client.Get(b.at + "/login/single?to=/rules")
	if err != nil {
		b.t.Fatal(err)
	}
	a.Body.Close()
	return a.StatusCode, a.Request.URL.Path
}

// TestOIDC: people log in at a provider, with the role that a claim gives them; what a
// provider says that is not of this log-in, or not of this provider, lets nobody in.
func TestOIDC(t *testing.T) {
	ctx := context.Background()
	s := service(t)
	addRun(t, s.Store, "20261122T020000-0001", 8, nil)
	h := newHouse(t)
	conf := &oidc.Config{Issuer: h.server.URL, ClientID: "beianwatch", ClientSecret: "s3cret", RoleClaim: "groups", OwnerClaim: "department",
		Roles: map[string]string{"admins": "admin", "team": "operator", "sites": "owner"}}
	var handler http.Handler
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(site.Close)
	conf.Address = site.URL
	if err := conf.Check(); err != nil {
		t.Fatal(err)
	}
	handler = Handler(Config{Actions: s, OIDC: conf})
	if b := newBrowser(t, site.URL); b.get("/") != http.StatusSeeOther || b.get("/domains") != http.StatusSeeOther {
		t.Error("pages are shown to somebody who has not logged in, because there are no users yet")
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Accounts.Put(ctx, account.User{Name: "root", Role: account.RoleAdmin}, password); err != nil {
		t.Fatal(err)
	}
	type claims = map[string]any
	for _, c := range []struct {
		name   string
		claims claims
		info   claims
		sign   *rsa.PrivateKey
		user   string // who is in then; "" for nobody
		role   account.Role
		owner  string
	}{
		{"several groups", claims{"preferred_username": "zhang", "groups": []string{"x", "team", "admins"}}, nil, h.key, "zhang", account.RoleAdmin, ""},
		{"the same person, of another role and name", claims{"preferred_username": "root", "groups": "team"}, nil, h.key, "zhang", account.RoleOperator, ""},
		{"an owner", claims{"sub": "43", "preferred_username": "wang", "groups": []string{"sites"}, "department": "门户组"}, nil, h.key, "wang", account.RoleOwner, "门户组"},
		{"claims asked for apart", nil, claims{"preferred_username": "zhang", "groups": []string{"team"}}, h.key, "zhang", account.RoleOperator, ""},
		{"no role", claims{"sub": "44", "preferred_username": "li", "groups": []string{"x"}}, nil, h.key, "", "", ""},
		{"an owner of nothing", claims{"sub": "44", "preferred_username": "li", "groups": "sites"}, nil, h.key, "", "", ""},
		{"a name that is taken", claims{"sub": "44", "preferred_username": "root", "groups": "admins"}, nil, h.key, "", "", ""},
		{"this machine's own name", claims{"sub": "44", "preferred_username": "local", "groups": "admins"}, nil, h.key, "", "", ""},
		{"a hostile name", claims{"sub": "44", "preferred_username": "<b>", "groups": "admins"}, nil, h.key, "", "", ""},
		{"another log-in's nonce", claims{"nonce": "x", "preferred_username": "zhang", "groups": "admins"}, nil, h.key, "", "", ""},
		{"another client's token", claims{"aud": "other", "preferred_username": "zhang", "groups": "admins"}, nil, h.key, "", "", ""},
		{"another issuer's token", claims{"iss": "https://evil.example", "preferred_username": "zhang", "groups": "admins"}, nil, h.key, "", "", ""},
		{"an old token", claims{"exp": 1, "preferred_username": "zhang", "groups": "admins"}, nil, h.key, "", "", ""},
		{"a forged token", claims{"preferred_username": "zhang", "groups": "admins"}, nil, other, "", "", ""},
		{"another user's data", claims{"groups": "admins"}, claims{"sub": "1", "preferred_username": "zhang"}, h.key, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.claims, h.info, h.sign = c.claims, c.info, c.sign
			b := newBrowser(t, site.URL)
			status, path := b.login(h)
			if (c.user != "") != (status == http.StatusOK && path == "/rules") {
				t.Fatalf("%d at %s", status, path)
			}
			if c.user == "" {
				if b.get("/rules") != http.StatusSeeOther {
					t.Error("somebody is in")
				}
				return
			}
			if v, _, err := s.Accounts.Viewer(ctx, c.user); err != nil || v.Role != c.role || v.Owner != c.owner {
				t.Errorf("%+v, %v", v, err)
			}
			if b.get("/rules") != http.StatusOK {
				t.Error("the session does not last")
			}
		})
	}
	for name, want := range map[string]bool{"li": false, "root": true} {
		if _, _, err := s.Accounts.Viewer(ctx, name); (err == nil) != want {
			t.Errorf("user %s: %v", name, err)
		}
	}
	roleLost(t, s.Accounts, h, site.URL)
	wayBack(t, h, site.URL)
}

// roleLost: who has no role any more is out, with tokens.
func roleLost(t *testing.T, k *account.Keeper, h *house, at string) {
	h.claims, h.info, h.sign = map[string]any{"preferred_username": "zhang", "groups": "team"}, nil, h.key
	in := newBrowser(t, at)
	in.login(h)
	v, _, err := k.Viewer(t.Context(), "zhang")
	if err != nil {
		t.Fatal(err)
	}
	token, err := k.MakeToken(t.Context(), v, "x", account.RoleViewer)
	if err != nil {
		t.Fatal(err)
	}
	h.claims["groups"] = "x"
	newBrowser(t, at).login(h)
	if in.get("/rules") != http.StatusSeeOther {
		t.Error("a session outlives the role")
	}
	if _, ok := k.ByToken(t.Context(), token); ok {
		t.Error("a token outlives the role")
	}
}

// wayBack: only the browser that was sent away comes back, and once.
func wayBack(t *testing.T, h *house, at string) {
	h.claims = map[string]any{"preferred_username": "zhang", "groups": "team"}
	b := newBrowser(t, at)
	a, err := b.client.Get(at + "/login/single?to=//evil.example/")
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), h.server.URL+"/authorize?") {
		t.Fatalf("%s, %v", to, err)
	}
	h.asked = to.Query()
	back := "/login/callback?code=once&state=" + h.asked.Get("state")
	if got := newBrowser(t, at).get(back); got != http.StatusUnauthorized {
		t.Errorf("another browser comes back: %d", got)
	}
	if got := b.get("/login/callback?code=once&state=x"); got != http.StatusUnauthorized {
		t.Errorf("with another state: %d", got)
	}
	if got := b.get(back); got != http.StatusUnauthorized {
		t.Errorf("a second try with the state: %d", got)
	}
	a, err = b.client.Get(at + "/login/single?to=//evil.example/")
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if to, err = url.Parse(a.Header.Get("Location")); err != nil {
		t.Fatal(err)
	}
	h.asked = to.Query()
	if a, err = b.client.Get(at + "/login/callback?code=once&state=" + h.asked.Get("state")); err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" {
		t.Errorf("%d to %q", a.StatusCode, a.Header.Get("Location"))
	}
}
