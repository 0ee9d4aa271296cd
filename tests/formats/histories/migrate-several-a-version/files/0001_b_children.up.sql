CREATE TABLE children (parent integer REFERENCES parents (id));
