/** What a model must be told about SQLite. */

/** Rules for migrations on SQLite; facts of the dialect, no instructions about the task. */
export const guide = `SQLite:
- ALTER TABLE can only RENAME TO, RENAME COLUMN, ADD COLUMN and DROP COLUMN (one action a statement, no IF EXISTS). Write for SQLite 3.35 unless a newer
  version is stated: no ALTER COLUMN, no ADD CONSTRAINT.
- ADD COLUMN cannot add PRIMARY KEY, UNIQUE or STORED columns; with rows in the table it also refuses NOT NULL without a default other than NULL, a default of
  CURRENT_TIMESTAMP or in parentheses, and, while foreign keys are enforced, REFERENCES with a default other than NULL. The new column becomes the last one.
- DROP COLUMN refuses a column that is in the primary key, UNIQUE, an index, a CHECK or a foreign key of the table, a generated column, a view or a trigger.
- Everything else needs a rebuild. For a table that no foreign key points at: CREATE TABLE _aim_new_t (...); INSERT INTO _aim_new_t (columns) SELECT columns
  FROM t; DROP TABLE t; ALTER TABLE _aim_new_t RENAME TO t; then create its indexes and triggers again, which went with the old table. Never rename the old
  table away first: foreign keys, views and triggers follow the rename. When views or triggers of other tables name t, put
  PRAGMA legacy_alter_table = ON before the RENAME and OFF after it.
- For a table that foreign keys point at (its own included), DROP TABLE deletes its rows first when foreign keys are enforced: ON DELETE CASCADE and SET NULL
  then run, and the commit fails for the rest. PRAGMA foreign_keys does nothing inside a transaction, and most runners open one. So:
  PRAGMA defer_foreign_keys = ON; CREATE TABLE _aim_old_t AS SELECT * FROM t; DROP TABLE t; CREATE TABLE t (...); INSERT INTO t (columns) SELECT columns
  FROM _aim_old_t; DROP TABLE _aim_old_t. Rows of tables that reference t with ON DELETE CASCADE, SET NULL or SET DEFAULT must be put aside the same way
  before the drop and come back after it.
- Do not rebuild a table to reorder its columns; the order is not compared.
- With AUTOINCREMENT keep the table's row of sqlite_sequence.
- Views, triggers and indexes cannot be altered: drop and create them. Indexes and triggers go with their table, views stay.
- Do not write BEGIN, COMMIT, VACUUM, ATTACH or PRAGMA foreign_keys.
- Names fold to one case; "x" is a name, 'x' is a string. Types are words that give a column its affinity: keep the author's.
- A column of type INTEGER that is the only PRIMARY KEY is the rowid; it never needs a value or AUTOINCREMENT.
`;
