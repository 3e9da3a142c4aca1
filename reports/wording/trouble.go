package wording

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
)

// Trouble returns why a visit was stopped, in words: what is stored in a record
// may be a library's, with addresses of this machine.
func Trouble(stored string) detect.Text {
	if t, ok := message.Read(stored); ok {
		return detect.Text(t)
	}
	return Say("本机网络或程序出错（原文见 JSON 记录）", "a local error (its words are in the JSON record)")
}

// Failure returns how a site failed, in words.
func Failure(f *crawler.Failure) detect.Text {
	return Joined(Same(""), detect.CauseText(string(f.Kind)), detect.DetailText(f.Detail))
}

// Certificate returns what is wrong with a certificate, in words.
func Certificate(fault string) detect.Text {
	var list []detect.Text
	for one := range strings.SplitSeq(fault, "; ") {
		t, ok := message.Read(one)
		if !ok {
			t = message.Text{ZH: "证书无法通过验证", EN: "the certificate cannot be verified"}
		}
		list = append(list, detect.Text(t))
	}
	return Joined(Say("；", "; "), list...)
}

// Server names who answered a DNS question.
func Server(server string) detect.Text {
	if server == crawler.ServerInventory {
		return Say("清单指定", "the inventory")
	}
	return Same(Clean(server, 60))
}

// FailedRequest returns one line of [reports.Detail].Fails in words: what was asked,
// and how it failed.
func FailedRequest(line string) detect.Text {
	what, how, _ := strings.Cut(line, ": ")
	kind, detail, _ := strings.Cut(how, ": ")
	return Joined(Say("：", ": "), Same(Clean(what, 400)), Failure(&crawler.Failure{Kind: crawler.FailureKind(kind), Detail: detail}))
}
