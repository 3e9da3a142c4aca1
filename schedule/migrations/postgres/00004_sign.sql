-- What decides the verdicts of a run, so that a process with other rules or
-- settings can say why it does nothing.

-- +goose Up
ALTER TABLE round ADD COLUMN sign TEXT COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE round DROP COLUMN sign;
