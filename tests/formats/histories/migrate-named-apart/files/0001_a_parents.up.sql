CREATE TABLE parents (id integer PRIMARY KEY);
