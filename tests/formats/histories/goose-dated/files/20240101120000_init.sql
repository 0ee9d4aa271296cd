-- +goose Up
CREATE TABLE a (id integer PRIMARY KEY);
-- +goose Down
DROP TABLE a;
