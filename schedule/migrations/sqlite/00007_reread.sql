-- A run whose inventory has changed when it is resumed reads it again: targets
-- whose seq is below first_seq are of the reading before, until the new one
-- meets them. The counts are what the new reading found different.

-- +goose Up
ALTER TABLE run_state ADD COLUMN first_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run_state ADD COLUMN added BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run_state ADD COLUMN altered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run_state ADD COLUMN removed BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE run_state DROP COLUMN removed;
ALTER TABLE run_state DROP COLUMN altered;
ALTER TABLE run_state DROP COLUMN added;
ALTER TABLE run_state DROP COLUMN first_seq;
