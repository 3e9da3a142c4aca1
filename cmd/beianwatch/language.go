package main

import (
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// languageOf finds the language of a call before it is understood, because help
// and errors are in it too: --lang, else that of the config file, else that of
// the locale. What is wrong in the call or the file is told later.
func languageOf(args []string, getenv func(string) string) string {
	given, config := "", ""
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.SetOutput(io.Discard)
	flags.StringVar(&given, "lang", "", "")
	flags.StringVar(&config, "config", "", "")
	flags.BoolP("help", "h", false, "")
	flags.Parse(args) //nolint:errcheck // the command reads them again
	if known(given) {
		return given
	}
	if config != "" {
		var file struct {
			Lang string `yaml:"lang"`
		}
		if data, err := readConfig(config); err == nil && readLang(data, &file) && known(file.Lang) {
			return file.Lang
		}
	}
	return settings.LocaleLang(getenv)
}

func known(lang string) bool { return lang == "zh" || lang == "en" }

// readConfig reads no more of a config than one may have.
func readConfig(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, settings.MaxConfig)
}

// readLang reads YAML; the library has been seen to panic on what is none.
func readLang(data []byte, to any) (ok bool) {
	defer func() { ok = ok && recover() == nil }()
	return yaml.Unmarshal(data, to) == nil
}

// tr picks the language of the call.
func (p *program) tr(zh, en string) string { return message.Text{ZH: zh, EN: en}.In(p.Lang) }

// say writes a line to a person on the error stream, unless --quiet. The
// formats take the same values; see [message.Format].
func (p *program) say(zh, en string, args ...any) {
	p.show(message.Format(zh, en, args...).In(p.Lang))
}

// show writes a line that is in the person's language already, unless --quiet.
func (p *program) show(line string) {
	if !p.Quiet {
		fmt.Fprintln(p.errOut, line)
	}
}
