CREATE TABLE eleven (id integer PRIMARY KEY);
