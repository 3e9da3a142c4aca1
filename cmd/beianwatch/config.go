package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// configName is the config file's usual name.
const configName = "beianwatch.yaml"

func (p *program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: p.tr("生成、检查配置文件", "Write or check a config file"),
		Args:  p.none(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	force := false
	write := &cobra.Command{
		Use:   p.tr("init [文件]", "init [FILE]"),
		Short: p.tr("生成一份含全部设置及说明的配置文件", "Write a config file with every setting, explained"),
		Long: p.tr("生成一份含全部设置及说明的配置文件（默认 beianwatch.yaml；- 表示标准输出）。已有的文件不会被覆盖，除非写 --force。",
			"Write a config file with every setting, explained (default: beianwatch.yaml; - is standard output). A file that exists is not overwritten without --force."),
		Args: p.arguments(0, 1, "", ""),
		RunE: func(_ *cobra.Command, args []string) error { return p.writeConfig(append(args, configName)[0], force) },
	}
	write.Flags().BoolVar(&force, "force", false, p.tr("覆盖已有的文件", "overwrite a file that exists"))
	check := &cobra.Command{
		Use:   p.tr("check [文件]", "check [FILE]"),
		Short: p.tr("检查配置、清单、文件夹、端口、日程和数据库", "Check the config, its inventories, folders, port, calendar and database"),
		Long: p.tr("检查配置文件（默认为 --config 或 beianwatch.yaml）：写法、清单能否读懂、文件夹能否写入、端口是否空闲、日程和数据库。serve 和 scan 开始前也做同样的检查。",
			"Check a config file (default: that of --config, or beianwatch.yaml): its form, whether its inventories are understood, its folders can be written, its port is free, its calendar and its database. serve and scan check the same before they begin."),
		Args: p.arguments(0, 1, "", ""),
		RunE: func(cmd *cobra.Command, args []string) error { return p.checkConfig(cmd, args) },
	}
	schema := &cobra.Command{
		Use:   "schema",
		Short: p.tr("输出配置文件的 JSON Schema，供编辑器补全和检查", "Print the JSON Schema of the config file, for editors"),
		Args:  p.none(),
		RunE: func(*cobra.Command, []string) error {
			data, err := settings.Schema(p.Lang)
			if err == nil {
				_, err = fmt.Fprintf(p.out, "%s\n", data)
			}
			return err
		},
	}
	cmd.AddCommand(write, check, schema)
	return cmd
}

// writeConfig writes a config to begin with, for its owner alone: it may come to
// hold secrets.
func (p *program) writeConfig(path string, force bool) error {
	text := settings.Template(p.Lang)
	if path == "-" {
		_, err := io.WriteString(p.out, text)
		return err
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, how, 0o600)
	if os.IsExist(err) {
		return usage("%s 已经存在：请换一个文件名，或写 --force 覆盖", "%s exists already: give another name, or --force to overwrite it", path)
	}
	if err != nil {
		return message.Errorf("写入 %w", "writing the config: %w", err)
	}
	_, err = io.WriteString(f, text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		p.say("已写入 %s；改好后用“beianwatch config check %s”检查", "%s is written; check it with 'beianwatch config check %s' when it is as you want it", path, path)
	}
	return err
}

// checkConfig tells everything that is wrong with a config at once; each in a line.
func (p *program) checkConfig(cmd *cobra.Command, args []string) error {
	path := p.configPath
	if len(args) == 1 {
		path = args[0]
	}
	if path == "" {
		path = configName
	}
	if path != p.configPath {
		p.configPath = path
		if err := p.settle(cmd, nil); err != nil {
			return err
		}
	}
	found := p.preflight(cmd.Context(), forConfig)
	if err := settings.Loose(path); err != nil {
		found = append(found, finding{err, true})
	}
	failed := 0
	for _, f := range found {
		sign := "x"
		if f.remark {
			sign = "!"
		} else {
			failed++
		}
		fmt.Fprintf(p.out, "%s %s\n", sign, message.Explain(f.err, p.Lang))
	}
	if failed > 0 {
		return usage("%s：有 %d 处需要修改", "%s: %d things must be changed", path, failed)
	}
	fmt.Fprintf(p.out, "+ %s\n", message.Format("%s：没有发现问题", "%s: nothing is wrong", path).In(p.Lang))
	return nil
}
