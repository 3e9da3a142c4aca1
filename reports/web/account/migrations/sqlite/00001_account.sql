-- Who may use the dashboard and the API, and what they did.

-- +goose Up
CREATE TABLE account_user (
    name     TEXT   NOT NULL PRIMARY KEY,
    role     TEXT   NOT NULL,
    owner    TEXT   NOT NULL, -- role owner: whose sites are seen
    password TEXT   NOT NULL, -- argon2id; '' for one who comes by single sign-on
    made     BIGINT NOT NULL
);

CREATE TABLE account_session (
    token   TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of what the browser has
    data    BYTEA  NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE account_token (
    digest TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the token
    name   TEXT   NOT NULL,             -- what it is for
    holder TEXT   NOT NULL,             -- the user who made it
    scope  TEXT   NOT NULL,             -- the role that it has at most
    made   BIGINT NOT NULL,
    used   BIGINT NOT NULL
);

CREATE TABLE account_audit (
    at     BIGINT NOT NULL,
    seq    TEXT   NOT NULL, -- tells entries of one moment apart
    who    TEXT   NOT NULL,
    what   TEXT   NOT NULL,
    object TEXT   NOT NULL,
    PRIMARY KEY (at, seq)
);

CREATE TABLE account_request (
    who  TEXT   NOT NULL,
    mark TEXT   NOT NULL, -- the idempotency key
    ask  TEXT   NOT NULL, -- what was asked under it
    made TEXT   NOT NULL, -- what came of it; '' while it is under way
    at   BIGINT NOT NULL,
    PRIMARY KEY (who, mark)
);

-- +goose Down
DROP TABLE account_request;
DROP TABLE account_audit;
DROP TABLE account_token;
DROP TABLE account_session;
DROP TABLE account_user;
