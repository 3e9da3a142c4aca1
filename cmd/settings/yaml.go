package settings

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/token"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// decode reads YAML strictly. The library has been seen to panic on files that
// are no YAML; that too is the file's fault.
func decode(data []byte, s *Settings) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = message.Errorf("不是可识别的 YAML", "this is not YAML that can be read (%v)", p)
		}
	}()
	return yaml.UnmarshalWithOptions(data, s, yaml.Strict(), yaml.CustomUnmarshaler(readDuration))
}

// readDuration reads a duration, which needs a unit.
func readDuration(to *time.Duration, data []byte) error {
	text := strings.Trim(strings.TrimSpace(string(data)), `"'`)
	d, err := time.ParseDuration(text)
	if err != nil {
		return badDuration(text)
	}
	*to = d
	return nil
}

// badDuration says how a duration is written; one that only lacks its unit is
// given back with one.
func badDuration(text string) error {
	if d, err := time.ParseDuration(text + "s"); err == nil && d >= 0 {
		return message.Errorf("%q 缺少单位：请写 %ss（秒），或用 ms、m、h", "%q has no unit: write %ss for seconds, or use ms, m or h", text, text)
	}
	return message.Errorf("%q 不是时长：请写如 5s、2m、1h30m", "%q is no duration: write it like 5s, 2m or 1h30m", text)
}

// mask hides what is secret in the excerpt of a wrong line and its neighbours:
// passwords in addresses, in whichever form, and the values of headers and
// tokens.
func mask(text string) string {
	for _, m := range masks {
		text = m.ReplaceAllString(text, "${1}…")
	}
	return text
}

var masks = []*regexp.Regexp{
	regexp.MustCompile(`(postgres(?:ql)?://[^\s:@/]*):\S*(?:@)`),
	regexp.MustCompile(`(?i)(password\s*=\s*)(?:'[^']*'|\S+)`),
	regexp.MustCompile(`(?i)((?:authorization|cookie|token|secret|api[-_]?key|password|headers?|url)\w*["']?\s*:[ \t]*)\S[^\n]*`),
}

// holdsSecret reports whether a config holds what others should not read: a password
// or a key of one of the kinds that [mask] hides.
func holdsSecret(data []byte) bool {
	for line := range strings.SplitSeq(string(data), "\n") {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") && mask(line) != line {
			return true
		}
	}
	return false
}

// yamlError says in words what is wrong with a config, with the lines around it.
func yamlError(path string, data []byte, err error) error {
	at := yamlPlace(err)
	what := yamlCause(err, at)
	if at == nil {
		what = durationCause(data, what)
	}
	excerpt := ""
	if at != nil {
		// The library's own first line is its message, which stands above already.
		_, excerpt, _ = strings.Cut(yaml.FormatErrorWithToken("", at, false, true), "\n")
		excerpt = "\n" + mask(strings.TrimRight(excerpt, "\n"))
		what = message.Errorf("第 %d 行：%w", "line %d: %w", at.Position.Line, what)
	}
	return Usage("配置文件 %s，%v%s", "config %s, %v%s", path, what, excerpt)
}

// durationCause names the key whose duration cannot be read: the library does not
// say where a value of a kind of ours stood.
func durationCause(data []byte, what error) error {
	var file map[string]any
	if decodeMap(data, &file) != nil {
		return what
	}
	settings := reflect.TypeFor[Settings]()
	for i := range settings.NumField() {
		key, _, _ := strings.Cut(settings.Field(i).Tag.Get("yaml"), ",")
		given, there := file[key]
		if !there || settings.Field(i).Type != reflect.TypeFor[time.Duration]() {
			continue
		}
		text := fmt.Sprint(given)
		if _, err := time.ParseDuration(text); err != nil {
			return message.Errorf("%s：%w", "%s: %w", key, badDuration(text))
		}
	}
	return what
}

// decodeMap reads YAML as it is; see [decode].
func decodeMap(data []byte, to *map[string]any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading YAML: %v", p)
		}
	}()
	return yaml.Unmarshal(data, to)
}

// yamlPlace is where the library met an error, nil if it does not say.
func yamlPlace(err error) *token.Token {
	var placed yaml.Error
	if errors.As(err, &placed) {
		return placed.GetToken()
	}
	return nil
}

// yamlCause puts the library's error at a place into words.
func yamlCause(err error, at *token.Token) error {
	var unknown *yaml.UnknownFieldError
	var twice *yaml.DuplicateKeyError
	var kind *yaml.TypeError
	var node *yaml.UnexpectedNodeTypeError
	var over *yaml.OverflowError
	var syntax *yaml.SyntaxError
	var own interface{ In(string) string }
	switch {
	case errors.As(err, &own):
		return err
	case errors.As(err, &unknown):
		return unknownKey(at)
	case errors.As(err, &twice):
		return message.Errorf("同一个键写了两次：%s", "the key %s stands there twice", value(at))
	case errors.As(err, &kind):
		zh, en := wanted(kind.DstType)
		return message.Errorf("%[1]q 的类型不对：应为%[2]s", "%[1]q will not do: %[3]s is wanted", value(at), zh, en)
	case errors.As(err, &over):
		return message.Errorf("数字 %s 超出范围", "the number %s is out of range", over.SrcNum)
	case errors.As(err, &node):
		return message.Errorf("这里的结构不对（列表写成 [a, b]，键值写成 key: value）", "the form is wrong here (a list is [a, b], a key has its value as in key: value)")
	case errors.As(err, &syntax):
		return message.Errorf("YAML 写法有误（缩进、引号、冒号或重复的键）", "the YAML cannot be read (%s)", syntax.Message)
	}
	return err
}

func value(t *token.Token) string {
	if t == nil {
		return ""
	}
	return t.Value
}

// unknownKey names the key that was probably meant.
func unknownKey(at *token.Token) error {
	key := value(at)
	if near := Nearest(key, Keys()); near != "" {
		return message.Errorf("没有名为 %q 的设置：是否指 %s？", "there is no setting %q: did you mean %s?", key, near)
	}
	return message.Errorf("没有名为 %q 的设置；“beianwatch config init”列出全部设置", "there is no setting %q; 'beianwatch config init' lists them all", key)
}

// wanted names a type as a person says it.
func wanted(t reflect.Type) (zh, en string) {
	if t == nil {
		return "其他类型", "something else"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true 或 false", "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "整数", "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "非负整数", "a whole number of 0 or more"
	case reflect.Float32, reflect.Float64:
		return "数字", "a number"
	case reflect.Slice, reflect.Array:
		return "列表，如 [a, b]", "a list such as [a, b]"
	case reflect.Map, reflect.Struct:
		return "一组键值", "keys with values"
	}
	return "文字", "a text"
}

// Keys are the keys of the config file, in the order of the settings.
func Keys() []string { return keysOf(reflect.TypeFor[Settings]()) }

func keysOf(of reflect.Type) (out []string) {
	for i := range of.NumField() {
		if name, _, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ","); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

// Nearest is the word of a list that was probably meant: one that begins as the
// typed one does, or differs from it by a third of its letters at most; "" if
// none does.
func Nearest(typed string, words []string) string {
	best, least := "", max(1, len(typed)/3)+1
	for _, w := range words {
		d := distance(strings.ToLower(typed), strings.ToLower(w))
		if d == 2 && len(typed) > 2 && typed[0] == w[0] {
			d = 1 // chk is check
		}
		if len(typed) > 2 && strings.HasPrefix(w, typed) {
			d = 1
		}
		if d < least {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters to put in, leave out, change or swap with
// their neighbour that makes b of a (the optimal string alignment distance).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return len(x) + len(y)
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

// DurationMistake is the error of a flag's value that is no duration.
func DurationMistake(flag, text string) error {
	return Usage("--%s：%w", "--%s: %w", flag, badDuration(text))
}

// typeWord names the type of a flag's value for a message.
func typeWord(kind string) (zh, en string) {
	switch kind {
	case "int", "int64":
		return "整数", "a whole number"
	case "uint", "uintSlice", "uints":
		return "非负整数", "a whole number of 0 or more"
	case "float64":
		return "数字", "a number"
	case "bool":
		return "true 或 false", "true or false"
	}
	return "其他写法", "something else"
}

// ValueMistake is the error of a flag whose value is not of its kind, as pflag
// names kinds; cause may say more.
func ValueMistake(flag, text, kind string, cause error) error {
	var own interface{ In(string) string }
	if errors.As(cause, &own) {
		return Usage("--%s %q：%v", "--%s %q: %v", flag, text, cause)
	}
	if kind == "duration" {
		return DurationMistake(flag, text)
	}
	zh, en := typeWord(kind)
	return Usage("--%[1]s %[2]q：应为%[3]s", "--%[1]s %[2]q: %[4]s is wanted", flag, text, zh, en)
}
