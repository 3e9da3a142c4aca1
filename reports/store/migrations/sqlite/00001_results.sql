-- Times are milliseconds since 1970; ids are made by the program. The tables are
-- those of PostgreSQL, but for partitions.

-- +goose Up
CREATE TABLE run (
    id          TEXT   NOT NULL PRIMARY KEY, -- sortable by start
    inventory   TEXT   NOT NULL,
    entry       TEXT   NOT NULL, -- calendar entry, '' if a person started it
    tick        BIGINT NOT NULL, -- the planned time of that entry, 0 without one
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL, -- 0 while it runs
    state       TEXT   NOT NULL,
    trouble     TEXT   NOT NULL,
    ruleset     TEXT   NOT NULL,
    vantage     TEXT   NOT NULL,
    lines       BIGINT NOT NULL,
    rejected    BIGINT NOT NULL,
    verdicts    BIGINT NOT NULL,
    options     TEXT   NOT NULL,
    thinned     BIGINT NOT NULL  -- 1 when only changes are left of its results
);
CREATE UNIQUE INDEX run_tick ON run (entry, tick) WHERE entry <> '';
CREATE INDEX run_inventory ON run (inventory, id);

CREATE TABLE ruleset (
    id      BIGINT NOT NULL PRIMARY KEY, -- digest of version and rules
    version TEXT   NOT NULL,
    rules   TEXT   NOT NULL -- rule ids in order, a line each
);

CREATE TABLE result (
    run             TEXT   NOT NULL,
    domain          TEXT   NOT NULL,
    line            BIGINT NOT NULL, -- in the inventory
    at              BIGINT NOT NULL,
    owner           TEXT   NOT NULL,
    ruleset         BIGINT NOT NULL,
    outcomes        TEXT   NOT NULL, -- one character a rule, in the order of the rule set
    reasons         TEXT   NOT NULL, -- one character a rule, '.' for none, then the words they stand for, a line each
    liveness        TEXT   NOT NULL,
    cause           TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    final_url       TEXT   NOT NULL,
    number          TEXT   NOT NULL, -- the first filing number shown
    body_digest     TEXT   NOT NULL,
    inputs          TEXT   NOT NULL, -- digest of everything that was judged
    evidence_file   TEXT   NOT NULL, -- '' if no evidence was kept
    evidence_offset BIGINT NOT NULL,
    record          BYTEA  NOT NULL, -- the rest of the record
    PRIMARY KEY (run, domain)
);

CREATE TABLE finding (
    run      TEXT   NOT NULL,
    domain   TEXT   NOT NULL,
    seq      BIGINT NOT NULL, -- order within the domain
    rule     TEXT   NOT NULL,
    severity TEXT   NOT NULL,
    texts    TEXT   NOT NULL, -- where, saw, fix in both languages, snippet, quotes: JSON
    PRIMARY KEY (run, domain, seq)
);

-- +goose Down
DROP TABLE finding;
DROP TABLE result;
DROP TABLE ruleset;
DROP TABLE run;
