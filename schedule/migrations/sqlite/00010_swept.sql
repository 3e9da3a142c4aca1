-- How many names of a run had their verdict when those without one were last put in
-- again: only what brings none is counted by sweeps.

-- +goose Up
ALTER TABLE run_state ADD COLUMN swept BIGINT NOT NULL DEFAULT -1;

-- +goose Down
ALTER TABLE run_state DROP COLUMN swept;
