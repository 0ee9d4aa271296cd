-- +goose Up
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fullname text NOT NULL,
  email text NOT NULL UNIQUE
);
CREATE INDEX customers_fullname_idx ON customers (fullname);

-- +goose Down
DROP TABLE customers;
