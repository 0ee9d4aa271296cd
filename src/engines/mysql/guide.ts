/** What a model must be told about MySQL and MariaDB. */

const COMMON = `
- Every definition commits: nothing of it can be rolled back, and a migration that fails half way leaves its first half. Do not write BEGIN, COMMIT, USE, SET GLOBAL
  or DELIMITER. Order statements so that each leaves a state that works.
- Names that are plain words need no quotes; put reserved ones (\`order\`, \`key\`, \`rank\`, \`groups\`) in backquotes. 'x' and "x" are texts.
- Put all changes of one table into one ALTER TABLE with several clauses, each of which would copy the table by itself: DROP INDEX / FOREIGN KEY, DROP COLUMN, MODIFY
  COLUMN, ADD COLUMN ... FIRST | AFTER c, ADD INDEX, ADD CONSTRAINT, then options. The order of columns is compared: place new ones with FIRST or AFTER.
- MODIFY COLUMN states the whole column again: type, CHARACTER SET, COLLATE, NOT NULL, DEFAULT, ON UPDATE, AUTO_INCREMENT, COMMENT. What is left out is lost.
- RENAME COLUMN a TO b keeps the rows; never drop and add a column or a table to rename or retype it.
- A NOT NULL column without a default that is added to rows gets 0, '' or the first label in silence; a date is refused or becomes 0000-00-00. Add it nullable, UPDATE,
  then MODIFY it to NOT NULL, where rows need a value of their own. MODIFY to NOT NULL over NULLs fails in strict mode: UPDATE first.
- Narrower types fail in strict mode where a value does not fit; decimals, fractions of seconds and floats are rounded in any mode.
- A foreign key needs an index on its columns (the server makes one where there is none) and a key on those that it refers to. To change the type, the character set or
  the collation of columns under a foreign key, DROP FOREIGN KEY first and ADD it last, in statements of their own. The same name cannot be dropped and added in one.
- An AUTO_INCREMENT column needs its key in the same statement.
- A generated column changes neither from nor to VIRTUAL: DROP COLUMN and ADD COLUMN it in one statement, with its indexes.
- A table's DEFAULT CHARACTER SET is for columns that are added later. CONVERT TO CHARACTER SET changes all columns, and may change their types: rather MODIFY each.
- Partitions: PARTITION BY and REMOVE PARTITIONING stand behind the other clauses; ADD, DROP and REORGANIZE PARTITION stand alone. DROP PARTITION deletes its rows. All
  columns of the partitioning are part of every unique key.
- CREATE OR REPLACE VIEW replaces a view. A view with a column that is gone stays and fails when it is used: replace it.
- Triggers of one event run in the order of their creation, or as FOLLOWS and PRECEDES say. They cannot be altered: DROP TRIGGER and CREATE TRIGGER.
- Copy bodies of routines, triggers and events exactly as given. Leave out DEFINER.
- Going back: what DOWN adds again has its structure, not its rows.
`;

/** Rules for migrations on MySQL; facts of the dialect, no instructions about the task. */
export const mysqlGuide = `MySQL:${COMMON}\
- RENAME COLUMN is refused while a CHECK, a generated column, a functional index or the partitioning names the column: in the same ALTER TABLE, drop those and add them
  again with the new name.
- A CHECK goes by DROP CHECK and is switched by ALTER CHECK c [NOT] ENFORCED; an index is hidden by ALTER INDEX i INVISIBLE.
- Routines cannot be replaced: DROP and CREATE; ALTER PROCEDURE changes COMMENT, SQL SECURITY and the access to data alone.
- An expression as default stands in parentheses: DEFAULT (uuid()). An expression of an index stands in two: INDEX i ((lower(name))).
`;

/** Rules for migrations on MariaDB; facts of the dialect, no instructions about the task. */
export const mariadbGuide = `MariaDB:${COMMON}\
- RENAME COLUMN renames the column in checks, generated columns and the partitioning as well.
- A CHECK behind a column belongs to it, and MODIFY states it again, as the last of its attributes; one of the table goes by DROP CONSTRAINT. JSON is longtext with such a
  check.
- CREATE OR REPLACE works for procedures, functions, packages, triggers, events and sequences too; a package that is replaced loses its body.
- ALTER TABLE of a table WITH SYSTEM VERSIONING needs SET SESSION system_versioning_alter_history = KEEP before, and = DEFAULT after. DROP SYSTEM VERSIONING deletes its
  history.
- An index is hidden by ALTER INDEX i IGNORED. Sequences change by ALTER SEQUENCE.
`;
