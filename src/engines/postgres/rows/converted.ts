/** What columns hold after `ALTER COLUMN ... TYPE ... USING ...`, found out before. */

import { DatabaseError } from "../../../core/error.ts";
import { lastName, splitName } from "../../../core/name.ts";
import type { Converted, ObservedTable } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { ConversionOptions } from "../../engine.ts";
import { unquoted } from "../../../sql/name.ts";
import { type Token, tokensOf } from "../../../sql/scanner.ts";
import { lexicon } from "../lexicon.ts";
import { withPlainText } from "./plain_text.ts";

/** See `Rows.converted`. */
export async function converted(
  database: ScratchDatabase,
  { columns, statements }: ConversionOptions,
): Promise<readonly Converted[]> {
  const said = statements.flatMap(conversionsIn);
  const found: Converted[] = [];
  for (const { table, column } of columns) {
    const own = said.filter((one) => one.column === column && one.table === lastName(table.name));
    const [only] = own;
    if (only === undefined || own.length > 1) continue;
    const rows = await rowsBy(database, { table, column, expression: only.expression });
    if (rows !== null) found.push({ table: table.id, column, expected: { ...table, rows } });
  }
  return found;
}

/** A conversion as a statement says it, with the expression as SQL of the new type. */
interface Said {
  readonly table: string;
  readonly column: string;
  readonly expression: string;
}

/** The actions of an ALTER TABLE that give columns another type. */
function conversionsIn(sql: string): readonly Said[] {
  const tokens = tokensOf(sql, lexicon).filter(({ kind }) =>
    kind !== "blank" && kind !== "comment"
  );
  const textOf = ({ start, end }: Token) => sql.slice(start, end);
  const is = (token: Token | undefined, word: string) =>
    token !== undefined && token.kind === "word" && textOf(token).toLowerCase() === word;
  if (!is(tokens[0], "alter") || !is(tokens[1], "table")) return [];
  const [head = [], ...more] = actionsOf(tokens, textOf);
  const begin = head.findIndex((token, at) => at > 1 && is(token, "alter"));
  const name = head[begin - 1];
  if (begin < 0 || name === undefined) return [];
  const nameIn = (token: Token) => unquoted(textOf(token));
  return [head.slice(begin), ...more].flatMap((action) => {
    if (!is(action[0], "alter")) return [];
    const column = action[is(action[1], "column") ? 2 : 1];
    const type = action.findIndex((token) => is(token, "type"));
    if (column === undefined || type < 0) return [];
    const using = action.findIndex((token) => is(token, "using"));
    const collate = action.findIndex((token) => is(token, "collate"));
    const ends = [using, collate, action.length].filter((at) => at > type);
    const typeEnd = action[Math.min(...ends) - 1];
    const [typeStart, last] = [action[type + 1], action.at(-1)];
    if (typeStart === undefined || typeEnd === undefined || last === undefined) return [];
    const written = sql.slice(typeStart.start, typeEnd.end);
    const start = using < 0 ? undefined : action[using + 1];
    const value = start === undefined ? textOf(column) : sql.slice(start.start, last.end);
    return [{
      table: nameIn(name),
      column: nameIn(column),
      expression: `(${value})::${written}`,
    }];
  });
}

/** Tokens between the commas that stand in no parentheses. */
function actionsOf(
  tokens: readonly Token[],
  textOf: (token: Token) => string,
): readonly (readonly Token[])[] {
  const actions: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const text = textOf(token);
    if (text === "(" || text === "[") depth++;
    if (text === ")" || text === "]") depth--;
    if (text === "," && depth === 0) actions.push([]);
    else actions.at(-1)?.push(token);
  }
  return actions;
}

async function rowsBy(
  database: ScratchDatabase,
  { table, column, expression }: {
    readonly table: ObservedTable;
    readonly column: string;
    readonly expression: string;
  },
): Promise<ObservedTable["rows"] | null> {
  const always = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const values = table.columns.map(({ key }) => {
    const value = key === column ? `(${expression})` : always(key);
    return `CASE WHEN pg_catalog.num_nulls(${value}) = 0 THEN pg_catalog.format('%s', ${value}) END`;
  });
  // A sequence that is asked would go on for good.
  await database.exec("BEGIN READ ONLY");
  try {
    return await withPlainText(database, async () => {
      const rows = await database.query<{ readonly row: (string | null)[] }>(
        `SELECT pg_catalog.to_json(ARRAY[${
          values.join(", ")
        }]::pg_catalog.text[]) AS row FROM ONLY ${splitName(table.name).map(always).join(".")}`,
      );
      return rows.map(({ row }) => row);
    });
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.name === "EngineEndedError") throw error;
    return null;
  } finally {
    await database.exec("ROLLBACK");
  }
}
