/* A licence. */
-- +migrate Up
CREATE TABLE a (id integer);
-- +migrate StatementBegin
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1; $$;
-- +migrate StatementEnd

-- +migrate Down
DROP FUNCTION f();
DROP TABLE a;
