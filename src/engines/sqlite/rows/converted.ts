/** What columns hold after a table is made again and filled by `INSERT INTO ... SELECT`, found out before. */

import { lastName } from "../../../core/name.ts";
import type { Converted, ObservedTable } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { ConversionOptions } from "../../engine.ts";
import { unquoted } from "../../../sql/name.ts";
import { type Token, tokensOf } from "../../../sql/scanner.ts";
import { lexicon } from "../lexicon.ts";
import { fold } from "../tokens.ts";
import { isRefusal } from "./expected.ts";
import { always } from "./names.ts";
import { exact } from "./observe.ts";

/** See `Rows.converted`. */
export async function converted(
  database: ScratchDatabase,
  { columns, statements }: ConversionOptions,
): Promise<readonly Converted[]> {
  const copies = statements.flatMap(copyIn);
  const found: Converted[] = [];
  for (const { table, column, type } of columns) {
    const name = fold(lastName(table.name));
    const [copy, ...more] = copies.filter(({ source }) => fold(source) === name);
    const expression = copy?.expressions.get(column);
    if (copy === undefined || more.length > 0 || expression === undefined) continue;
    const rows = await rowsBy(database, { table, column, type, expression, from: copy.from });
    if (rows !== null) found.push({ table: table.id, column, expected: { ...table, rows } });
  }
  return found;
}

/** A copy of a table's rows as a statement says it. */
interface Copy {
  readonly source: string;
  /** What stands from FROM on. */
  readonly from: string;
  /** By the folded names of the columns that they are for. */
  readonly expressions: ReadonlyMap<string, string>;
}

function copyIn(sql: string): readonly Copy[] {
  const tokens = tokensOf(sql, lexicon).filter(({ kind }) =>
    kind !== "blank" && kind !== "comment"
  );
  const textOf = ({ start, end }: Token) => sql.slice(start, end);
  const isWord = (token: Token | undefined, word: string) =>
    token?.kind === "word" && textOf(token).toLowerCase() === word;
  let depth = 0;
  const levels = tokens.map((token) => {
    const text = textOf(token);
    if (text === ")") depth--;
    const level = depth;
    if (text === "(") depth++;
    return level;
  });
  const at = (word: string) => tokens.findIndex((one, at) => levels[at] === 0 && isWord(one, word));
  const [select, from] = [at("select"), at("from")];
  if (!isWord(tokens[0], "insert") || select < 0 || from < select) return [];
  const open = tokens.findIndex((token) => textOf(token) === "(");
  const source = tokens[from + 1];
  const tail = tokens[from];
  if (open < 0 || open > select || source === undefined || tail === undefined) return [];
  const split = (start: number, end: number, level: number): readonly string[] => {
    const parts: Token[][] = [[]];
    for (let index = start; index < end; index++) {
      const token = tokens[index];
      if (token === undefined) continue;
      if (textOf(token) === "," && levels[index] === level) parts.push([]);
      else parts.at(-1)?.push(token);
    }
    return parts.map((part) => sql.slice(part[0]?.start ?? 0, part.at(-1)?.end ?? 0));
  };
  const names = split(open + 1, select - 1, 1).map((name) => fold(unquoted(name)));
  const values = split(select + 1, from, 0);
  if (names.length !== values.length) return [];
  return [{
    source: unquoted(textOf(source)),
    from: sql.slice(tail.start),
    expressions: new Map(names.map((name, index) => [name, values[index] ?? "NULL"])),
  }];
}

const PLAIN_TYPE = /^[\w ,()]*$/;

/** A column of the new type takes the values, as it converts them itself. */
async function rowsBy(
  database: ScratchDatabase,
  { table, column, type, expression, from }: {
    readonly table: ObservedTable;
    readonly column: string;
    readonly type: string;
    readonly expression: string;
    readonly from: string;
  },
): Promise<ObservedTable["rows"] | null> {
  if (!PLAIN_TYPE.test(type)) return null;
  const keys = table.columns.map(({ key }) => key);
  const columns = keys.map((key, at) => key === column ? `c${at} ${type}` : `c${at} BLOB`);
  const values = keys.map((key) => key === column ? `(${expression})` : always(key));
  try {
    await database.exec(
      `BEGIN; CREATE TEMP TABLE aim_converted (${columns.join(", ")});
      INSERT INTO temp.aim_converted SELECT ${values.join(", ")} ${from}`,
    );
    const rows = await database.query<Record<string, string>>(
      `SELECT ${keys.map((_, at) => `${exact(`c${at}`)} AS c${at}`).join(", ")}
      FROM temp.aim_converted`,
    );
    return rows.map((row) =>
      keys.map((_, at) => {
        const value = row[`c${at}`];
        return value === undefined || value === "NULL" ? null : value;
      })
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  } finally {
    await database.exec("ROLLBACK").catch((error: unknown) => {
      // Some refusals end the transaction themselves.
      if (!isRefusal(error)) throw error;
    });
  }
}
