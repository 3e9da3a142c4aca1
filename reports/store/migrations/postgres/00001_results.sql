-- Times are milliseconds since 1970; ids are made by the program. Text sorts byte by
-- byte, as it does on SQLite.

-- +goose Up
CREATE TABLE run (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- sortable by start
    inventory   TEXT COLLATE "C" NOT NULL,
    entry       TEXT COLLATE "C" NOT NULL, -- calendar entry, '' if a person started it
    tick        BIGINT NOT NULL, -- the planned time of that entry, 0 without one
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL, -- 0 while it runs
    state       TEXT COLLATE "C" NOT NULL,
    trouble     TEXT COLLATE "C" NOT NULL,
    ruleset     TEXT COLLATE "C" NOT NULL,
    vantage     TEXT COLLATE "C" NOT NULL,
    lines       BIGINT NOT NULL,
    rejected    BIGINT NOT NULL,
    verdicts    BIGINT NOT NULL,
    options     TEXT COLLATE "C" NOT NULL,
    thinned     BIGINT NOT NULL  -- 1 when only changes are left of its results
);
CREATE UNIQUE INDEX run_tick ON run (entry, tick) WHERE entry <> '';
CREATE INDEX run_inventory ON run (inventory, id);

CREATE TABLE ruleset (
    id      BIGINT NOT NULL PRIMARY KEY, -- digest of version and rules
    version TEXT COLLATE "C" NOT NULL,
    rules   TEXT COLLATE "C" NOT NULL -- rule ids in order, a line each
);

CREATE TABLE result (
    run             TEXT COLLATE "C" NOT NULL,
    domain          TEXT COLLATE "C" NOT NULL,
    line            BIGINT NOT NULL, -- in the inventory
    at              BIGINT NOT NULL,
    owner           TEXT COLLATE "C" NOT NULL,
    ruleset         BIGINT NOT NULL,
    outcomes        TEXT COLLATE "C" NOT NULL, -- one character a rule, in the order of the rule set
    reasons         TEXT COLLATE "C" NOT NULL, -- one character a rule, '.' for none, then the words they stand for, a line each
    liveness        TEXT COLLATE "C" NOT NULL,
    cause           TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    final_url       TEXT COLLATE "C" NOT NULL,
    number          TEXT COLLATE "C" NOT NULL, -- the first filing number shown
    body_digest     TEXT COLLATE "C" NOT NULL,
    inputs          TEXT COLLATE "C" NOT NULL, -- digest of everything that was judged
    evidence_file   TEXT COLLATE "C" NOT NULL, -- '' if no evidence was kept
    evidence_offset BIGINT NOT NULL,
    record          BYTEA  NOT NULL, -- the rest of the record
    PRIMARY KEY (run, domain)
) PARTITION BY LIST (run);

CREATE TABLE finding (
    run      TEXT COLLATE "C" NOT NULL,
    domain   TEXT COLLATE "C" NOT NULL,
    seq      BIGINT NOT NULL, -- order within the domain
    rule     TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    texts    TEXT COLLATE "C" NOT NULL, -- where, saw, fix in both languages, snippet, quotes: JSON
    PRIMARY KEY (run, domain, seq)
) PARTITION BY LIST (run);

-- Each run over an inventory has partitions of its own; results of other runs
-- and what is left of short ones lie here.
CREATE TABLE result_rest PARTITION OF result DEFAULT;
CREATE TABLE finding_rest PARTITION OF finding DEFAULT;

-- +goose Down
DROP TABLE finding;
DROP TABLE result;
DROP TABLE ruleset;
DROP TABLE run;
