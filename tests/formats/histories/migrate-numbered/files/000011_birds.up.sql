CREATE TABLE birds (id integer PRIMARY KEY);
