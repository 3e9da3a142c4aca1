-- Whose letter a message is, and what the owner has answered.

-- +goose Up
ALTER TABLE outbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN made BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN answered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN noted_by TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_owner ON outbox (owner, made);

-- +goose Down
DROP INDEX outbox_owner;
ALTER TABLE outbox DROP COLUMN owner;
ALTER TABLE outbox DROP COLUMN made;
ALTER TABLE outbox DROP COLUMN answered;
ALTER TABLE outbox DROP COLUMN answer;
ALTER TABLE outbox DROP COLUMN noted_by;
