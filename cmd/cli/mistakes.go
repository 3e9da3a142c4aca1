package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/cmd/settings"
)

// FlagMistake says in words what pflag found wrong with a flag.
func FlagMistake(cmd *cobra.Command, err error) error {
	var absent *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var value *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &absent):
		return unknownFlag(cmd, absent)
	case errors.As(err, &bare):
		return settings.Usage("%s 后面缺少值", "%s needs a value", dashed(bare.GetSpecifiedName()))
	case errors.As(err, &value):
		f := value.GetFlag()
		return settings.ValueMistake(f.Name, value.GetValue(), f.Value.Type(), errors.Unwrap(value))
	case errors.As(err, &syntax):
		return settings.Usage("%q 不是参数的写法：请写 --名称 或 --名称=值", "%q is no flag: write --name or --name=value", syntax.GetSpecifiedFlag())
	}
	return settings.Mistake(err)
}

// unknownFlag names the flag of the command that was probably meant, or the
// commands that have it.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	if err.GetSpecifiedShortnames() != "" {
		return settings.Usage("没有参数 -%s", "there is no flag -%s", name)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if near := settings.Nearest(name, names); near != "" {
		return settings.Usage("%s 没有参数 --%s：是否指 --%s？", "%s has no flag --%s: did you mean --%s?", cmd.CommandPath(), name, near)
	}
	if others := commandsWith(cmd.Root(), name); len(others) > 0 {
		return settings.Usage("%s 没有参数 --%s；它属于：%s", "%s has no flag --%s; it belongs to %s", cmd.CommandPath(), name, strings.Join(others, ", "))
	}
	return settings.Usage("%s 没有参数 --%s", "%s has no flag --%s", cmd.CommandPath(), name)
}

// commandsWith are the commands that have a flag.
func commandsWith(root *cobra.Command, flag string) (paths []string) {
	for _, c := range root.Commands() {
		if c.LocalFlags().Lookup(flag) != nil {
			paths = append(paths, c.CommandPath())
		}
		paths = append(paths, commandsWith(c, flag)...)
	}
	return paths
}

// dashed is a flag as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// unknownCommand names the commands that were probably meant.
func unknownCommand(cmd *cobra.Command, typed string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if near := settings.Nearest(typed, names); near != "" {
		return settings.Usage("没有命令 %q：是否指 %s？", "there is no command %q: did you mean %s?", typed, cmd.CommandPath()+" "+near)
	}
	if strings.Contains(typed, ".") && cmd.Parent() == nil {
		return settings.Usage("没有命令 %q：要检查网站，请写 beianwatch check %s", "there is no command %q: to check a site write beianwatch check %s", typed, typed)
	}
	return settings.Usage("没有命令 %q：可用的命令有 %s", "there is no command %q: there are %s", typed, strings.Join(names, ", "))
}

// Arguments wants from least to most arguments; the texts name them for the
// message.
func (s Speaker) Arguments(least, most int, zh, en string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > most && cmd.HasSubCommands():
			return unknownCommand(cmd, args[0])
		case len(args) > most && most == 0:
			return settings.Usage("%s 不带参数，却给了 %q", "%s takes no argument, but %q was given", cmd.CommandPath(), args[0])
		case len(args) > most:
			return settings.Usage("%s 最多接受 %d 个参数，却给了 %d 个", "%s takes %d argument(s) at most, but %d were given", cmd.CommandPath(), most, len(args))
		case len(args) < least:
			return settings.Usage("%s 需要%s", "%s needs %s", cmd.CommandPath(), s.tr(zh, en))
		}
		return nil
	}
}
