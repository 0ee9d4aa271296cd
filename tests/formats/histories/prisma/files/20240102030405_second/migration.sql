PRAGMA foreign_keys=OFF;
CREATE TABLE b (id integer PRIMARY KEY);
PRAGMA foreign_keys=ON;
