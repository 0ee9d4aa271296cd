/** Tables that are built anew, and whose new constraints the rows of the old one do not fit. */

import { lastName } from "../core/name.ts";
import type { Alarm, Examined } from "./rule.ts";
import { rebuilds } from "./tables.ts";

/** An alarm for each copy of rows into a rebuilt table that made rows were refused by, where the server's words are these. */
export function refusedRebuilds(
  migration: Examined,
  words: RegExp,
  fault: string,
): readonly Alarm[] {
  const { statements, nameKey } = migration;
  return rebuilds(migration).flatMap(({ table }) => {
    const own = nameKey(lastName(table.name));
    const copy = statements.find(({ isRefusedByRows, failure, operations, sql }) =>
      isRefusedByRows && words.test(failure ?? "") && nameKey(sql).includes(own) &&
      operations.some(({ action }) => action === "insert")
    );
    if (copy === undefined) return [];
    const message = `Rows of ${table.name} ${fault}: ${copy.failure}`;
    return [{ statement: copy, object: table.name, message }];
  });
}
