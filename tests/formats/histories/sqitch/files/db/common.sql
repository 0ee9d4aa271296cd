\set shared 42
SELECT :shared;
