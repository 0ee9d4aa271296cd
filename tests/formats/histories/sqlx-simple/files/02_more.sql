-- no-transaction
CREATE TABLE b (id integer PRIMARY KEY);
