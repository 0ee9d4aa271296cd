.bail on
BEGIN;
CREATE TABLE a (t text DEFAULT '
.not a command');
.read deploy/rest.sql
COMMIT;
