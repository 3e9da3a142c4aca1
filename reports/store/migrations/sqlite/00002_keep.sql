-- What lets the next run keep a result: how to ask whether the page has
-- changed, and how long its outcomes hold.

-- +goose Up
ALTER TABLE result ADD COLUMN etag       TEXT   NOT NULL DEFAULT ''; -- of the answer
ALTER TABLE result ADD COLUMN modified   TEXT   NOT NULL DEFAULT ''; -- its Last-Modified
ALTER TABLE result ADD COLUMN fetched_at BIGINT NOT NULL DEFAULT 0;  -- when the page was last received in full
ALTER TABLE result ADD COLUMN judged_at  BIGINT NOT NULL DEFAULT 0;  -- the clock of the rules when they judged it; 0: outcomes are not kept
ALTER TABLE result ADD COLUMN good_until BIGINT NOT NULL DEFAULT 0;  -- up to which time the clock alone changes no outcome

-- +goose Down
ALTER TABLE result DROP COLUMN good_until;
ALTER TABLE result DROP COLUMN judged_at;
ALTER TABLE result DROP COLUMN fetched_at;
ALTER TABLE result DROP COLUMN modified;
ALTER TABLE result DROP COLUMN etag;
