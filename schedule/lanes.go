package schedule

// shardNames is how many names a shard holds, unless one lane alone has more:
// at 2 ms a name half a second of work, beside which the 0.6 ms that River
// takes for a job do not count.
const shardNames = 200

// cut makes shards of names in the order of lanes: tasks of their own, each a
// range from the first (lane, seq) to the last. Where addresses are limited,
// whole lanes are packed together, and a lane with more names than a shard is a
// shard of its own, because one lane is worked by one job at a time.
func cut(names []resolved, whole bool) []task {
	var shards []task
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
		first, last := &names[from], &names[to-1]
		shards = append(shards, task{kind: kindVisit, fromLane: first.lane, fromSeq: first.seq, toLane: last.lane, toSeq: last.seq, names: to - from})
		from = to
	}
	return shards
}

// endOfLane is where the lane ends that the name at from is of.
func endOfLane(names []resolved, from int) int {
	to := from + 1
	for to < len(names) && names[to].lane == names[from].lane {
		to++
	}
	return to
}
