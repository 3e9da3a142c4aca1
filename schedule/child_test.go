package schedule

const childEnv = "BEIANWATCH_CHILD"

func child() {}
