package cli

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A LogHandler writes log lines for people: the time in their zone, and message and
// names in their language where the line is meant for them. What only developers
// ask for is written as it is.
type LogHandler struct {
	lang  string
	level slog.Level
	given string // attributes that every line has
	mu    *sync.Mutex
	out   io.Writer
}

// NewLog makes a logger of lines of level and above.
func NewLog(out io.Writer, lang string, level slog.Level) *slog.Logger {
	return slog.New(&LogHandler{lang: lang, level: level, mu: &sync.Mutex{}, out: out})
}

// TakeLibraryLog makes what libraries say through package log, which may quote an
// answer, lines of log for developers: cleaned, and only where they are asked for.
func TakeLibraryLog(to *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(to.Handler(), slog.LevelDebug).Writer())
}

// Enabled is slog's.
func (h *LogHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle writes one line.
func (h *LogHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(wording.InZone(r.Time).Format(time.DateTime))
	b.WriteString("  " + levelWord(r.Level).In(h.lang) + "  ")
	said, known := LogTexts[r.Message]
	if known {
		b.WriteString(said.In(h.lang))
	} else {
		b.WriteString(wording.Clean(r.Message, 500))
	}
	b.WriteString(h.given)
	r.Attrs(func(a slog.Attr) bool { b.WriteString(h.attr(a)); return true })
	b.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.out, b.String())
	return err
}

// WithAttrs is slog's.
func (h *LogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	for _, a := range attrs {
		with.given += h.attr(a)
	}
	return &with
}

// WithGroup is slog's; lines for people have no groups.
func (h *LogHandler) WithGroup(string) slog.Handler { return h }

// attr is one value with its name.
func (h *LogHandler) attr(a slog.Attr) string {
	name := a.Key
	if t, ok := logNames[a.Key]; ok {
		name = t.In(h.lang)
	}
	value := a.Value.Resolve().Any()
	text := ""
	switch v := value.(type) {
	case error:
		text = message.Explain(v, h.lang)
		if h.level <= slog.LevelDebug {
			text = v.Error()
		}
	case interface{ In(string) string }:
		text = v.In(h.lang)
	case time.Time:
		text = wording.Timestamp(v)
	case time.Duration:
		text = wording.Duration(v).In(h.lang)
	case string:
		text = v
		if t, ok := message.Read(v); ok {
			text = t.In(h.lang)
		}
	default:
		text = fmt.Sprint(v)
	}
	return "  " + name + message.Text{ZH: "：", EN: ": "}.In(h.lang) + wording.Clean(text, 1000)
}

func levelWord(l slog.Level) detect.Text {
	switch {
	case l >= slog.LevelError:
		return wording.Say("错误", "error")
	case l >= slog.LevelWarn:
		return wording.Say("警告", "warn ")
	case l >= slog.LevelInfo:
		return wording.Say("信息", "info ")
	}
	return wording.Say("调试", "debug")
}

// LogTexts are the log lines for people, by the words under which the rooms log
// them.
var LogTexts = map[string]detect.Text{
	"waiting for the database":                                 wording.Say("等待数据库", "waiting for the database"),
	"serving":                                                  wording.Say("开始服务", "serving"),
	"run finished":                                             wording.Say("批次完成", "run finished"),
	"the calendar could not be kept":                           wording.Say("日程未能执行", "the calendar could not be kept"),
	"single sign-on failed":                                    wording.Say("单点登录失败", "single sign-on failed"),
	"a planned run is skipped":                                 wording.Say("跳过一个计划的批次", "a planned run is skipped"),
	"the control names cannot be read":                         wording.Say("无法读取对照网站", "the control names cannot be read"),
	"visits are held back":                                     wording.Say("暂停访问网站", "visits are held back"),
	"results wait for the database":                            wording.Say("结果等待写入数据库", "results wait for the database"),
	"a job failed and is tried again":                          wording.Say("一项任务失败，将重试", "a job failed and is tried again"),
	"the database cannot be written to":                        wording.Say("数据库无法写入", "the database cannot be written to"),
	"names without a verdict are put in again":                 wording.Say("没有结论的域名重新加入", "names without a verdict are put in again"),
	"a run had no job left and goes on":                        wording.Say("该批次已没有待办任务，继续执行", "a run had no job left and goes on"),
	"the waivers are those of the last run":                    wording.Say("沿用上一批次的豁免清单", "the waivers are those of the last run"),
	"the browser shares this machine's network":                wording.Say("浏览器与本机共用网络", "the browser shares this machine's network"),
	"the clock was set back: a calendar entry counts from now": wording.Say("系统时钟被调回：日程从现在起重新计算", "the clock was set back: a calendar entry counts from now"),
	"the clock was set back: jobs that wait for a time do not wait for it to come again": wording.Say("系统时钟被调回：等待中的任务不再等原来的时间", "the clock was set back: jobs that wait for a time do not wait for it to come again"),
	"a page could not be drawn and is drawn again later":                                 wording.Say("一个页面未能用浏览器打开，稍后重试", "a page could not be drawn and is drawn again later"),
	"nobody is told of the run":                                                          wording.Say("该批次未发送通知", "nobody is told of the run"),
	"a notification waits":                                                               wording.Say("一条通知等待重发", "a notification waits"),
	"a check could not be answered":                                                      wording.Say("一次检查未能完成", "a check could not be answered"),
	"a notification was not sent":                                                        wording.Say("一条通知未能发送", "a notification was not sent"),
	"run closed unfinished":                                                              wording.Say("批次未完成即关闭", "run closed unfinished"),
	"closing evidence files":                                                             wording.Say("关闭证据文件出错", "closing evidence files"),
	"dashboard":                                                                          wording.Say("仪表盘", "dashboard"),
	"the audit log could not be written":                                                 wording.Say("操作记录未能写入", "the audit log could not be written"),
	"evidence cannot be read":                                                            wording.Say("无法读取证据", "evidence cannot be read"),
	"metrics":                                                                            wording.Say("指标未能读取", "the metrics could not be read"),
	"the jobs of a stopped run could not be deleted":                                     wording.Say("已停止批次的任务未能清除", "the jobs of a stopped run could not be deleted"),
	"a resumed run waits for its job":                                                    wording.Say("继续的批次等待其任务", "a resumed run waits for its job"),
	"a job was lost with its process several times; its names are checked in parts":                                          wording.Say("一项任务多次随进程丢失，其域名将分批检查", "a job was lost with its process several times; its names are checked in parts"),
	"the connection that holds this process' locks was lost; work goes on when it stands again":                              wording.Say("持锁的数据库连接已断开，恢复后继续工作", "the connection that holds this process' locks was lost; work goes on when it stands again"),
	"the connection for locks stands again":                                                                                  wording.Say("持锁的数据库连接已恢复", "the connection for locks stands again"),
	"addresses cannot be locked against other processes, so their sites wait: raise max_locks_per_transaction of PostgreSQL": wording.Say("无法对其他进程锁定地址，相关网站等待：请调高 PostgreSQL 的 max_locks_per_transaction", "addresses cannot be locked against other processes, so their sites wait: raise max_locks_per_transaction of PostgreSQL"),
}

// logNames are the names of values in log lines.
var logNames = map[string]detect.Text{
	"err": wording.Say("原因", "because"), "why": wording.Say("原因", "because"), "run": wording.Say("批次", "run"), "entry": wording.Say("日程", "entry"),
	"time": wording.Say("时间", "time"), "names": wording.Say("域名数", "names"), "kind": wording.Say("种类", "kind"), "index": wording.Say("报告", "report"),
	"roles": wording.Say("角色", "roles"), "db": wording.Say("数据库", "database"), "domains": wording.Say("域名", "domains"), "rejected": wording.Say("无效行", "rejected"),
	"violations": wording.Say("违规", "with violations"), "warnings": wording.Say("待核实", "with warnings"), "inconclusive": wording.Say("未判定", "inconclusive"), "new": wording.Say("新增", "new"), "first": wording.Say("首次查明", "first seen"),
	"worse": wording.Say("加重", "worse"), "fixed": wording.Say("已整改", "fixed"), "took": wording.Say("用时", "took"), "channel": wording.Say("通道", "channel"), "outcome": wording.Say("结果", "outcome"),
	"address": wording.Say("地址", "address"), "who": wording.Say("谁", "who"), "what": wording.Say("操作", "what"), "object": wording.Say("对象", "object"), "domain": wording.Say("域名", "domain"), "file": wording.Say("文件", "file"),
	"was": wording.Say("原为", "was"), "by": wording.Say("调回", "by"),
}
