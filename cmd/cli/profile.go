package cli

import (
	"os"
	"runtime/pprof"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Profile is for those who work on the program: where the CPU's time goes, as
// pprof reads it. The compiler reads it too: default.pgo of the command is such a
// profile (docs/design.md says how it was made).
type Profile struct {
	path string
	file *os.File // while it is being written
}

// Bind binds its flag, with the text of its help.
func (p *Profile) Bind(fs *pflag.FlagSet, text string) {
	fs.StringVar(&p.path, "cpu-profile", "", text)
	fs.MarkHidden("cpu-profile") //nolint:errcheck // the flag is there
}

// Start begins to write the profile, if one was asked for.
func (p *Profile) Start() error {
	if p.path == "" || p.file != nil {
		return nil
	}
	f, err := os.Create(p.path)
	if err != nil {
		return message.Errorf("建立性能文件：%w；请用 --cpu-profile 指定可写的文件", "making the profile: %w; name a file that can be written with --cpu-profile", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close() //nolint:errcheck // there is an error to tell already
		return message.Errorf("建立性能文件：%w", "making the profile: %w", err)
	}
	p.file = f
	return nil
}

// End ends the profile; nothing if none was begun.
func (p *Profile) End() error {
	if p.file == nil {
		return nil
	}
	pprof.StopCPUProfile()
	err := p.file.Close()
	p.file = nil
	if err != nil {
		return message.Errorf("性能文件 %s 不完整：%w", "the profile %s is not whole: %w", p.path, err)
	}
	return nil
}
