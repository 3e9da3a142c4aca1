package settings

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// Template is a config file with every key, each with its text in lang above it and
// commented out: a file to begin with. It is made of the flags, so it holds what
// this program takes.
func Template(lang string) string {
	var b strings.Builder
	b.WriteString(message.Text{
		ZH: "# beianwatch 的配置文件：beianwatch 命令 --config beianwatch.yaml\n# 每一项都写着默认值或示例；去掉行首的 # 即生效。命令行参数优先于配置文件。\n# “beianwatch config check”检查本文件。文件中写有密码时，请设为仅自己可读（chmod 600）。\n",
		EN: "# The config file of beianwatch: beianwatch COMMAND --config beianwatch.yaml\n# Each key has its default or an example; take the # away to set it. Flags override the file.\n# 'beianwatch config check' checks it. With a password in it, let nobody else read it (chmod 600).\n",
	}.In(lang))
	for _, k := range ConfigKeys(lang) {
		value := k.Default
		if k.Example != "" && (value == "" || value == "0" || value == "0s" || value == "false") {
			value = k.Example
		}
		b.WriteString("\n# " + k.Text + "\n")
		for line := range strings.SplitSeq(k.Name+": "+value, "\n") {
			b.WriteString("#" + strings.TrimRight(line, " ") + "\n")
		}
	}
	return b.String()
}
