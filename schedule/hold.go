package schedule

import "context"

// holding is the addresses that a visit job holds against other processes.
type holding struct {
	got     map[string]bool
	release func(key string)
	over    chan struct{}
}

// hold takes the addresses of groups that no other process holds. lost is called
// if they are lost before end: then other processes may be at these addresses,
// and what is under way must not count. Names without an address need none.
func (r *Runner) hold(ctx context.Context, groups []group, lost func()) (*holding, error) {
	session, err := r.locks.Session(ctx)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, g := range groups {
		if g.key != "" {
			keys = append(keys, g.key)
		}
	}
	h := &holding{over: make(chan struct{})}
	h.got, h.release = r.locks.Take(ctx, keys)
	go func() {
		select {
		case <-session.Done():
			lost()
		case <-h.over:
		}
	}()
	return h, nil
}

func (h *holding) has(key string) bool { return key == "" || h.got[key] }

// give gives an address back that the job is done with.
func (h *holding) give(key string) {
	if key != "" {
		h.release(key)
	}
}

// end says that nothing is under way any more.
func (h *holding) end() { close(h.over) }
