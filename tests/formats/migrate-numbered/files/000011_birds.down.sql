DROP TABLE birds;
