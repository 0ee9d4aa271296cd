/** Rows of virtual tables. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { readVirtualTable } from "../catalog/virtual_table_object.ts";
import { literal } from "../quote.ts";
import { fold } from "../tokens.ts";
import { isRefusal } from "./expected.ts";
import { always, alwaysList } from "./names.ts";
import type { SeedVirtualTable } from "./tables.ts";

/** Rows that one gets. */
const ROWS = 2;

/** Puts rows into a virtual table whose module takes some; one that reads another table is made to read it anew. */
export async function fillVirtual(
  database: ScratchDatabase,
  table: SeedVirtualTable,
): Promise<{ readonly rows: number; readonly reason: string }> {
  const { module, args } = readVirtualTable(table.sql);
  const name = always(table.name);
  const statements = isIndexOfAnother(args.map(({ tokens }) => tokens))
    ? [`INSERT INTO ${name} (${name}) VALUES ('rebuild')`]
    : Array.from({ length: ROWS }, (_, row) => {
      const values = table.columns.map((_, at) => valueOf(fold(module), row + 1, at));
      return `INSERT INTO ${name} (${alwaysList(table.columns)}) VALUES (${values.join(", ")})`;
    });
  await database.exec("SAVEPOINT aim_row");
  try {
    await database.exec(statements.join("; "));
    await database.exec("RELEASE aim_row");
    return { rows: statements.length, reason: "" };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await database.exec("ROLLBACK TO aim_row; RELEASE aim_row");
    return { rows: 0, reason: error.message };
  }
}

/** True for a full-text index whose text is in another table: `content=docs`. */
function isIndexOfAnother(args: readonly (readonly { readonly value: string }[])[]): boolean {
  return args.some((tokens) => {
    const [option, , value] = tokens;
    return fold(option?.value ?? "") === "content" && tokens.length > 2 && value?.value !== "";
  });
}

/** A place in an R*Tree is a number and pairs of ends that rise; anything else is text. */
function valueOf(module: string, row: number, at: number): string {
  return module.startsWith("rtree") ? String(row * 10 + at) : literal(`words ${row} of ${at + 1}`);
}
