/** Where the models stand that DDL was made of, as comments in it say: `-- atlas:pos orders[type=table] app/models.py:12`. */

import type { Place } from "../core/statement.ts";

const STATED =
  /^--\s*atlas:pos\s+(\S+?)\[type=([\w ]+)\]\s+(.+?):(\d+)(?::(\d+))?(?:-\d+(?::\d+)?)?\s*$/gm;

/** The most places of one text. */
const MOST = 50_000;

/** Places by the names of tables, and of columns as `table.column`. */
export function statedPlaces(ddl: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const [, name = "", , file = "", line = "1", column = "1"] of ddl.matchAll(STATED)) {
    if (places.size >= MOST) break;
    if (!places.has(name)) places.set(name, { file, line: Number(line), column: Number(column) });
  }
  return places;
}
