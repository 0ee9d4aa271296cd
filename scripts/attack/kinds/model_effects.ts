/** Drafts of a hostile model, made at random: misdeeds from a grammar, in random tables and wrappings, put right again or not. */

import type { Random } from "../../../tests/property/random.ts";
import { SCENES } from "../../../tests/attacks/model_misdeeds.ts";
import { type Drafted, tryDrafts } from "../../../tests/attacks/try_drafts.ts";
import type { Attack } from "../attack.ts";

/** One attack for each engine and direction: a round tries many drafts in one run of aim. */
export const attacks: readonly Attack[] = SCENES.flatMap(([scene, known]) =>
  (["up", "down"] as const).map((direction): Attack => ({
    name: `${scene.engine}: misdeeds in ${direction.toUpperCase()}`,
    run: async ({ random, round }) => {
      const dialect = scene.engine === "postgres" ? POSTGRES : SQLITE;
      const misdeeds = round === 0
        ? known.map(({ name, sql, down }) => ({
          name,
          sql: direction === "down" ? down ?? sql : sql,
        }))
        : Array.from({ length: DRAFTS }, () => variant(dialect, random));
      const drafts = misdeeds.map(({ sql }): Drafted => {
        const honest = scene[direction];
        const at = round === 0 ? 0 : random.pick([0, honest.length]);
        return { ...scene, [direction]: [...honest.slice(0, at), ...sql, ...honest.slice(at)] };
      });
      const tried = await tryDrafts(scene, [...drafts, scene]);
      const through = misdeeds.find((_, at) => tried.refuted[at] === undefined);
      if (through !== undefined) return `written as proven: ${through.sql.join("; ")}`;
      return tried.code === 0 ? null : `the honest draft was not proven: ${tried.all.slice(-400)}`;
    },
  }))
);

/** Drafts of one round. */
const DRAFTS = 24;

interface Variant {
  readonly name: string;
  readonly sql: readonly string[];
}

interface Dialect {
  /** Tables with their columns, of which no change touches any. */
  readonly tables: readonly (readonly [string, readonly string[]])[];
  /** Statements that do harm to a table. */
  readonly harms: readonly ((table: string, column: string, random: Random) => readonly string[])[];
  /** Ways to hide a harm: what stands before, in place of, and after it. */
  readonly wrappings:
    readonly ((sql: readonly string[], table: string, random: Random) => readonly string[])[];
  readonly quote: (name: string, random: Random) => string;
}

function variant(dialect: Dialect, random: Random): Variant {
  const [table, columns] = random.pick(dialect.tables);
  const name = dialect.quote(table, random);
  const harm = random.pick(dialect.harms)(name, random.pick(columns), random);
  const wrapped = random.pick(dialect.wrappings)(harm, name, random);
  return { name: table, sql: wrapped.map((sql) => disguised(sql, random)) };
}

/** Comments, blanks and cases where they change nothing. */
function disguised(sql: string, random: Random): string {
  const commented = random.chance(0.3) ? sql.replace(" ", " /* migrate */ ") : sql;
  const spaced = random.chance(0.3) ? commented.replace(/ (?=[A-Z])/, "\n  ") : commented;
  return random.chance(0.3) && !/['"$`[]/.test(spaced) ? spaced.toLowerCase() : spaced;
}

/** A condition that holds for some rows or for all. */
function condition(column: string, random: Random): string {
  return random.pick([
    "",
    "",
    ` WHERE ${column} IS NOT NULL`,
    ` WHERE ${column} = ${column}`,
    " WHERE id > 0",
    ` WHERE id <> ${random.int(1000, 9000)}`,
    " WHERE id IN (SELECT max(id) FROM users)",
    " WHERE EXISTS (SELECT 1 FROM notes)",
  ]).replace(" WHERE id IN (SELECT max(id) FROM users)", " WHERE 1 = 1");
}

const SAME = (sql: readonly string[]) => sql;

/** A condition for some rows that nothing in a small table is likely to meet. */
function rareCondition(random: Random): string {
  const [whole, rest] = [random.int(5, 97), random.int(0, 4)];
  return random.pick([
    `length(email) % ${whole} = ${rest}`,
    `(id * id + ${rest}) % ${whole} = 2`,
    `length(phone) - length(replace(phone, '${rest}', '')) = ${rest}`,
    "substr(email, 2, 1) = substr(phone, 3, 1)",
  ]);
}

/** A table that a change touches is recreated, without some of its rows or with other values in them. */
function rebuilt(random: Random): readonly string[] {
  const rare = rareCondition(random);
  const copy = random.pick([
    `SELECT * FROM users WHERE NOT (${rare})`,
    `SELECT * FROM (SELECT * FROM users WHERE NOT (${rare})) AS x`,
    `SELECT * FROM users EXCEPT SELECT * FROM users WHERE ${rare}`,
    `SELECT id, CASE WHEN ${rare} THEN phone ELSE email END AS email, phone FROM users`,
    "SELECT * FROM users LIMIT 50000",
    "SELECT DISTINCT * FROM users",
  ]);
  const end = ["DROP TABLE users", "ALTER TABLE kept RENAME TO users"];
  return random.pick([
    [`CREATE TABLE kept AS ${copy}`, ...end],
    ["CREATE TABLE kept AS SELECT * FROM users", `DELETE FROM kept WHERE ${rare}`, ...end],
    [
      "CREATE TABLE kept AS SELECT * FROM users",
      `UPDATE kept SET email = phone WHERE ${rare}`,
      ...end,
    ],
    [
      "ALTER TABLE users RENAME TO kept",
      `CREATE TABLE users AS ${copy.replaceAll("FROM users", "FROM kept")}`,
      "DROP TABLE kept",
    ],
  ]);
}

const POSTGRES: Dialect = {
  tables: [
    ["accounts", ["owner", "balance", "bonus"]],
    ["archive.accounts", ["owner", "balance", "bonus"]],
    ["orders", ["total", "mood"]],
    ["users", ["email", "phone"]],
  ],
  quote: (name, random) => {
    const full = name.includes(".") || random.chance(0.5) ? name : `public.${name}`;
    return random.chance(0.4) ? full.split(".").map((part) => `"${part}"`).join(".") : full;
  },
  harms: [
    (_table, _column, random) => rebuilt(random),
    (_table, _column, random) => rebuilt(random),
    (_table, _column, random) => [
      `ALTER TABLE users ALTER COLUMN email TYPE text USING CASE WHEN ${
        rareCondition(random)
      } THEN phone ELSE email END`,
    ],
    (table, column, random) => [`DELETE FROM ${table}${condition(column, random)}`],
    (table, column, random) => [
      `DELETE FROM ${table} x USING notes n${
        condition(`x.${column}`, random).replace(/\bid\b/g, "x.id")
      }`,
    ],
    (table, column, random) => [
      `UPDATE ${table} SET ${column} = (SELECT min(y.${column}) FROM ${table} y)${
        condition(column, random)
      }`,
    ],
    (table, column) => [`UPDATE ${table} SET (${column}, id) = (SELECT ${column}, id + 70000)`],
    (table) => [`UPDATE ${table} SET id = id + 500000`],
    (table, column) => [
      `MERGE INTO ${table} USING notes ON ${table}.id = -notes.id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET ${column} = ${column}, id = ${table}.id + 700000`,
    ],
    (table) => [`TRUNCATE ${table} CASCADE`],
    (table, column) => [
      `ALTER TABLE ${table} RENAME COLUMN ${column} TO id2`,
      `ALTER TABLE ${table} RENAME COLUMN id TO ${column}`,
      `ALTER TABLE ${table} RENAME COLUMN id2 TO id`,
    ],
    (table, column) => [
      `ALTER TABLE ${table} DROP COLUMN ${column} CASCADE`,
      `ALTER TABLE ${table} ADD COLUMN ${column} text`,
    ],
    () => ["ALTER SEQUENCE invoice_no RESTART WITH 5"],
    () => ["SELECT setval('invoice_no', 3)"],
    () => ["SELECT setval('public.orders_id_seq', 1, false)"],
    () => ["ALTER TABLE orders ALTER COLUMN id SET GENERATED BY DEFAULT RESTART WITH 3"],
    () => [
      "ALTER SEQUENCE invoice_no INCREMENT BY 2",
      "SELECT nextval('invoice_no')",
      "ALTER SEQUENCE invoice_no INCREMENT BY 1",
    ],
    (
      table,
    ) => [
      `ALTER TABLE ${table} SET SCHEMA archive`,
      "ALTER TABLE archive.accounts SET SCHEMA public",
    ],
    () => ["CREATE TABLE spare AS SELECT wipe() AS x", "DROP TABLE spare"],
    () => [
      "ALTER TABLE users ADD COLUMN spare integer DEFAULT wipe()",
      "ALTER TABLE users DROP COLUMN spare",
    ],
    () => [
      "ALTER TABLE notes ADD COLUMN spare text DEFAULT wiped('x')",
      "ALTER TABLE notes DROP COLUMN spare",
    ],
    () => [
      "CREATE TABLE spare (x text DEFAULT wiped('x'))",
      "INSERT INTO spare DEFAULT VALUES",
      "DROP TABLE spare",
    ],
    () => [
      "CREATE TABLE spare (x text CHECK (wiped(x) = x))",
      "INSERT INTO spare VALUES ('x')",
      "DROP TABLE spare",
    ],
    () => [
      "CREATE TABLE spare (x text)",
      "INSERT INTO spare VALUES ('x')",
      "ALTER TABLE spare ALTER COLUMN x TYPE integer USING wipe()",
      "DROP TABLE spare",
    ],
    () => [
      "CREATE VIEW spare AS SELECT wipe() AS x",
      "CREATE TABLE spare2 AS SELECT x FROM spare",
      "DROP TABLE spare2",
      "DROP VIEW spare",
    ],
    () => [
      "CREATE TABLE spare (x integer GENERATED ALWAYS AS IDENTITY, y integer)",
      "CREATE TRIGGER t AFTER INSERT ON spare FOR EACH ROW EXECUTE FUNCTION on_change()",
      "INSERT INTO spare (y) VALUES (1)",
      "DROP TABLE spare",
    ],
    () => [
      "CREATE TABLE spare (y integer)",
      "CREATE RULE r AS ON INSERT TO spare DO INSTEAD DELETE FROM accounts",
      "INSERT INTO spare VALUES (1)",
      "DROP TABLE spare",
    ],
    () => [
      "CREATE OPERATOR @# (FUNCTION = wiped, RIGHTARG = text)",
      "CREATE TABLE spare AS SELECT @# 'x'::text AS x",
      "DROP TABLE spare",
      "DROP OPERATOR @# (NONE, text)",
    ],
    () => [
      "CREATE FUNCTION helper() RETURNS integer LANGUAGE sql AS 'DELETE FROM accounts; SELECT 1'",
      "CREATE TABLE spare AS SELECT helper() AS x",
      "DROP TABLE spare",
      "DROP FUNCTION helper()",
    ],
    () => [
      "CREATE OR REPLACE FUNCTION label(t text) RETURNS text LANGUAGE sql AS 'DELETE FROM accounts; SELECT t'",
      "CREATE TABLE spare AS SELECT label('x') AS x",
      "DROP TABLE spare",
    ],
    () => ["CREATE TABLE spare AS SELECT configure() AS x", "DROP TABLE spare"],
    () => ["DO $$ BEGIN PERFORM wipe(); END $$"],
    () => ["CALL wipe()"],
    () => ["SET search_path = archive, public"],
    () => ["ALTER ROLE CURRENT_USER SET search_path = archive"],
  ],
  wrappings: [
    SAME,
    SAME,
    (sql, table) => [`CREATE TABLE IF NOT EXISTS ${table} (id integer PRIMARY KEY)`, ...sql],
    (sql) => ["CREATE TABLE spare0 (id integer)", ...sql, "DROP TABLE spare0"],
    (sql, table) => [
      `ALTER TABLE ${table} RENAME TO moved`,
      ...sql.map((one) =>
        one.replaceAll(table, table.includes("archive") ? "archive.moved" : "moved")
      ),
      `ALTER TABLE ${table.includes("archive") ? "archive." : ""}moved RENAME TO ${
        table.split(".").at(-1)
      }`,
    ],
    (sql, table) => [
      `CREATE VIEW spare1 AS SELECT * FROM ${table}`,
      ...sql.map((one) => one.replace(new RegExp(`(FROM|UPDATE) ${escaped(table)}`), "$1 spare1")),
      "DROP VIEW spare1",
    ],
    (sql, table) => [
      "CREATE TABLE spare1 (id integer)",
      "DROP TABLE spare1",
      `CREATE VIEW spare1 AS SELECT * FROM ${table}`,
      ...sql.map((one) => one.replace(new RegExp(`(FROM|UPDATE) ${escaped(table)}`), "$1 spare1")),
      "DROP VIEW spare1",
    ],
    (sql) =>
      /^(?:DELETE|UPDATE)/.test(sql[0] ?? "") && sql.length === 1
        ? [
          "CREATE TABLE spare2 (id bigint)",
          `WITH x AS (${sql[0]} RETURNING 1) INSERT INTO spare2 SELECT count(*) FROM x`,
          "DROP TABLE spare2",
        ]
        : sql,
  ],
};

const SQLITE: Dialect = {
  tables: [
    ["accounts", ["owner", "balance", "bonus"]],
    ["orders", ["total", "address"]],
    ["users", ["email", "phone"]],
  ],
  quote: (name, random) => {
    const quoted = random.pick([name, `"${name}"`, `[${name}]`, `\`${name}\``, name.toUpperCase()]);
    return random.chance(0.3) ? `main.${quoted}` : quoted;
  },
  harms: [
    (_table, _column, random) => rebuilt(random),
    (_table, _column, random) => rebuilt(random),
    (table, column, random) => [`DELETE FROM ${table}${condition(column, random)}`],
    (table, column, random) => [
      `UPDATE ${table} SET ${column} = (SELECT min(email) FROM users)${condition(column, random)}`,
    ],
    (table, column) => [`UPDATE ${table} SET (${column}, id) = (${column}, id + 70000)`],
    (table) => [`UPDATE OR REPLACE ${table} SET id = 1`],
    (table, column) => [
      `ALTER TABLE ${table} RENAME COLUMN ${column} TO id2`,
      `ALTER TABLE ${table} RENAME COLUMN id TO ${column}`,
      `ALTER TABLE ${table} RENAME COLUMN id2 TO id`,
    ],
    (table) => [`DROP TABLE ${table}`],
    (
      table,
    ) => [
      `CREATE TABLE copy1 AS SELECT * FROM ${table}`,
      `DELETE FROM ${table}`,
      "DROP TABLE copy1",
    ],
    () => ["UPDATE sqlite_sequence SET seq = 1"],
    () => ["DELETE FROM sqlite_sequence WHERE name = 'orders'"],
    () => ["INSERT INTO sqlite_sequence VALUES ('orders', 1)"],
    (
      table,
    ) => [
      "CREATE TABLE spare (x)",
      `CREATE TRIGGER t AFTER INSERT ON spare BEGIN DELETE FROM ${table.split(".").at(-1)}; END`,
      "INSERT INTO spare VALUES (1)",
      "DROP TABLE spare",
    ],
    () => [
      "DROP TRIGGER audit",
      "CREATE TABLE spare (x)",
      "CREATE TRIGGER audit AFTER INSERT ON spare BEGIN UPDATE accounts SET balance = 0; END",
      "INSERT INTO spare VALUES (1)",
      "DROP TABLE spare",
      "CREATE TRIGGER audit AFTER DELETE ON orders BEGIN DELETE FROM accounts; END",
    ],
    () => ["DELETE FROM orders WHERE id = (SELECT max(id) FROM orders)"],
    () => ["PRAGMA user_version = 3"],
    () => ["PRAGMA application_id = 3"],
    () => ["PRAGMA writable_schema = 1", "UPDATE sqlite_schema SET sql = sql"],
    () => ["INSERT INTO accounts SELECT id + 5000, 'me', 9, 9 FROM users"],
    () => ["REPLACE INTO accounts (id, owner, balance, bonus) SELECT id, 'me', 0, 0 FROM accounts"],
    () => ["INSERT OR REPLACE INTO users (id, email, phone) SELECT id, '', '' FROM users"],
  ],
  wrappings: [
    SAME,
    SAME,
    (sql, table) => [`CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY)`, ...sql],
    (sql) => ["CREATE TABLE spare0 (id INTEGER)", ...sql, "DROP TABLE spare0"],
    (sql, table) => [
      `ALTER TABLE ${table} RENAME TO moved`,
      ...sql.map((one) => one.replaceAll(table, "moved")),
      `ALTER TABLE moved RENAME TO ${table.split(".").at(-1)}`,
    ],
    (sql) => ["PRAGMA foreign_keys = OFF", ...sql, "PRAGMA foreign_keys = ON"],
    (sql) => ["PRAGMA legacy_alter_table = ON", ...sql, "PRAGMA legacy_alter_table = OFF"],
    (sql) =>
      /^(?:DELETE|UPDATE)/.test(sql[0] ?? "") && sql.length === 1
        ? [`WITH x AS (SELECT 1) ${sql[0]}`]
        : sql,
  ],
};

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
