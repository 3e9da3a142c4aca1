-- Names that are resolved and wait for their visit share a row, so that a name
-- costs less to store.

-- +goose Up

-- What waits in the old form is asked for again: for each range of 5000 that has
-- a name left to resolve or to visit a task, which passes over the names that are
-- dealt with. The ids of these tasks go on from the last one.
CREATE TABLE left_over (round BIGINT NOT NULL, piece BIGINT NOT NULL);
INSERT INTO left_over
    SELECT round, seq / 5000 FROM waiting
    UNION SELECT round, from_seq / 5000 FROM task WHERE kind = 'resolve'
    UNION SELECT round, to_seq / 5000 FROM task WHERE kind = 'resolve';
DELETE FROM task WHERE kind IN ('visit', 'resolve');
INSERT INTO task (round, id, kind, part, from_lane, to_lane, from_seq, to_seq, names, turn, given, holder, ready, again)
    SELECT l.round, r.next_task + l.piece, 'resolve', 0, '', '', 5000 * l.piece, 5000 * l.piece + 4999, 5000, 0, 0, 0, 0, 1
    FROM left_over l JOIN round r ON r.id = l.round;
UPDATE task SET to_seq = (SELECT r.next_seq - 1 FROM round r WHERE r.id = task.round)
    WHERE kind = 'resolve' AND to_seq >= (SELECT r.next_seq FROM round r WHERE r.id = task.round);
UPDATE round SET next_task = next_task + 1 + (SELECT MAX(l.piece) FROM left_over l WHERE l.round = round.id)
    WHERE id IN (SELECT round FROM left_over);
DROP TABLE left_over;

ALTER TABLE task DROP COLUMN from_lane; -- from_seq and to_seq: visit: the first and the last chunk; resolve: the first and the last name
ALTER TABLE task DROP COLUMN to_lane;

DROP TABLE waiting;
CREATE TABLE waiting (
    round BIGINT NOT NULL,
    part  BIGINT NOT NULL, -- names that were sorted into lanes together
    chunk BIGINT NOT NULL, -- from 0, in the order of lanes
    least BIGINT NOT NULL, -- no name of it has a lower seq …
    most  BIGINT NOT NULL, -- … or a higher one
    names BYTEA  NOT NULL,
    PRIMARY KEY (round, part, chunk)
);

-- +goose Down
DROP TABLE waiting;
CREATE TABLE waiting (
    round   BIGINT NOT NULL,
    part    BIGINT NOT NULL,
    lane    TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    lookups BYTEA  NOT NULL,
    PRIMARY KEY (round, part, lane, seq)
);
DELETE FROM task WHERE kind = 'visit';
ALTER TABLE task ADD COLUMN from_lane TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN to_lane TEXT NOT NULL DEFAULT '';
