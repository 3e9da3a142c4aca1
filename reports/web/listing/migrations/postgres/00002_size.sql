-- Pages of a million domains: lists of a facet by verdict as well, the names in which
-- people search, the owners in the order in which they are listed, and what lists of runs
-- tell without the rest of the figures. Rows made before are made again.

-- +goose Up
DELETE FROM listing;
DELETE FROM listing_rule;
ALTER TABLE listing_run ADD COLUMN waived TEXT NOT NULL DEFAULT ''; -- marks the waivers with which rows and figures were made
ALTER TABLE listing_run ADD COLUMN points TEXT NOT NULL DEFAULT ''; -- of the digest, JSON
UPDATE listing_run SET listed = 0, points = digest::json ->> 'points';
ALTER TABLE listing_rule ADD COLUMN tone TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX listing_rule_tone ON listing_rule (run, rule, tone, domain);
CREATE INDEX listing_team_tone ON listing (run, team, tone, domain);
CREATE INDEX listing_province_tone ON listing (run, province, tone, domain);
CREATE INDEX listing_network ON listing (run, network, domain);
CREATE INDEX listing_liveness ON listing (run, liveness, domain);

CREATE TABLE listing_name (
    run   TEXT COLLATE "C" NOT NULL,
    last  TEXT COLLATE "C" NOT NULL, -- of the names
    names TEXT COLLATE "C" NOT NULL, -- some thousands in their order, each with a line feed before and behind it
    PRIMARY KEY (run, last)
);

CREATE TABLE owner_listing (
    run        TEXT COLLATE "C" NOT NULL,
    place      BIGINT NOT NULL, -- in the order of the list, from 1
    owner      TEXT COLLATE "C" NOT NULL,
    team       TEXT COLLATE "C" NOT NULL,
    domains    BIGINT NOT NULL,
    violations BIGINT NOT NULL,
    warnings   BIGINT NOT NULL,
    notices    BIGINT NOT NULL,
    unknown    BIGINT NOT NULL,
    PRIMARY KEY (run, place)
);

-- +goose Down
DROP TABLE owner_listing;
DROP TABLE listing_name;
DROP INDEX listing_liveness;
DROP INDEX listing_network;
DROP INDEX listing_province_tone;
DROP INDEX listing_team_tone;
DROP INDEX listing_rule_tone;
ALTER TABLE listing_rule DROP COLUMN tone;
ALTER TABLE listing_run DROP COLUMN points;
ALTER TABLE listing_run DROP COLUMN waived;
