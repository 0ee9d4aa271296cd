/** A digest of a database's whole catalog. */

import { createHash } from "node:crypto";
import type { Connection } from "../../runtimes/runtime.ts";

/** Equal for equal catalogs; another order of creation gives another one. */
export async function fingerprint(database: Connection): Promise<string> {
  const rows = await database.query<{ readonly entry: string }>(
    "SELECT json_array(type, name, tbl_name, sql) AS entry FROM sqlite_schema ORDER BY rowid",
  );
  const hash = createHash("sha256");
  for (const { entry } of rows) hash.update(entry).update("\n");
  return hash.digest("hex");
}
