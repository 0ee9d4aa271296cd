/** Which of the two families a database is of. */

import type { Snapshot } from "../../core/snapshot.ts";

/** True for MariaDB, false for MySQL. */
export function isMariadb({ dialect }: Pick<Snapshot, "dialect">): boolean {
  return dialect === "mariadb";
}
