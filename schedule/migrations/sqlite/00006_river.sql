-- Runs are jobs of River: what is left to do stands in the job table, and these
-- tables hold what the jobs work on. A run that an older version began cannot be
-- resumed by the rules of this one: it is closed, its results stay.

-- +goose Up
CREATE TABLE run_state (
    run        TEXT   NOT NULL PRIMARY KEY,
    number     BIGINT NOT NULL UNIQUE, -- short, in the keys of the run's rows
    config     TEXT   NOT NULL, -- fingerprint of the rules and settings that its jobs are worked with
    digest     TEXT   NOT NULL, -- of the inventory when the run began
    planned    BIGINT NOT NULL, -- 1 when the inventory was read to its end
    line       BIGINT NOT NULL, -- up to which it was read
    line_count BIGINT NOT NULL, -- lines that name a domain or should
    rejected   BIGINT NOT NULL,
    targets    BIGINT NOT NULL,
    warnings   TEXT   NOT NULL, -- what the reader of the inventory remarked, a line each
    controls   TEXT   NOT NULL, -- sites seen serving, a line each
    step       TEXT   NOT NULL, -- how far the ending of the run has come
    sweeps     BIGINT NOT NULL  -- times that names without a verdict were put in again
);
INSERT INTO run_state (run, number, config, digest, planned, line, line_count, rejected, targets, warnings, controls, step, sweeps)
    SELECT run, id, '', '', planned, line, lines, rejected, targets, warnings, controls, 'cleared', 0 FROM round;
UPDATE run SET state = 'failed', trouble = 'an older version began it', verdicts = (SELECT COUNT(*) FROM result WHERE result.run = run.id)
    WHERE state IN ('planning', 'active');

CREATE TABLE rejected_line (
    run    BIGINT NOT NULL,
    line   BIGINT NOT NULL,
    text   TEXT   NOT NULL,
    reason TEXT   NOT NULL,
    PRIMARY KEY (run, line, text)
);
INSERT INTO rejected_line (run, line, text, reason) SELECT round, line, text, reason FROM rejection;
DROP TABLE rejection;
DROP TABLE round;
DROP TABLE task;
DROP TABLE waiting;
DROP TABLE pending;
DROP TABLE progress;
DROP TABLE target;
DROP TABLE tick;

-- One row a name, made by the plan.
CREATE TABLE target (
    run      BIGINT NOT NULL,
    domain   TEXT   NOT NULL,
    seq      BIGINT NOT NULL, -- from 0, in the order of the inventory
    line     BIGINT NOT NULL,
    data     BYTEA  NOT NULL, -- what else the inventory says
    held     BIGINT NOT NULL, -- times that its verdict was held back because the trouble may be ours
    attempts BYTEA  NOT NULL, -- earlier visits of a name that is to be visited again; empty before
    PRIMARY KEY (run, domain)
);
CREATE UNIQUE INDEX target_seq ON target (run, seq);

-- Names that are resolved and wait for their visit, many in a row.
CREATE TABLE chunk (
    id      BIGINT NOT NULL PRIMARY KEY, -- rises with time
    run     BIGINT NOT NULL,
    address TEXT   NOT NULL, -- the busy address that all of them have; '' for a shard of many
    names   BYTEA  NOT NULL
);
CREATE INDEX chunk_address ON chunk (run, address, id);

-- What each process has done for a run.
CREATE TABLE progress (
    run      BIGINT NOT NULL,
    worker   BIGINT NOT NULL,
    verdicts BIGINT NOT NULL,
    pending  BIGINT NOT NULL, -- names that began to wait for another visit, less those that wait no more
    held     BIGINT NOT NULL,
    found    BIGINT NOT NULL,
    kept     BIGINT NOT NULL,
    controls TEXT   NOT NULL, -- sites that it saw serving, a line each
    PRIMARY KEY (run, worker)
);

-- SQLite: with which rules and settings the process works that holds the queue.
CREATE TABLE holder (config TEXT NOT NULL);

ALTER TABLE calendar RENAME COLUMN last_planned TO planned_until;
ALTER TABLE inquiry RENAME TO check_request;

-- +goose Down
DROP TABLE holder;
