package settings

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
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
		return Usage("配置文件 %s 不存在：请给出 YAML 文件的路径，或不写 --config", "config %s does not exist: give --config the path of a YAML file, or leave it out", path)
	}
	if err != nil {
		return message.Errorf("读取配置文件：%w", "reading config: %w", err)
	}
	if info.Size() > maxConfig {
		return Usage("配置文件 %s 有 %d 字节；超过 %d 字节想必有误", "config %s has %d bytes; a config of more than %d is surely not meant", path, info.Size(), maxConfig)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return message.Errorf("读取配置文件：%w", "reading config: %w", err)
	}
	if !setsAnything(data) {
		return nil
	}
	if err := decode(data, s); err != nil {
		return yamlError(path, data, err)
	}
	if s.FromMainland != nil {
		s.Vantage.Mainland = *s.FromMainland
	}
	return nil
}

// setsAnything reports whether a file has a line that is neither blank nor a comment:
// one without would be read as settings that are all empty.
func setsAnything(data []byte) bool {
	for line := range strings.SplitSeq(string(data), "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line != "---" {
			return true
		}
	}
	return false
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

// readConfig reads no more of a config than one may have.
func readConfig(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxConfig))
}

// Loose says that others can read a config that holds a secret; nil if not.
func Loose(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	data, err := readConfig(path)
	if err != nil || !holdsSecret(data) {
		return nil
	}
	return message.Errorf("%s 含有密码等机密，而本机其他用户可以读取：请执行 chmod 600 %s", "%s holds a secret, and others on this machine can read it: chmod 600 %s", path, path)
}
