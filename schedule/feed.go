package schedule

import (
	"time"

	"github.com/riverqueue/river"
)

// maxLoaded bounds the names that jobs hold in memory, at some 2 kB each.
const maxLoaded = 20_000

// A feed knows which shards wait to be worked, and which are.
type feed struct {
	ready  []shard       // in order
	later  []laterShard  // put back: their time was over, or their lane is busy
	active map[int64]int // shard → names that its job may load
	shards map[int64]shard
	loaded int
	lastID int64
}

// A laterShard is one that need not be tried before at.
type laterShard struct {
	shard shard
	at    time.Time
}

func (f *feed) empty() bool { return len(f.ready)+len(f.later)+len(f.active) == 0 }

// add takes new shards in.
func (f *feed) add(shards []shard) {
	f.ready = append(f.ready, shards...)
	for i := range shards {
		f.lastID = max(f.lastID, shards[i].id)
	}
}

// next takes out a shard that can be worked now.
func (f *feed) next(now time.Time) (shard, bool) {
	for i := range f.later {
		if !f.later[i].at.After(now) {
			s := f.later[i].shard
			f.later = append(f.later[:i], f.later[i+1:]...)
			return s, true
		}
	}
	if len(f.ready) == 0 {
		return shard{}, false
	}
	s := f.ready[0]
	f.ready = f.ready[1:]
	if len(f.ready) == 0 {
		f.ready = nil // let go of the array
	}
	return s, true
}

// turnNames is how many names of a shard one job loads.
func turnNames(s *shard) int { return min(s.names, 2*shardNames) }

// feedShards gives River as many shards as keep the looks busy and no more: a
// job's time runs from the moment that River starts it, and what it has loaded
// is in memory.
func (rd *Round) feedShards() error {
	enough := int64(2)
	if rd.r.cfg.Gate.Limited() {
		// Each lane waits by itself; most of them wait for their address.
		enough = int64(rd.r.opt.Concurrency/4 + 2)
	}
	if rd.r.looks.waiting.Load() >= enough {
		return nil
	}
	var jobs []river.JobArgs
	now := time.Now()
	rd.mu.Lock()
	for names := 0; names < max(rd.r.opt.Concurrency, shardNames) && rd.feed.loaded < maxLoaded; {
		s, ok := rd.feed.next(now)
		if !ok {
			break
		}
		n := turnNames(&s)
		names += n
		rd.feed.loaded += n
		rd.feed.active[s.id] = n
		rd.feed.shards[s.id] = s
		jobs = append(jobs, shardJob{rd.id, s.id})
	}
	rd.mu.Unlock()
	if len(jobs) == 0 {
		return nil
	}
	return rd.r.queue.insert(rd.ctx, queueVisit, jobs...)
}

// fed gives the shard that a job is for; false if another job has worked it.
func (rd *Round) fed(id int64) (shard, bool) {
	rd.mu.Lock()
	defer rd.mu.Unlock()
	s, ok := rd.feed.shards[id]
	return s, ok
}

// unfeed takes a shard out of those being worked. What is left of it waits
// for its next turn.
func (rd *Round) unfeed(s shard, left int, wait time.Duration) {
	rd.mu.Lock()
	rd.feed.loaded -= rd.feed.active[s.id]
	delete(rd.feed.active, s.id)
	delete(rd.feed.shards, s.id)
	if left > 0 {
		s.names = left
		rd.feed.later = append(rd.feed.later, laterShard{s, time.Now().Add(wait)})
	}
	rd.mu.Unlock()
	rd.nudge()
}
