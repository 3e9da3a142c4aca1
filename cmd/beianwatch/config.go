package main

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

// readConfig reads the YAML file at path over s. An unknown key is an error
// that names its line.
func (s *settings) readConfig(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return usage("config %s does not exist: give --config the path of a YAML file, or leave it out", path)
	}
	if err != nil {
		return fmt.Errorf("reading config: %w", err)
	}
	if info.Size() > maxConfig {
		return usage("config %s has %d bytes; a config of more than %d is surely not meant", path, info.Size(), maxConfig)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading config: %w", err)
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil
	}
	if err := decode(data, s); err != nil {
		return usage("config %s:\n%s", path, password.ReplaceAllString(yaml.FormatError(err, false, true), "$1:…@"))
	}
	return nil
}

// password finds the password in an address: the excerpt of a wrong line shows
// its neighbours too.
var password = regexp.MustCompile(`(postgres(?:ql)?://[^\s:@/]*):\S*@`)

// decode reads YAML strictly. The library has been seen to panic on files that
// are no YAML; that too is the file's fault.
func decode(data []byte, s *settings) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this is not YAML that can be read (%v)", p)
		}
	}()
	return yaml.UnmarshalWithOptions(data, s, yaml.Strict())
}

// overlay sets on s what was said on the command line: the flags of changed
// that were given there. A flag weighs more than the config file.
func (s *settings) overlay(changed *pflag.FlagSet) error {
	mine := pflag.NewFlagSet("", pflag.ContinueOnError)
	s.bindShared(mine)
	s.bindLook(mine)
	s.bindRead(mine)
	s.bindKeep(mine)
	s.bindDocuments(mine)
	s.bindFormat(mine, s.Format) // the command's usual one
	var failed error
	changed.Visit(func(f *pflag.Flag) {
		to := mine.Lookup(f.Name)
		if to == nil {
			return // a flag of the command alone, such as --config
		}
		var err error
		if from, ok := f.Value.(pflag.SliceValue); ok {
			err = to.Value.(pflag.SliceValue).Replace(from.GetSlice())
		} else {
			err = to.Value.Set(f.Value.String())
		}
		if err != nil && failed == nil {
			failed = usage("--%s: %v", f.Name, err)
		}
	})
	return failed
}
