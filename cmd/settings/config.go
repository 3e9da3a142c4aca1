package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

// maxConfig bounds the config file; a real one has a few kilobytes.
const maxConfig = 1 << 20

// ReadConfig reads the YAML file at path into the settings to which flags are
// bound. Flags that were set on the command line override the file. An unknown
// key is an error that names its line.
func (s *Settings) ReadConfig(path string, flags *pflag.FlagSet) error {
	restore := given(flags)
	if err := s.readFile(path); err != nil {
		return err
	}
	return restore()
}

// readFile reads the YAML file at path over s.
func (s *Settings) readFile(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Usage("config %s does not exist: give --config the path of a YAML file, or leave it out", path)
	}
	if err != nil {
		return fmt.Errorf("reading config: %w", err)
	}
	if info.Size() > maxConfig {
		return Usage("config %s has %d bytes; a config of more than %d is surely not meant", path, info.Size(), maxConfig)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading config: %w", err)
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil
	}
	if err := decode(data, s); err != nil {
		return Usage("config %s:\n%s", path, hushed(yaml.FormatError(err, false, true)))
	}
	return nil
}

// hushed hides what is secret in the excerpt of a wrong line, which shows its
// neighbours too: a password in an address, and the values of secret keys.
func hushed(excerpt string) string {
	return secretKey.ReplaceAllString(password.ReplaceAllString(excerpt, "$1:…@"), "$1…")
}

var (
	password  = regexp.MustCompile(`(postgres(?:ql)?://[^\s:@/]*):\S*@`)
	secretKey = regexp.MustCompile(`((?:secret|password|url|token)\w*["']?:[ \t]*)\S[^\n]*`)
)

// decode reads YAML strictly. The library has been seen to panic on files that
// are no YAML; that too is the file's fault.
func decode(data []byte, s *Settings) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this is not YAML that can be read (%v)", p)
		}
	}()
	return yaml.UnmarshalWithOptions(data, s, yaml.Strict())
}

// given returns a function that gives the flags which were set on the command
// line the values that they have now.
func given(flags *pflag.FlagSet) (restore func() error) {
	var again []func() error
	flags.Visit(func(f *pflag.Flag) {
		if list, ok := f.Value.(pflag.SliceValue); ok {
			was := list.GetSlice()
			again = append(again, func() error { return list.Replace(was) })
			return
		}
		was := f.Value.String()
		again = append(again, func() error { return f.Value.Set(was) })
	})
	return func() error {
		for _, set := range again {
			if err := set(); err != nil {
				return err
			}
		}
		return nil
	}
}
