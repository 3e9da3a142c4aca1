-- Single sites that people ask for while runs are under way, and one more
-- figure of progress.

-- +goose Up
CREATE TABLE inquiry (
    id     TEXT   NOT NULL PRIMARY KEY,
    asked  BIGINT NOT NULL, -- when
    domain TEXT   NOT NULL,
    filing TEXT   NOT NULL, -- what the asker says is filed, as it was given
    state  TEXT   NOT NULL, -- waiting, looking, done, failed
    reason TEXT   NOT NULL, -- why it failed
    record BYTEA  NOT NULL  -- the JSON Lines record when it is done
);
CREATE INDEX inquiry_asked ON inquiry (asked);

ALTER TABLE progress ADD COLUMN kept BIGINT NOT NULL DEFAULT 0; -- names that kept their outcomes

-- +goose Down
ALTER TABLE progress DROP COLUMN kept;
DROP TABLE inquiry;
