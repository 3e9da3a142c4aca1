//go:build !linux

package browser

import "errors"

// A netns is a network namespace, which Linux alone has: it is always nil.
type netns struct{}

func newNetns() (*netns, error) { return nil, errors.ErrUnsupported }

func (n *netns) do(f func()) { f() }

func (n *netns) end() {}
