/** What a model must be told about Postgres. */

/** Rules for migrations on Postgres; facts of the dialect, no instructions about the task. */
export const guide = `Postgres:
- Statements run with search_path = public: leave out public., qualify every other schema. Unquoted names fold to lower case; quote a name only where it has
  capitals, odd characters or is a reserved word.
- The migration runs in one transaction. Do not write BEGIN, COMMIT, SET, VACUUM, REINDEX or psql commands. CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY,
  ALTER TABLE ... DETACH PARTITION CONCURRENTLY, CREATE DATABASE and ALTER SYSTEM are refused inside it.
- Alter in place: ALTER TABLE ADD / DROP / RENAME COLUMN, ALTER COLUMN SET DATA TYPE / SET DEFAULT / DROP DEFAULT / SET NOT NULL, ADD / DROP / RENAME CONSTRAINT,
  ALTER TYPE ... ADD VALUE, CREATE OR REPLACE. Never drop and add a column, table or type to rename or retype it: that loses its rows.
- A NOT NULL column without a default cannot be added to a table with rows: add it nullable, UPDATE, then SET NOT NULL. The same order holds for any constraint
  that existing rows may break.
- ALTER COLUMN TYPE needs USING when there is no assignment cast (text to integer, varchar to an enum, integer to boolean). Drop a default that cannot be cast
  first and set it again after. It is refused while a view, a rule, a policy, a trigger's column list or WHEN, or a generated column uses the column: drop those
  before and create them again after, with their owner, grants and comments. Indexes and constraints follow by themselves.
- New columns come last; columns cannot be reordered, and the order is not compared. Never rebuild a table for it.
- PRIMARY KEY, UNIQUE and EXCLUDE constraints own an index of the same name: drop the constraint, not the index. A serial column is an integer column, a sequence
  that it owns and a default; an identity column is changed with ADD GENERATED, SET GENERATED, DROP IDENTITY. Renaming a table renames neither its constraints
  nor its indexes nor its sequences.
- Enums: ALTER TYPE t ADD VALUE 'x' [BEFORE | AFTER 'y'] and RENAME VALUE 'x' TO 'y'. A value added in a transaction cannot be used in it. Values can be neither
  removed nor reordered: ALTER TYPE t RENAME TO t_old; CREATE TYPE t AS ENUM (...); ALTER TABLE ... DROP DEFAULT; ALTER TABLE ... ALTER COLUMN c TYPE t USING
  c::text::t; SET DEFAULT; DROP TYPE t_old, with whatever depends on the type (views, functions, policies, partial indexes, checks) dropped before and made after.
- Domains: ALTER DOMAIN SET / DROP DEFAULT, SET / DROP NOT NULL, ADD / DROP CONSTRAINT; the base type takes a new domain, as with enums. Composite types: ALTER TYPE
  ADD / DROP / ALTER / RENAME ATTRIBUTE.
- CREATE OR REPLACE VIEW may only add columns at the end; names, types and order of those there must stay, else DROP VIEW and CREATE VIEW, and the views on it as
  well. Materialized views cannot be replaced: drop, create, and create their indexes again.
- CREATE OR REPLACE FUNCTION keeps owner and grants, but can change neither the return type nor OUT parameters nor the names of input parameters, and cannot take
  a default away: then DROP FUNCTION f(argument types) and CREATE FUNCTION. A function with other argument types is another function. Copy bodies exactly as
  given, blanks included: they are compared.
- A DROP fails while something depends on it; drop dependents first, by name. Do not write CASCADE: it takes along what should stay.
- Constraints, indexes and triggers of a partitioned table are made on the parent; partitions follow.
- What is recreated loses its owner, grants, comments, indexes, triggers and policies: state them again.
- GRANT, REVOKE, COMMENT ON, ALTER ... OWNER TO and ALTER DEFAULT PRIVILEGES are part of the schema. Objects made after ALTER DEFAULT PRIVILEGES get its grants.
- Extensions own their objects: CREATE EXTENSION or DROP EXTENSION, never their functions or types.
- Going back: what DOWN adds again (a dropped column, table, value) has its structure, not its rows.
`;
