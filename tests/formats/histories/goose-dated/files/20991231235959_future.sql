-- +goose Up
CREATE TABLE b (id integer PRIMARY KEY);
-- +goose Down
DROP TABLE b;
