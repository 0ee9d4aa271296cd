CREATE OR REPLACE VIEW v1 AS SELECT id, '${flyway:filename}' AS file
FROM ${flyway:defaultSchema}.nine;
