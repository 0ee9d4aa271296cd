/** What SHOW CREATE, from which the dump programs of MySQL and MariaDB take all they write, says of a database. */

import type { Connection } from "../../src/runtimes/runtime.ts";

/** Statements in alphabetical order, up to the order of columns and keys and to what is said twice; definers and counters are left out. */
export async function showCreate(database: Connection): Promise<string> {
  const reader = new Reader(database);
  const parts = [
    await reader.defaults(),
    ...await reader.relations(),
    ...await reader.routines(),
    ...await reader.triggers(),
    ...await reader.events(),
  ];
  return parts.sort().join("\n");
}

interface Named {
  readonly name: string;
  readonly type: string;
}

/** The rows of a catalog, as far as they have both. */
function namedIn(rows: readonly Partial<Record<string, string>>[]): readonly Named[] {
  return rows.flatMap(({ name, type }) =>
    name === undefined || type === undefined ? [] : [{ name, type }]
  );
}

class Reader {
  readonly #database: Connection;
  #name = "";
  readonly #collations = new Map<string, string>();

  constructor(database: Connection) {
    this.#database = database;
  }

  async defaults(): Promise<string> {
    const [row] = await this.#rows(
      `SELECT schema_name AS name, default_character_set_name AS charset, default_collation_name AS collation
       FROM information_schema.schemata WHERE schema_name = database()`,
    );
    this.#name = row?.name ?? "";
    const defaults = await this.#rows(
      "SELECT character_set_name AS charset, collation_name AS collation FROM information_schema.collations WHERE is_default = 'Yes'",
    );
    for (const { charset, collation } of defaults) {
      if (charset !== undefined && collation !== undefined) {
        this.#collations.set(charset, collation);
      }
    }
    return `DATABASE ${row?.charset} ${row?.collation}`;
  }

  async relations(): Promise<string[]> {
    const found = await this.#rows(
      `SELECT table_name AS name, table_type AS type FROM information_schema.tables WHERE table_schema = database()`,
    );
    const texts: string[] = [];
    for (const { name, type } of namedIn(found)) {
      const word = type === "VIEW" ? "VIEW" : type === "SEQUENCE" ? "SEQUENCE" : "TABLE";
      const text = await this.#show(`${word} ${quoted(name)}`);
      texts.push(word === "TABLE" ? this.#normalTable(text) : text);
    }
    return texts;
  }

  async routines(): Promise<string[]> {
    const found = await this.#rows(
      `SELECT routine_name AS name, routine_type AS type FROM information_schema.routines WHERE routine_schema = database()`,
    );
    return await this.#showAll(namedIn(found));
  }

  async triggers(): Promise<string[]> {
    const found = await this.#rows(
      `SELECT trigger_name AS name, concat('', action_order) AS place FROM information_schema.triggers WHERE trigger_schema = database()`,
    );
    const texts: string[] = [];
    for (const { name = "", place } of found) {
      texts.push(`${await this.#show(`TRIGGER ${quoted(name)}`)} -- ${place}`);
    }
    return texts;
  }

  async events(): Promise<string[]> {
    const found = await this.#rows(
      `SELECT event_name AS name, 'EVENT' AS type FROM information_schema.events WHERE event_schema = database()`,
    );
    return await this.#showAll(namedIn(found));
  }

  async #showAll(found: readonly Named[]): Promise<string[]> {
    const texts: string[] = [];
    for (const { name, type } of found) texts.push(await this.#show(`${type} ${quoted(name)}`));
    return texts;
  }

  /** The statement, with the modes that it was made under. */
  async #show(what: string): Promise<string> {
    const [row = {}] = await this.#database.query<Record<string, unknown>>(`SHOW CREATE ${what}`);
    const entries = Object.entries(row);
    const text = entries.find(([column]) => /^(?:create |sql original)/i.test(column))?.[1] ?? "";
    const mode = entries.find(([column]) => column.toLowerCase() === "sql_mode")?.[1];
    const plain = String(text)
      .replaceAll(`${quoted(this.#name)}.`, "")
      .replace(/ DEFINER=(?:`(?:[^`]|``)*`|"[^"]*")@(?:`(?:[^`]|``)*`|"[^"]*")/, "");
    return mode === undefined ? plain : `${normalCode(plain)} -- ${String(mode)}`;
  }

  async #rows(sql: string): Promise<readonly Partial<Record<string, string>>[]> {
    const rows = await this.#database.query<Record<string, string>>(sql);
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]))
    );
  }

  #normalTable(text: string): string {
    const [head = "", ...lines] = text.split("\n");
    const end = lines.findIndex((line) => line.startsWith(")"));
    const options = (lines[end] ?? "").replace(/ AUTO_INCREMENT=\d+/, "");
    const charset = /CHARSET=(\w+)/.exec(options)?.[1] ?? "";
    const own = /COLLATE=(\w+)/.exec(options)?.[1] ?? this.#collations.get(charset) ?? "";
    const members = lines.slice(0, end).map((line) => this.#normalMember(line, own)).sort();
    return [head, ...members, options, ...lines.slice(end + 1)].join("\n");
  }

  /** Without what holds anyway: the table's own collation, and a character set that the collation is of. Names of members in small letters. */
  #normalMember(line: string, own: string): string {
    const [, charset, collation] = / CHARACTER SET (\w+)(?: COLLATE (\w+))?/.exec(line) ??
      / ( )?COLLATE (\w+)/.exec(line) ?? [];
    const meant = collation ?? this.#collations.get(charset ?? "");
    const text = line.replace(/,$/, "").replace(/ CHARACTER SET \w+/, "").replace(
      / COLLATE \w+/,
      "",
    );
    const named = text.replaceAll(/`[^`]*`/g, (name) => name.toLowerCase());
    return meant === undefined || meant === own ? named : `${named} COLLATE ${meant}`;
  }
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
