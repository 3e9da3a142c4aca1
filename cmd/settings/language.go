package settings

import (
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// LanguageOf finds the language of a call before it is understood, because help
// and errors are in it too: --lang, else that of the config file, else that of
// the locale. What is wrong in the call or the file is told later.
func LanguageOf(args []string, getenv func(string) string) string {
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
		var file map[string]any
		if data, err := readConfig(config); err == nil && decodeMap(data, &file) == nil {
			if lang, _ := file["lang"].(string); known(lang) {
				return lang
			}
		}
	}
	return localeLang(getenv)
}

func known(lang string) bool { return lang == "zh" || lang == "en" }

// localeLang is "zh" unless the locale names another language: the readers of
// filing rules are Chinese, and a machine without a locale says nothing.
func localeLang(getenv func(string) string) string {
	for _, key := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(key)
		if locale == "" {
			continue
		}
		lang, _, _ := strings.Cut(locale, ".")
		if lang == "C" || lang == "POSIX" || strings.HasPrefix(lang, "zh") {
			return "zh"
		}
		return "en"
	}
	return "zh"
}
