/** Tables and schemas in which migration runners keep their books; they are no part of anybody's schema. */

/** Names of tables, without their schema. */
export const BOOKKEEPING_TABLES: readonly string[] = [
  "schema_migrations",
  "schema_migrations_history",
  "schema_migration",
  "goose_db_version",
  "flyway_schema_history",
  "schema_version",
  "refinery_schema_history",
  "_sqlx_migrations",
  "__diesel_schema_migrations",
  "_prisma_migrations",
  "atlas_schema_revisions",
  "gorp_migrations",
  "knex_migrations",
  "knex_migrations_lock",
  "__drizzle_migrations",
  "DATABASECHANGELOG",
  "DATABASECHANGELOGLOCK",
  "databasechangelog",
  "databasechangeloglock",
  "alembic_version",
  "ar_internal_metadata",
  "django_migrations",
];

/** Schemas (namespaces) that hold nothing but a runner's books. */
export const BOOKKEEPING_SCHEMAS: readonly string[] = ["sqitch", "atlas_schema_revisions"];
