CREATE TABLE nine (id integer PRIMARY KEY);
