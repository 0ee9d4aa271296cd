/** A sample of the rows of a MySQL or MariaDB database that people use. */

import { DatabaseError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Session } from "../../runtimes/mysql_server/session.ts";
import { rowWriterOf } from "../common/row_writer.ts";
import type { Cell, CellKind, RowReader, SampledRows, SampledTable } from "../live.ts";
import { fold } from "./catalog/scope.ts";
import type { ColumnFacts } from "./facts.ts";
import { literal, quote } from "./quote.ts";
import { type SeedTable, seedTables } from "./rows/tables.ts";

/** The most characters of a text, bytes of a binary value, and characters of any other value that are read. */
const LONGEST_TEXT = 2000;
const LONGEST = 20_000;

/** Of an answer, in bytes. */
const MOST_BYTES = 1 << 28;

/** What the session must have so that times are those of a new session where the rows are put in. */
const BEGIN =
  "SET SESSION time_zone = '+00:00'; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

/** Reads in one transaction, of one state of the tables that have such. */
export async function sampleRows<T>(
  session: Session,
  snapshot: Snapshot,
  work: (reader: RowReader) => Promise<T>,
): Promise<T> {
  await session.run(BEGIN);
  try {
    return await work(new MysqlRows(session, snapshot));
  } finally {
    if (!session.isDead) await session.run("ROLLBACK; SET SESSION time_zone = DEFAULT");
  }
}

class MysqlRows implements RowReader {
  readonly #session: Session;
  readonly #snapshot: Snapshot;
  readonly #kinds = new Map<SampledTable, readonly ColumnKind[]>();

  constructor(session: Session, snapshot: Snapshot) {
    this.#session = session;
    this.#snapshot = snapshot;
  }

  async tables(): Promise<readonly SampledTable[]> {
    const tables = [...seedTables(this.#snapshot).values()];
    const byName = new Map(tables.map((table) => [fold(table.name), table]));
    const sampled: SampledTable[] = [];
    for (const table of tables) {
      const one = sampledTable(table, { byName, refused: await this.#refusal(table) });
      this.#kinds.set(one, table.columns.map(({ facts }) => kindOf(facts)));
      sampled.push(one);
    }
    return sampled;
  }

  async rows(table: SampledTable, which: SampledRows): Promise<readonly (readonly Cell[])[]> {
    const kinds = this.#kinds.get(table) ?? [];
    const values = table.columns.map(({ name }, at) =>
      `${kinds[at]?.read(quote(name)) ?? quote(name)} AS c${at}`
    );
    const order = table.key.map(quote).join(", ");
    const found = await this.#session.ask<Record<string, unknown>>(
      `SELECT ${values.join(", ")} FROM ${table.quoted}${conditionSql(which)}${
        order === "" ? "" : ` ORDER BY ${order}`
      }${"first" in which ? ` LIMIT ${which.first}` : ""}`,
      MOST_BYTES,
    );
    return found.map((row) =>
      table.columns.map((_, at): Cell => {
        const value = row[`c${at}`] ?? null;
        return value === null ? null : { kind: kinds[at]?.kind ?? "other", text: String(value) };
      })
    );
  }

  async #refusal({ name }: SeedTable): Promise<string | null> {
    try {
      await this.#session.ask(`SELECT 1 FROM ${quote(name)} LIMIT 0`, MOST_BYTES);
      return null;
    } catch (error) {
      if (!(error instanceof DatabaseError) || !DENIED.has(error.code)) throw error;
      return "the account may not read it";
    }
  }
}

/** Numbers of the errors for a table or a column that an account may not read. */
const DENIED: ReadonlySet<string> = new Set(["1142", "1143"]);

function sampledTable(
  table: SeedTable,
  { byName, refused }: {
    readonly byName: ReadonlyMap<string, SeedTable>;
    readonly refused: string | null;
  },
): SampledTable {
  const key = table.keys.map((columns) => namesIn(table, columns))
    .find((names) => names.length > 0 && names.every((name) => isRequired(table, name)));
  return {
    id: table.id,
    quoted: quote(table.name),
    columns: table.columns.map(({ name, facts }) => ({
      name,
      isRequired: facts.not_null === true,
      length: lengthOf(facts.type),
    })),
    key: key ?? [],
    references: table.references.flatMap(({ columns, table: name, references }) => {
      const other = byName.get(fold(name));
      if (other === undefined) return [];
      const [own, others] = [namesIn(table, columns), namesIn(other, references)];
      return own.length !== columns.length || others.length !== own.length
        ? []
        : [{ columns: own, table: other.id, others }];
    }),
    checks: table.rules.flatMap(({ text }) => text === "" ? [] : [text]),
    refused,
  };
}

/** The columns of these names as their table writes them; none where one of them takes no values. */
function namesIn({ columns }: SeedTable, names: readonly string[]): readonly string[] {
  const found = names.flatMap((wanted) =>
    columns.find(({ name }) => fold(name) === fold(wanted))?.name ?? []
  );
  return found.length === names.length ? found : [];
}

function isRequired({ columns }: SeedTable, name: string): boolean {
  return columns.some((column) => column.name === name && column.facts.not_null === true);
}

function lengthOf(type: string): number | null {
  const length = /^(?:var)?char\((\d+)\)/.exec(type)?.[1];
  return length === undefined ? null : Number(length);
}

interface ColumnKind {
  readonly kind: CellKind;
  /** The query for a value as text. */
  read(column: string): string;
}

const asHex = (column: string) => `HEX(LEFT(${column}, ${LONGEST_TEXT}))`;
const asText = (column: string) => `LEFT(CONVERT(${column} USING utf8mb4), ${LONGEST_TEXT})`;
const asWhole = (column: string) => `LEFT(CAST(${column} AS char), ${LONGEST})`;

/** By the type; a check of MariaDB's tells its JSON from a text. */
const KINDS: readonly (readonly [RegExp, ColumnKind])[] = [
  [/^(?:tinyint\(1\)|bool)/, { kind: "boolean", read: asWhole }],
  [/^bit\b/, { kind: "number", read: (column) => `${column} + 0` }],
  [/^(?:(?:tiny|small|medium|big)?int|integer|decimal|numeric|float|double|real|year)\b/, {
    kind: "number",
    read: asWhole,
  }],
  [/^(?:date|datetime|timestamp)\b/, { kind: "date", read: asWhole }],
  // A time of the day says nothing of anybody.
  [/^(?:enum|set|time)\b/, { kind: "enum", read: asWhole }],
  [/^json\b/, { kind: "json", read: asWhole }],
  [/^uuid\b/, { kind: "uuid", read: asWhole }],
  [/^inet[46]\b/, { kind: "address", read: asWhole }],
  [/char|text/, { kind: "text", read: asText }],
  [/binary|blob/, { kind: "bytes", read: asHex }],
];

function kindOf({ type, check }: ColumnFacts): ColumnKind {
  if (check !== undefined && /^json_valid\(/i.test(check)) return { kind: "json", read: asWhole };
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ??
    // Places and vectors, as the server stores them.
    { kind: "other", read: (column) => `HEX(${column})` };
}

function conditionSql(which: SampledRows): string {
  if ("first" in which) return "";
  const values = which.values.map((row) =>
    `(${row.map((cell) => cell === null ? "NULL" : valueOf(cell)).join(", ")})`
  );
  return ` WHERE (${which.columns.map(quote).join(", ")}) IN (${values.join(", ")})`;
}

function valueOf({ kind, text }: Exclude<Cell, null>): string {
  if (kind === "bytes" || kind === "other") return `X'${text}'`;
  if (/^(?:number|boolean)$/.test(kind) && /^-?\d+(?:\.\d+)?$/.test(text)) return text;
  return literal(text);
}

/** See `RowWriter`; numbered columns count on behind the values by themselves. */
export const rowWriter = rowWriterOf({ ident: quote, overriding: "", value: valueOf });
