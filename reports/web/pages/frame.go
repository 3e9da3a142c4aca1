package pages

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A frame is what every page has around its content.
type frame struct {
	Lang   string
	Theme  string // light, dark; "" as the system has it
	Title  detect.Text
	Nav    string // the entry of the menu that the page belongs to
	Here   string // the address of the page, to come back to
	Viewer account.Viewer
	Menu   []entry
	LogsIn bool        // users are set up: one can log out
	Flash  detect.Text // what was done a moment ago
}

// An entry of the menu.
type entry struct {
	Path, ID string
	Name     detect.Text
}

// menu are the pages that one goes to, with who may see them.
var menu = []struct {
	entry
	need account.Action
}{
	{entry{"/", "overview", wording.Say("总览", "Overview")}, account.SeeAll},
	{entry{"/domains", "domains", wording.Say("域名", "Domains")}, account.SeeOwn},
	{entry{"/runs", "runs", wording.Say("检查批次", "Runs")}, account.SeeAll},
	{entry{"/rules", "rules", wording.Say("规则", "Rules")}, account.SeeOwn},
	{entry{"/owners", "owners", wording.Say("负责人", "Owners")}, account.SeeAll},
	{entry{"/waivers", "waivers", wording.Say("豁免", "Waivers")}, account.SeeAll},
	{entry{"/inventory", "inventory", wording.Say("清单", "Inventories")}, account.SeeAll},
	{entry{"/calendar", "calendar", wording.Say("日程", "Calendar")}, account.SeeAll},
	{entry{"/check", "check", wording.Say("自查", "Self-check")}, account.VisitSite},
}

// flashes are what a page says was done, by the word in its address.
var flashes = map[string]detect.Text{
	"accepted": wording.Say("清单已保存。可以开始检查。", "The inventory is stored. A run can begin."),
	"stopped":  wording.Say("已停止。正在进行的访问会先结束。", "Stopped. Visits under way end first."),
	"resumed":  wording.Say("已继续。", "The run goes on."),
	"begun":    wording.Say("检查已开始。", "The run has begun."),
	"waived":   wording.Say("已豁免。", "Waived."),
	"ended":    wording.Say("已取消。", "Ended."),
	"written":  wording.Say("通知已排队发送。", "The letters will be sent in a moment."),
	"noted":    wording.Say("已记录答复。", "The answer is noted."),
	"asked":    wording.Say("已安排复查，结果稍后可在各域名的自查页看到。", "The sites will be visited in a moment."),
	"saved":    wording.Say("已保存。", "Saved."),
}

func (s *Site) frame(r *http.Request, title detect.Text, nav string) frame {
	f := frame{Lang: langOf(r), Theme: themeOf(r), Title: title, Nav: nav, Here: r.URL.RequestURI(), Viewer: account.From(r.Context()), LogsIn: s.Sessions != nil,
		Flash: flashes[r.URL.Query().Get("done")]}
	for _, e := range menu {
		if f.Viewer.May(e.need) {
			f.Menu = append(f.Menu, e.entry)
		}
	}
	return f
}

// May reports whether the viewer may do something, by its word.
func (f frame) May(action string) bool { return f.Viewer.May(account.Action(action)) }

// The cookies in which a browser keeps what its reader chose.
const (
	langCookie  = "beianwatch-lang"
	themeCookie = "beianwatch-theme"
)

// langOf is the language of a request: what the reader chose, else Chinese unless
// the browser asks for English before it.
func langOf(r *http.Request) string {
	if c, err := r.Cookie(langCookie); err == nil && (c.Value == "zh" || c.Value == "en") {
		return c.Value
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		switch {
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "zh"
}

func themeOf(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// settings keeps a reader's choice of language or theme in a cookie.
func (s *Site) settings(w http.ResponseWriter, r *http.Request) {
	keep := func(name, value string) {
		http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
	}
	if lang := r.PostFormValue("lang"); lang == "zh" || lang == "en" {
		keep(langCookie, lang)
	}
	switch theme := r.PostFormValue("theme"); theme {
	case "light", "dark":
		keep(themeCookie, theme)
	case "system":
		http.SetCookie(w, &http.Cookie{Name: themeCookie, Path: "/", MaxAge: -1})
	}
	http.Redirect(w, r, ownPath(r.PostFormValue("to")), http.StatusSeeOther)
}

// ownPath is a path of this site to go to; what leads elsewhere becomes the first page.
func ownPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

// china is the zone in which times are shown: filings and their deadlines are Chinese.
var china = time.FixedZone("CST", 8*60*60)

// functions are those of the templates of one language.
func functions(lang string) template.FuncMap {
	return template.FuncMap{
		"t":       func(zh, en string) string { return detect.Text{ZH: zh, EN: en}.In(lang) },
		"say":     func(t detect.Text) string { return said(t, lang) },
		"cap":     func(t detect.Text) string { return said(wording.Capital(t), lang) },
		"text":    func(s string) string { return wording.Clean(s, 400) },
		"seg":     url.PathEscape,
		"num":     wording.Grouped,
		"domains": func(n int) string { return said(wording.Counted(n, "个域名", "domain", "domains"), lang) },
		"pct":     wording.Percent,
		"mark":    mark, "swatch": swatch,
		"day": wording.ChinaDay,
		"at": func(t time.Time) string {
			if t.IsZero() {
				return "-"
			}
			return t.In(china).Format("2006-01-02 15:04")
		},
		"took": func(d time.Duration) string { return said(spell(d), lang) },
		"rule": func(id string) string { return said(wording.Capital(wording.Title(id)), lang) },
		"tone": func(tone any) string { return said(wording.Capital(wording.ToneWord(fmt.Sprint(tone))), lang) },
		"liveness": func(l detect.Liveness, cause string) string {
			return said(wording.Capital(wording.LivenessText(l, cause)), lang)
		},
		"liveness2": func(l string) string {
			return said(wording.Capital(wording.LivenessText(detect.Liveness(l), "")), lang)
		},
		"cause":  func(word string) string { return said(wording.Capital(detect.CauseText(word)), lang) },
		"who":    func(name string) string { return said(whoWord(name), lang) },
		"role":   func(role account.Role) string { return said(wording.Word(roleWords, role), lang) },
		"deed":   func(what string) string { return said(wording.Capital(wording.Word(deedWords, what)), lang) },
		"letter": func(state string) string { return said(letterStates[state], lang) },
		"reason": func(word string) string { return said(wording.Capital(detect.Reason(word).Text()), lang) },
	}
}

// whoWord names a person: who uses this machine without users has no name.
func whoWord(name string) detect.Text {
	if name == account.Local.Name {
		return wording.Say("本机", "This machine")
	}
	return wording.Same(wording.Clean(name, 400))
}

// said is a text in a language, cleaned: it may come from a page.
func said(t detect.Text, lang string) string { return wording.Clean(t.In(lang), wording.MaxText) }

// spell is a duration in words.
func spell(d time.Duration) detect.Text {
	d = d.Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case d <= 0:
		return wording.Say("不到 1 秒", "under 1 s")
	case h > 0:
		return wording.Sayf(wording.Say("%d 小时 %d 分", "%d h %d min"), h, m)
	case m > 0:
		return wording.Sayf(wording.Say("%d 分 %d 秒", "%d min %d s"), m, s)
	}
	return wording.Sayf(wording.Say("%d 秒", "%d s"), s)
}

// letterStates say how a letter went.
var letterStates = map[string]detect.Text{
	"waiting": wording.Say("待发送", "to be sent"), "sending": wording.Say("发送中", "being sent"), "sent": wording.Say("已发送", "sent"),
	"refused": wording.Say("未能发送", "not sent"), "perhaps": wording.Say("可能已发送", "it may have been sent"),
}

// roleWords are the roles, with the id by which config and API call them.
var roleWords = map[account.Role]detect.Text{
	account.RoleOwner: wording.Say("负责人（owner）", "owner"), account.RoleViewer: wording.Say("查看（viewer）", "viewer"),
	account.RoleOperator: wording.Say("操作（operator）", "operator"), account.RoleAdmin: wording.Say("管理员（admin）", "admin"),
}

// deedWords are what the audit log tells of, by its ids.
var deedWords = map[string]detect.Text{
	"run.begin": wording.Say("开始检查", "began a run"), "run.stop": wording.Say("停止检查", "stopped a run"), "run.resume": wording.Say("继续检查", "resumed a run"),
	"site.visit": wording.Say("检查网站", "had a site visited"), "finding.waive": wording.Say("豁免问题", "waived a finding"), "finding.unwaive": wording.Say("取消豁免", "ended a waiver"),
	"inventory.upload": wording.Say("上传清单", "uploaded an inventory"), "inventory.accept": wording.Say("保存清单", "accepted an inventory"),
	"letter.send": wording.Say("发送整改通知", "sent a notice"), "letter.answer": wording.Say("记录答复", "noted an answer"),
	"token.make": wording.Say("新建令牌", "made a token"), "token.end": wording.Say("作废令牌", "ended a token"),
	"user.login": wording.Say("登录", "logged in"), "user.put": wording.Say("保存用户", "saved a user"), "user.remove": wording.Say("删除用户", "removed a user"),
}
