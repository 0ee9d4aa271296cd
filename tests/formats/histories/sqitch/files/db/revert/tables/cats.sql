DROP TABLE zoo.cats;
