DROP VIEW zoo.v;
