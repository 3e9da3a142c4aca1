-- Who may use the dashboard and the API, and what they did.

-- +goose Up
CREATE TABLE account_user (
    name     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    role     TEXT COLLATE "C" NOT NULL,
    owner    TEXT COLLATE "C" NOT NULL, -- role owner: whose sites are seen
    password TEXT COLLATE "C" NOT NULL, -- argon2id; '' for one who comes by single sign-on
    made     BIGINT NOT NULL
);

CREATE TABLE account_session (
    token   TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- SHA-256 of what the browser has
    data    BYTEA  NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE account_token (
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- SHA-256 of the token
    name   TEXT COLLATE "C" NOT NULL,             -- what it is for
    holder TEXT COLLATE "C" NOT NULL,             -- the user who made it
    scope  TEXT COLLATE "C" NOT NULL,             -- the role that it has at most
    made   BIGINT NOT NULL,
    used   BIGINT NOT NULL
);

CREATE TABLE account_audit (
    at     BIGINT NOT NULL,
    seq    TEXT COLLATE "C" NOT NULL, -- tells entries of one moment apart
    who    TEXT COLLATE "C" NOT NULL,
    what   TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (at, seq)
);

CREATE TABLE account_request (
    who  TEXT COLLATE "C" NOT NULL,
    mark TEXT COLLATE "C" NOT NULL, -- the idempotency key
    ask  TEXT COLLATE "C" NOT NULL, -- what was asked under it
    made TEXT COLLATE "C" NOT NULL, -- what came of it; '' while it is under way
    at   BIGINT NOT NULL,
    PRIMARY KEY (who, mark)
);

-- +goose Down
DROP TABLE account_request;
DROP TABLE account_audit;
DROP TABLE account_token;
DROP TABLE account_session;
DROP TABLE account_user;
