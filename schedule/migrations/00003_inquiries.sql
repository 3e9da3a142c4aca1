-- Single sites that people ask for while runs are under way.

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

-- +goose Down
DROP TABLE inquiry;
