-- Work is handed out as tasks of one form, so that many processes can share a
-- run: a task knows who has it, and a number (turn) that tells an old holder
-- from the present one.

-- +goose Up
CREATE TABLE task (
    round     BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    kind      TEXT   NOT NULL, -- resolve, visit, confirm
    part      BIGINT NOT NULL, -- visit: the part that it is a range of; resolve: the part being gathered, 0 for none
    from_lane TEXT   NOT NULL, -- visit: from this lane …
    to_lane   TEXT   NOT NULL, -- … to this one
    from_seq  BIGINT NOT NULL, -- visit: within from_lane, where a lane is cut; resolve: the first name
    to_seq    BIGINT NOT NULL, -- visit: within to_lane; resolve: the last name
    names     BIGINT NOT NULL, -- that are left
    turn      BIGINT NOT NULL, -- times that it was handed out
    given     BIGINT NOT NULL, -- when it was handed out, 0 while it waits
    holder    BIGINT NOT NULL, -- the process that has it, 0 while none has begun
    ready     BIGINT NOT NULL, -- not to be handed out before
    again     BIGINT NOT NULL, -- 1: some of its names may be dealt with already
    PRIMARY KEY (round, id)
);

INSERT INTO task (round, id, kind, part, from_lane, to_lane, from_seq, to_seq, names, turn, given, holder, ready, again)
    SELECT round, id, 'visit', part, from_lane, to_lane, from_seq, to_seq, names, 0, 0, 0, 0, 1 FROM shard;

DROP TABLE shard;

ALTER TABLE round ADD COLUMN next_seq BIGINT NOT NULL DEFAULT 0;  -- the first name that no resolve task has yet
ALTER TABLE round ADD COLUMN next_task BIGINT NOT NULL DEFAULT 1; -- the first id that no task has yet
ALTER TABLE round ADD COLUMN conductor BIGINT NOT NULL DEFAULT 0; -- the process that hands out its work
UPDATE round SET next_seq = next_window * 50000, next_part = next_part + 1,
    next_task = 1 + (SELECT COALESCE(MAX(t.id), 0) FROM task t WHERE t.round = round.id);
ALTER TABLE round DROP COLUMN next_window;
UPDATE pending SET batch = 0;

-- What the processes that work on a run have done, for the conductor to add up.
CREATE TABLE progress (
    round    BIGINT NOT NULL,
    worker   BIGINT NOT NULL,
    verdicts BIGINT NOT NULL,
    pending  BIGINT NOT NULL, -- names added to those that wait, less those taken out
    held     BIGINT NOT NULL,
    found    BIGINT NOT NULL,
    controls TEXT   NOT NULL, -- names seen serving, a line each
    PRIMARY KEY (round, worker)
);

-- +goose Down
DROP TABLE progress;
DROP TABLE task;
