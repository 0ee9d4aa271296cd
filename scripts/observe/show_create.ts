/** What SHOW CREATE, from which the dump programs of MySQL and MariaDB take all they write, says of a database. */

import { queryEach } from "../../src/runtimes/query_each.ts";
import type { Connection } from "../../src/runtimes/runtime.ts";

/** Statements in alphabetical order, up to the order of columns and keys and to what is said twice; definers and counters are left out. */
export async function showCreate(database: Asked): Promise<string> {
  const [[head = {}] = [], collations = [], found = []] = await askEach(database, [
    DATABASE_OF_SESSION,
    COLLATIONS,
    ALL_THERE.join(" UNION ALL "),
  ]);
  const defaults = new Map(
    collations.map(({ charset = "", collation = "" }) => [charset, collation]),
  );
  const things = found.map(({ type = "", name = "", place }) => ({
    word: WORDS[type] ?? type,
    name,
    place,
  }));
  const shown = await askEach(
    database,
    things.map(({ word, name }) => `SHOW CREATE ${word} ${quoted(name)}`),
  );
  const parts = things.map(({ word, place }, at) => {
    const text = normalStatement(shown[at]?.[0] ?? {}, head);
    if (word === "TRIGGER") return `${text} -- ${place}`;
    return word === "TABLE" ? normalTable(text, defaults) : text;
  });
  return [`DATABASE ${head.charset} ${head.collation}`, ...parts].sort().join("\n");
}

type Asked = Pick<Connection, "query" | "queryEach">;

const DATABASE_OF_SESSION =
  `SELECT schema_name AS name, default_character_set_name AS charset, default_collation_name AS collation
   FROM information_schema.schemata WHERE schema_name = database()`;

const COLLATIONS = `SELECT character_set_name AS charset, collation_name AS collation
   FROM information_schema.collations WHERE is_default = 'Yes'`;

/** Kinds and names of all there is, and the place of triggers among those of their event. */
const ALL_THERE = [
  `SELECT table_type AS type, table_name AS name, '' AS place FROM information_schema.tables WHERE table_schema = database()`,
  `SELECT routine_type, routine_name, '' FROM information_schema.routines WHERE routine_schema = database()`,
  `SELECT 'TRIGGER', trigger_name, concat('', action_order) FROM information_schema.triggers WHERE trigger_schema = database()`,
  `SELECT 'EVENT', event_name, '' FROM information_schema.events WHERE event_schema = database()`,
];

/** What SHOW CREATE calls a kind, where that is another word. */
const WORDS: Readonly<Record<string, string>> = {
  "BASE TABLE": "TABLE",
  "SYSTEM VERSIONED": "TABLE",
  TEMPORARY: "TABLE",
};

type Row = Partial<Record<string, string>>;

/** The rows of each query, by columns in small letters. */
async function askEach(database: Asked, queries: readonly string[]): Promise<readonly Row[][]> {
  const answers = await queryEach<Record<string, string>>(database, queries);
  return answers.map((rows) =>
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]))
    )
  );
}

/** The statement of a row of SHOW CREATE, with the modes that it was made under. */
function normalStatement(row: Row, { name = "", charset = "", collation = "" }: Row): string {
  const text = Object.entries(row).find(([column]) => /^(?:create |sql original)/.test(column));
  const plain = String(text?.[1] ?? "")
    .replaceAll(`${quoted(name)}.`, "")
    .replace(/ DEFINER=(?:`(?:[^`]|``)*`|"[^"]*")@(?:`(?:[^`]|``)*`|"[^"]*")/, "");
  if (row.sql_mode === undefined) return plain;
  // Of parameters and variables, what they would have of their database anyway.
  const code = normalCode(plain).replaceAll(` charset ${charset} collate ${collation}`, "");
  return `${code} -- ${row.sql_mode}`;
}

function normalTable(text: string, defaults: ReadonlyMap<string, string>): string {
  const [head = "", ...lines] = text.split("\n");
  const end = lines.findIndex((line) => line.startsWith(")"));
  const options = (lines[end] ?? "").replace(/ AUTO_INCREMENT=\d+/, "");
  const charset = /CHARSET=(\w+)/.exec(options)?.[1] ?? "";
  const own = /COLLATE=(\w+)/.exec(options)?.[1] ?? defaults.get(charset) ?? "";
  const members = lines.slice(0, end).map((line) => normalMember(line, own, defaults)).sort();
  return [head, ...members, options, ...lines.slice(end + 1)].join("\n");
}

/** Without what holds anyway: the table's own collation, and a character set that the collation is of. Names of members in small letters. */
function normalMember(line: string, own: string, defaults: ReadonlyMap<string, string>): string {
  const [, charset, collation] = / CHARACTER SET (\w+)(?: COLLATE (\w+))?/.exec(line) ??
    / ( )?COLLATE (\w+)/.exec(line) ?? [];
  const meant = collation ?? defaults.get(charset ?? "");
  const text = line.replace(/,$/, "").replace(/ CHARACTER SET \w+/, "").replace(
    / COLLATE \w+/,
    "",
  );
  const named = text.replaceAll(/`[^`]*`/g, (name) => name.toLowerCase());
  return meant === undefined || meant === own ? named : `${named} COLLATE ${meant}`;
}

/** Code without its layout, quotes of names and the case of words; texts stay as they are. */
function normalCode(text: string): string {
  return text.replaceAll(
    /'(?:[^'\\]|''|\\.)*'|`([^`]*)`|[^'`]+/g,
    (piece, name?: string) =>
      piece.startsWith("'")
        ? piece
        : name === undefined
        ? piece.toLowerCase().replaceAll(/\s+/g, " ")
        : name.toLowerCase(),
  )
    .replaceAll(/ (?:follows|precedes) \S+/g, "").replace(/\s*;?\s*$/, "");
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
