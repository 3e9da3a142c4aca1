-- Users who log in at a provider of single sign-on.

-- +goose Up
CREATE TABLE account_single (
    subject TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- issuer and subject: names can change hands there
    name    TEXT COLLATE "C" NOT NULL UNIQUE       -- of the user
);

-- +goose Down
DROP TABLE account_single;
