DROP TABLE eleven;
