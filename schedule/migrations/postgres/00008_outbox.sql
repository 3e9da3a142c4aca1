-- What people are told of a run: one row a message, sent by a job. The body is
-- emptied when the message has been sent, or will not be.

-- +goose Up
CREATE TABLE outbox (
    id      TEXT PRIMARY KEY, -- channel, run, reader, part
    run     TEXT NOT NULL,
    channel TEXT NOT NULL,
    reader  TEXT NOT NULL,    -- mail addresses; empty: those of the channel
    body    BYTEA NOT NULL,
    state   TEXT NOT NULL,    -- waiting, sending, sent, refused, perhaps
    tries   BIGINT NOT NULL,
    at      BIGINT NOT NULL,  -- of the last change, milliseconds since 1970
    reason  TEXT NOT NULL
);
CREATE INDEX outbox_run ON outbox (run);
CREATE INDEX outbox_channel ON outbox (channel, at);

-- +goose Down
DROP TABLE outbox;
