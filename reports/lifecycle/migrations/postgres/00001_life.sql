-- The life of findings: one row for each rule that ever found something on a domain
-- of an inventory, what became of it run by run, counts, and waivers. Times are
-- milliseconds since 1970.

-- +goose Up
CREATE TABLE finding_scope (
    id        BIGINT NOT NULL PRIMARY KEY,
    inventory TEXT COLLATE "C" NOT NULL UNIQUE,
    run       TEXT COLLATE "C" NOT NULL, -- the newest run that was taken into account, wholly or in part
    at        BIGINT NOT NULL, -- when it began
    run_was   TEXT COLLATE "C" NOT NULL, -- the one before it, '' if there was none
    at_was    BIGINT NOT NULL
);

CREATE TABLE finding_life (
    scope      BIGINT NOT NULL,
    domain     TEXT COLLATE "C" NOT NULL,
    rule       TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    is_open    BIGINT NOT NULL, -- 1 where the state is an open one
    severity   BIGINT NOT NULL, -- 3 violation, 2 warning, 1 notice
    run        TEXT COLLATE "C" NOT NULL, -- which changed the row last …
    was        TEXT COLLATE "C" NOT NULL, -- … and what the row was before it, JSON; '' if it was not there
    first_at   BIGINT NOT NULL, -- first found, ever
    opened_at  BIGINT NOT NULL, -- first found since it was last fixed or gone
    opened_run TEXT COLLATE "C" NOT NULL, -- '' if that was before findings had a life
    seen_at    BIGINT NOT NULL, -- last found; 0 if in the newest run
    seen_run   TEXT COLLATE "C" NOT NULL,
    due        BIGINT NOT NULL, -- 0 for none
    owner      TEXT COLLATE "C" NOT NULL,
    team       TEXT COLLATE "C" NOT NULL,
    province   TEXT COLLATE "C" NOT NULL,
    waiver     BIGINT NOT NULL, -- in force; 0 for none
    PRIMARY KEY (scope, domain, rule)
);
CREATE INDEX finding_life_state ON finding_life (scope, state, domain, rule);
CREATE INDEX finding_life_owner ON finding_life (scope, owner, domain, rule) WHERE is_open = 1;
CREATE INDEX finding_life_team ON finding_life (scope, team, domain, rule) WHERE is_open = 1;
CREATE INDEX finding_life_rule ON finding_life (scope, rule, domain) WHERE is_open = 1;
CREATE INDEX finding_life_severity ON finding_life (scope, severity, domain, rule) WHERE is_open = 1;
CREATE INDEX finding_life_province ON finding_life (scope, province, domain, rule) WHERE is_open = 1;
CREATE INDEX finding_life_due ON finding_life (scope, due, domain, rule) WHERE is_open = 1;
CREATE INDEX finding_life_waiver ON finding_life (scope, waiver, domain, rule) WHERE waiver <> 0;

-- What a run changed. What it found again, as the run before did, has no row.
CREATE TABLE finding_event (
    scope    BIGINT NOT NULL,
    run      TEXT COLLATE "C" NOT NULL,
    domain   TEXT COLLATE "C" NOT NULL,
    rule     TEXT COLLATE "C" NOT NULL,
    state    TEXT COLLATE "C" NOT NULL,
    severity BIGINT NOT NULL,
    PRIMARY KEY (scope, run, domain, rule)
);

-- Findings by state and severity, of each run; by owner, team, rule and province
-- (open and not waived), of the newest one of an inventory.
CREATE TABLE finding_count (
    run      TEXT COLLATE "C" NOT NULL,
    facet    TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    severity BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    PRIMARY KEY (run, facet, value, severity)
);

CREATE TABLE waiver (
    id        BIGINT NOT NULL PRIMARY KEY,
    domain    TEXT COLLATE "C" NOT NULL, -- A-label or pattern
    rule      TEXT COLLATE "C" NOT NULL, -- id or *
    until_day TEXT COLLATE "C" NOT NULL, -- YYYY-MM-DD, the last day
    reason    TEXT COLLATE "C" NOT NULL,
    who       TEXT COLLATE "C" NOT NULL,
    source    TEXT COLLATE "C" NOT NULL, -- '' for the command line, else the file
    added_at  BIGINT NOT NULL,
    UNIQUE (domain, rule, source)
);

-- +goose Down
DROP TABLE waiver;
DROP TABLE finding_count;
DROP TABLE finding_event;
DROP TABLE finding_life;
DROP TABLE finding_scope;
