package main

import (
	"os"
	"runtime/pprof"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// bindProfile binds a flag for those who work on the program: where the CPU's
// time goes, as pprof reads it. The compiler reads it too: default.pgo beside
// this file is such a profile (docs/design.md says how it was made).
func (p *program) bindProfile(fs *pflag.FlagSet) {
	fs.StringVar(&p.profilePath, "cpu-profile", "", p.tr("把 CPU 时间的性能数据写入该文件", "write a profile of the CPU's time to this file"))
	fs.MarkHidden("cpu-profile") //nolint:errcheck // the flag is there
}

// profile begins to write the profile, if one was asked for; p.profiled ends it.
func (p *program) profile() error {
	if p.profilePath == "" {
		return nil
	}
	f, err := os.Create(p.profilePath)
	if err != nil {
		return message.Errorf("建立性能文件：%w；请用 --cpu-profile 指定可写的文件", "making the profile: %w; name a file that can be written with --cpu-profile", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return message.Errorf("建立性能文件：%w", "making the profile: %w", err)
	}
	p.profiled = func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			p.say("性能文件 %s 不完整：%v", "the profile %s is not whole: %v", p.profilePath, err)
		}
	}
	return nil
}
