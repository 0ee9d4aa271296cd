import assert from "node:assert/strict";
import test from "node:test";
import { engineNamed } from "../../src/engines/mod.ts";
import { readSchemaText } from "../../src/requests/schema_text.ts";
import { withStatements } from "../../src/requests/whole_statements.ts";

const { engine } = await engineNamed("postgres");

const USERS = `CREATE TABLE users (
  id bigint PRIMARY KEY, -- never shown
  name text NOT NULL, -- as they write it
  /* where from */
  source text
);
`;

/** The schema with the statement of the table written otherwise, or what is wrong with that. */
function edited(sql: string, schema = USERS): string {
  const read = readSchemaText([{ path: "schema.sql", text: schema }], engine);
  const applied = withStatements(read, [{ label: "table users", sql }]);
  return "fault" in applied ? applied.fault : applied.files[0]?.text ?? "";
}

const CASES: readonly (readonly [title: string, sql: string, becomes: string])[] = [
  [
    "without comments they stay where they are",
    "CREATE TABLE public.users (id bigint PRIMARY KEY, name text NOT NULL, source text, phone text)",
    `CREATE TABLE public.users (
  id bigint PRIMARY KEY, -- never shown
  name text NOT NULL, -- as they write it
  /* where from */
  source text,
  phone text
);
`,
  ],
  [
    "an option behind the members",
    "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, source text) WITH (fillfactor = 70)",
    USERS.replace("\n);", "\n) WITH (fillfactor = 70);"),
  ],
  [
    "a column between two with comments, and another type",
    "CREATE UNLOGGED TABLE users (id bigint PRIMARY KEY, name varchar(80) NOT NULL, nick text, source text)",
    `CREATE UNLOGGED TABLE users (
  id bigint PRIMARY KEY, -- never shown
  name varchar(80) NOT NULL, -- as they write it
  /* where from */
  nick text,
  source text
);
`,
  ],
  [
    "what came as ALTER ADD",
    "ALTER TABLE users ADD COLUMN phone text, ADD CONSTRAINT named CHECK (name <> '')",
    USERS.replace(
      "  source text\n",
      "  source text,\n  phone text,\n  CONSTRAINT named CHECK (name <> '')\n",
    ),
  ],
  [
    "what came as ALTER DROP",
    "ALTER TABLE ONLY users DROP COLUMN IF EXISTS name CASCADE",
    USERS.replace("  name text NOT NULL, -- as they write it\n", ""),
  ],
  [
    "what came as ALTER RENAME",
    "ALTER TABLE users RENAME COLUMN source TO origin",
    USERS.replace("source", "origin"),
  ],
  [
    "a column that is there already",
    "ALTER TABLE users ADD name text",
    '"table users" came as ALTER; give the whole CREATE TABLE as it is to be',
  ],
  [
    "an ALTER of another table",
    "ALTER TABLE orders ADD phone text",
    '"table users" came as ALTER; give the whole CREATE TABLE as it is to be',
  ],
  [
    "an ALTER that does more",
    "ALTER TABLE users ALTER name TYPE int",
    '"table users" came as ALTER; give the whole CREATE TABLE as it is to be',
  ],
  [
    "a comment in what goes",
    "CREATE TABLE users (id bigint PRIMARY KEY) WITH (fillfactor = 70)",
    '"table users" has lost a comment, which must stay: -- never shown',
  ],
];

for (const [title, sql, becomes] of CASES) {
  test(`a statement written anew: ${title}`, () => assert.equal(edited(sql), becomes));
}
