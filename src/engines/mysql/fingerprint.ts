/** A digest of a database's whole catalog. */

import { createHash } from "node:crypto";
import type { Connection } from "../../runtimes/runtime.ts";
import { type CatalogRows, readRows } from "./catalog/rows.ts";

/** Equal for equal catalogs. */
export async function fingerprint(connection: Connection): Promise<string> {
  return digestOf(await readRows(connection));
}

/** The same for a catalog that was read. */
export function digestOf({ defaults: _, ...rows }: CatalogRows): string {
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}
