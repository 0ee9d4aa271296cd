CREATE TABLE cats (id integer PRIMARY KEY);
