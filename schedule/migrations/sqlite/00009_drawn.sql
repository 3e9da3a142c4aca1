-- How many pages the processes of a run have taken from its budget of drawing.

-- +goose Up
ALTER TABLE run_state ADD COLUMN drawn BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE run_state DROP COLUMN drawn;
