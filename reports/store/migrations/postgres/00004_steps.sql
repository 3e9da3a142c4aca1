-- How far the steps after a run have come, so that each can be done again from
-- where it was; and which files of evidence the results of a run name.

-- +goose Up
CREATE TABLE run_step (
    run   TEXT COLLATE "C" NOT NULL,
    step  TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL, -- up to which it is done
    done  BIGINT NOT NULL, -- 1 when nothing is left
    PRIMARY KEY (run, step)
);

CREATE TABLE run_evidence (
    run  TEXT COLLATE "C" NOT NULL, -- whose results name the file
    file TEXT COLLATE "C" NOT NULL, -- RUN/FILE
    PRIMARY KEY (run, file)
);
CREATE INDEX run_evidence_file ON run_evidence (file);

-- +goose Down
DROP TABLE run_evidence;
DROP TABLE run_step;
