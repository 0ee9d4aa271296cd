\set data `cat data/cats.json`
\set names `sed 's/[{}]//g' < data/cats.json | tr -d '"\n'`
\set ON_ERROR_STOP on
BEGIN;
CREATE TABLE zoo.cats (name text, seen timestamptz DEFAULT now()::timestamptz);
INSERT INTO zoo.cats (name) VALUES (:'data'), (:'greeting'), (:'names');
SELECT :"greeting", :unknown, ARRAY[1,2,3][1:2], ':data';
\copy zoo.cats(name) from program 'sed ''s/\\/\\\\/g'' < data/cats.json | tr -d ''\n'''
\if :{?greeting}
  SELECT 'greeted';
\else
  SELECT 'not greeted';
\endif
\i db/common.sql
COMMIT;
