/** Updates of a large table as one statement that commits after each batch of rows, by the primary key. */

import { lastName } from "./names.ts";
import { ident, literal, reference } from "./quote.ts";

/** Rows that one batch takes, and seconds between two. */
export const BATCH = 1000;
const PAUSE = "0.05";

/** What is updated. */
export interface Batched {
  /** Full name of the table. */
  readonly table: string;
  /** Columns of its primary key. */
  readonly key: readonly string[];
  /** The name that the update has for the table, where it is another. */
  readonly alias?: string;
  /** The update of the rows for which a condition holds. */
  readonly update: (condition: string) => string;
}

/** The statement. It can be stopped and run again where the update can be. It must run outside of a transaction. */
export function inBatches({ table: name, key, alias, update }: Batched): string {
  const table = reference(name);
  const columns = key.map(ident).join(", ");
  const own = key.map((column) =>
    alias === undefined ? ident(column) : `${alias}.${ident(column)}`
  );
  const row = (names: readonly string[]) => names.length === 1 ? names[0] : `(${names.join(", ")})`;
  const variables = (prefix: string) => key.map((_, at) => `${prefix}${at + 1}`);
  const declared = ["aim_from_", "aim_to_"].flatMap((prefix) =>
    key.map((column, at) => `  ${prefix}${at + 1} ${table}.${ident(column)}%TYPE;\n`)
  ).join("");
  const from = `${row(own)} >= ${row(variables("aim_from_"))}`;
  const body = `
DECLARE
${declared}  aim_filled bigint := 0;
  aim_batch bigint;
BEGIN
  SELECT ${columns} INTO ${
    variables("aim_from_").join(", ")
  } FROM ${table} ORDER BY ${columns} LIMIT 1;
  WHILE aim_from_1 IS NOT NULL LOOP
    SELECT ${columns} INTO ${variables("aim_to_").join(", ")} FROM ${table}
      WHERE ${row(key.map(ident))} >= ${
    row(variables("aim_from_"))
  } ORDER BY ${columns} OFFSET ${BATCH} LIMIT 1;
    IF aim_to_1 IS NULL THEN
      ${update(from)};
    ELSE
      ${update(`${from} AND ${row(own)} < ${row(variables("aim_to_"))}`)};
    END IF;
    GET DIAGNOSTICS aim_batch = ROW_COUNT;
    COMMIT;
    aim_filled := aim_filled + aim_batch;
    RAISE NOTICE '% rows of % are filled', aim_filled, ${literal(lastName(name))};
    ${key.map((_, at) => `aim_from_${at + 1} := aim_to_${at + 1};`).join("\n    ")}
    IF aim_batch > 0 THEN
      PERFORM pg_sleep(${PAUSE});
    END IF;
  END LOOP;
END
`;
  return `DO ${quoted(body)}`;
}

/** A body between dollars that are not in it. */
export function quoted(body: string): string {
  let tag = "$$";
  for (let at = 0; body.includes(tag); at++) tag = `$aim${at}$`;
  return `${tag}${body}${tag}`;
}
