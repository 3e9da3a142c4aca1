-- What the pages of the dashboard read: the domains of a finished run with the
-- columns by which they are found, and the figures of the run. Everything here is
-- made from results and can be made again.

-- +goose Up
CREATE TABLE listing_run (
    run    TEXT   NOT NULL PRIMARY KEY,
    listed BIGINT NOT NULL, -- 1 while its domains are in listing
    form   BIGINT NOT NULL, -- of digest
    digest TEXT   NOT NULL  -- the figures, JSON
);

CREATE TABLE listing (
    run      TEXT   NOT NULL,
    domain   TEXT   NOT NULL,
    tone     TEXT   NOT NULL, -- the most severe finding, or waived, pass or unknown
    liveness TEXT   NOT NULL,
    cause    TEXT   NOT NULL,
    owner    TEXT   NOT NULL,
    team     TEXT   NOT NULL,
    province TEXT   NOT NULL, -- the character of the filing number
    network  TEXT   NOT NULL,
    title    TEXT   NOT NULL,
    rules    TEXT   NOT NULL, -- that found something, the most severe first
    since    BIGINT NOT NULL, -- of the oldest violation or warning, 0 for none
    due      BIGINT NOT NULL, -- the first of its due dates, 0 for none
    at       BIGINT NOT NULL, -- of the visit
    PRIMARY KEY (run, domain)
);
CREATE INDEX listing_tone ON listing (run, tone, domain);
CREATE INDEX listing_owner ON listing (run, owner, domain);
CREATE INDEX listing_team ON listing (run, team, domain);
CREATE INDEX listing_province ON listing (run, province, domain);
CREATE INDEX listing_due ON listing (run, due, domain);

CREATE TABLE listing_rule (
    run    TEXT NOT NULL,
    rule   TEXT NOT NULL,
    domain TEXT NOT NULL,
    PRIMARY KEY (run, rule, domain)
);

-- +goose Down
DROP TABLE listing_rule;
DROP TABLE listing;
DROP TABLE listing_run;
