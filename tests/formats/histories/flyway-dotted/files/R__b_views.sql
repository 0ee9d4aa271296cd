CREATE OR REPLACE VIEW v2 AS SELECT id FROM v1; -- ${kept in a comment}
