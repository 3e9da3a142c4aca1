-- What registries and registers said, with its date, so that they are asked
-- seldom. Losing these tables costs questions, never results.

-- +goose Up
CREATE TABLE registration (
    domain   TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- registrable domain, A-label
    protocol TEXT COLLATE "C" NOT NULL, -- whois or rdap
    server   TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL, -- when the answer came
    payload  BYTEA  NOT NULL  -- the registration as JSON
);

CREATE TABLE register_answer (
    register TEXT COLLATE "C" NOT NULL, -- the name of the register in the config
    question TEXT COLLATE "C" NOT NULL, -- a registrable domain or a filing number
    at       BIGINT NOT NULL,
    payload  BYTEA  NOT NULL, -- the answer as JSON
    PRIMARY KEY (register, question)
);

-- +goose Down
DROP TABLE register_answer;
DROP TABLE registration;
