/** The backfill of an expansion as a procedure that commits after each batch. It can be stopped and run again: what is filled is passed by. */

import type { Expansion } from "../../core/expansion.ts";
import { itself, quote, quotePath } from "./quote.ts";

/** Rows that one batch takes, seconds between two, and after how many batches it is said how far it is. */
const BATCH = 1000;
const PAUSE = "0.05";
const SAID_EVERY = 100;

/** What is done to a table in the order of its primary key. */
export interface Batched {
  readonly table: string;
  readonly key: readonly string[];
  /** Statements for the rows of a batch, for which a condition holds. */
  readonly statements: (condition: string) => readonly string[];
}

/** Makes the procedure, which may have been left by a run that was stopped, runs it and drops it. */
export function inProcedure(name: string, body: string): readonly string[] {
  const procedure = quote(name);
  return [
    `DROP PROCEDURE IF EXISTS ${procedure}`,
    `CREATE PROCEDURE ${procedure}()\n${body}`,
    `CALL ${procedure}()`,
    `DROP PROCEDURE ${procedure}`,
  ];
}

/** The backfill of columns from others of their table. */
export function backfillStatements(expansion: Expansion, name: string): readonly string[] {
  const { table, key, old, fresh, stamped } = expansion;
  const [touched] = old;
  if (touched === undefined) throw new Error("Cannot fill from no column");
  const open = `${fresh.map(({ name }) => `${quote(name)} IS NULL`).join(" AND ")} AND (${
    old.map(({ name }) => `${quote(name)} IS NOT NULL`).join(" OR ")
  })`;
  const update = (range: string) =>
    `UPDATE ${quotePath(table)} SET ${
      itself([touched.name, ...stamped]).join(", ")
    }\n        WHERE ${range} AND ${open}`;
  return inProcedure(name, inBatches({ table, key, statements: (range) => [update(range)] }));
}

/** The body of a procedure that commits after each batch. Keys stand in variables of the session, which take the type of what they get. */
export function inBatches({ table: path, key, statements }: Batched): string {
  const table = quotePath(path);
  const columns = key.map(quote).join(", ");
  const variables = (end: "from" | "to") => key.map((_, at) => `@aim_${end}_${at + 1}`);
  const [from, to] = [variables("from"), variables("to")];
  const clear = (list: readonly string[]) =>
    `SET ${list.map((variable) => `${variable} = NULL`).join(", ")};`;
  const behind = compared(key, from, ">=");
  const run = (range: string) =>
    statements(range).map((sql) => `${sql};\n      SET aim_batch = aim_batch + ROW_COUNT();`).join(
      "\n      ",
    );
  return `BEGIN
  DECLARE aim_filled BIGINT DEFAULT 0;
  DECLARE aim_batches BIGINT DEFAULT 0;
  DECLARE aim_batch BIGINT DEFAULT 0;
  ${clear(from)}
  SELECT ${columns} INTO ${from.join(", ")} FROM ${table} ORDER BY ${columns} LIMIT 1;
  WHILE @aim_from_1 IS NOT NULL DO
    ${clear(to)}
    SELECT ${columns} INTO ${to.join(", ")} FROM ${table}
      WHERE ${behind} ORDER BY ${columns} LIMIT 1 OFFSET ${BATCH};
    SET aim_batch = 0;
    IF @aim_to_1 IS NULL THEN
      ${run(behind)}
    ELSE
      ${run(`${behind} AND ${compared(key, to, "<")}`)}
    END IF;
    COMMIT;
    SET aim_filled = aim_filled + aim_batch, aim_batches = aim_batches + 1;
    IF aim_batches MOD ${SAID_EVERY} = 0 OR @aim_to_1 IS NULL THEN
      SELECT aim_filled AS rows_filled;
    END IF;
    SET ${key.map((_, at) => `@aim_from_${at + 1} = @aim_to_${at + 1}`).join(", ")};
    IF aim_batch > 0 THEN
      DO SLEEP(${PAUSE});
    END IF;
  END WHILE;
END`;
}

/** A key before or behind another, column by column: the server goes by an index then, which it does not for rows in parentheses. */
function compared(
  key: readonly string[],
  bounds: readonly string[],
  operator: ">=" | "<",
): string {
  const strict = operator === ">=" ? ">" : "<";
  const parts = key.map((column, at) => {
    const equal = key.slice(0, at).map((name, index) => `${quote(name)} = ${bounds[index]}`);
    const last = at === key.length - 1 ? operator : strict;
    return [...equal, `${quote(column)} ${last} ${bounds[at]}`].join(" AND ");
  });
  return parts.length === 1 ? parts.join("") : `(${parts.map((part) => `(${part})`).join(" OR ")})`;
}
