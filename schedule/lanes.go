package schedule

import "slices"

// shardNames is how many names a shard holds, unless one lane alone has more:
// at 2 ms a name half a second of work, beside which the 0.6 ms that River
// takes for a job do not count.
const shardNames = 200

// cut packs names in the order of lanes and makes shards of them: tasks of their
// own, each a range of chunks. Where addresses are limited, whole lanes are packed
// together, and a lane with more names than a shard is a shard of its own with
// several chunks, because one lane is worked by one job at a time. Every other
// shard is one chunk.
func cut(names []waiter, whole bool) (shards []task, chunks []chunk) {
	for from := 0; from < len(names); {
		to := min(from+shardNames, len(names))
		if whole {
			to = endOfLane(names, from)
			for to < len(names) {
				next := endOfLane(names, to)
				if next-from > shardNames {
					break
				}
				to = next
			}
		}
		shard := task{kind: kindVisit, from: len(chunks), names: to - from}
		for some := range slices.Chunk(names[from:to], shardNames) {
			chunks = append(chunks, newChunk(len(chunks), some))
		}
		shard.to = len(chunks) - 1
		shards = append(shards, shard)
		from = to
	}
	return shards, chunks
}

// endOfLane is where the lane ends that the name at from is of.
func endOfLane(names []waiter, from int) int {
	to := from + 1
	for to < len(names) && names[to].Lane == names[from].Lane {
		to++
	}
	return to
}
