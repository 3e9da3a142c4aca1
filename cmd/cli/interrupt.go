package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// Interruptible returns a context that ends with the first interrupt. The second
// ends the process at once, whatever it is doing: nothing that counts is lost by
// that. out is told so in the language of the call.
func Interruptible(parent context.Context, out io.Writer, lang string) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	quiet := context.AfterFunc(ctx, func() {
		stop() // from here on the system's own way with a signal holds
		if parent.Err() == nil && context.Cause(ctx) != nil {
			io.WriteString(out, message.Format("\n正在停止……再按一次 Ctrl-C 立即结束\n", "\nstopping … press Ctrl-C again to end at once\n").In(lang)) //nolint:errcheck // the process ends
		}
	})
	return ctx, func() {
		quiet() // that the command has ended is no interrupt
		stop()
	}
}
