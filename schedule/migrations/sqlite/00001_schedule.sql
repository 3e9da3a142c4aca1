-- The state of runs under way. These tables are the one truth about what is
-- left to do: the job queue can be thrown away at any time and is filled again
-- from here. Rows of a finished run are deleted, its rejections stay.
-- Times are milliseconds since 1970; ids are made by the program.

-- +goose Up
CREATE TABLE round (
    id          BIGINT NOT NULL PRIMARY KEY,
    run         TEXT   NOT NULL UNIQUE,
    size        BIGINT NOT NULL, -- of the inventory when the run began
    modified    BIGINT NOT NULL,
    planned     BIGINT NOT NULL, -- 1 when the inventory was read to its end
    line        BIGINT NOT NULL, -- up to which it was read
    lines       BIGINT NOT NULL, -- that name a domain or should
    rejected    BIGINT NOT NULL,
    targets     BIGINT NOT NULL,
    next_window BIGINT NOT NULL, -- the first window that is not resolved whole
    next_part   BIGINT NOT NULL, -- the first number that no part has yet
    warnings    TEXT   NOT NULL, -- what the reader of the inventory remarked, a line each
    controls    TEXT   NOT NULL  -- names seen serving, a line each
);

CREATE TABLE rejection (
    round  BIGINT NOT NULL,
    line   BIGINT NOT NULL,
    text   TEXT   NOT NULL,
    reason TEXT   NOT NULL,
    PRIMARY KEY (round, line)
);

-- One row a name, made by the plan and not changed.
CREATE TABLE target (
    round  BIGINT NOT NULL,
    domain TEXT   NOT NULL,
    seq    BIGINT NOT NULL, -- from 0, in the order of the inventory
    line   BIGINT NOT NULL,
    data   BYTEA  NOT NULL, -- what else the inventory says
    PRIMARY KEY (round, domain)
);
CREATE UNIQUE INDEX target_seq ON target (round, seq);

-- Names that are resolved and wait for their visit, in the order of lanes.
CREATE TABLE waiting (
    round   BIGINT NOT NULL,
    part    BIGINT NOT NULL, -- names that were sorted into lanes together
    lane    TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    lookups BYTEA  NOT NULL,
    PRIMARY KEY (round, part, lane, seq)
);

-- Ranges of lanes that one job works through.
CREATE TABLE shard (
    round     BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    part      BIGINT NOT NULL,
    from_lane TEXT   NOT NULL,
    to_lane   TEXT   NOT NULL,
    from_seq  BIGINT NOT NULL, -- within from_lane, where a lane is cut
    to_seq    BIGINT NOT NULL, -- within to_lane
    names     BIGINT NOT NULL,
    PRIMARY KEY (round, id)
);

-- Names that are looked at again later.
CREATE TABLE pending (
    round    BIGINT NOT NULL,
    domain   TEXT   NOT NULL,
    due      BIGINT NOT NULL,
    held     BIGINT NOT NULL, -- times that a verdict was held because the trouble may be ours
    batch    BIGINT NOT NULL, -- the job that has it, 0 for none
    attempts BYTEA  NOT NULL,
    PRIMARY KEY (round, domain)
);
CREATE INDEX pending_due ON pending (round, batch, due);

CREATE TABLE calendar (
    name         TEXT   NOT NULL PRIMARY KEY,
    cron         TEXT   NOT NULL,
    last_planned BIGINT NOT NULL -- up to which every tick was dealt with
);

CREATE TABLE tick (
    entry  TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    run    TEXT   NOT NULL, -- '' if the tick was skipped
    state  TEXT   NOT NULL, -- due, started, skipped
    reason TEXT   NOT NULL, -- why it was skipped
    PRIMARY KEY (entry, at)
);

-- +goose Down
DROP TABLE tick;
DROP TABLE calendar;
DROP TABLE pending;
DROP TABLE shard;
DROP TABLE waiting;
DROP TABLE target;
DROP TABLE rejection;
DROP TABLE round;
