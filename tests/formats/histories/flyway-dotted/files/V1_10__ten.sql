CREATE TABLE ten (id integer PRIMARY KEY);
