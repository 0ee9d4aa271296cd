-- Deploy zoo:schema to pg

BEGIN;

CREATE SCHEMA zoo;
\echo created

COMMIT;
