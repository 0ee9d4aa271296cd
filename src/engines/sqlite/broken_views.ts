/** Views that cannot be read. SQLite takes a view whatever it names, and keeps it when what it names is gone. */

import type { Connection } from "../../runtimes/runtime.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { BrokenView } from "../engine.ts";
import { queryCheck } from "./prepare.ts";

/** The views of a snapshot that SQLite cannot compile, in the snapshot's order. Nothing is run. */
export async function brokenViews(
  connection: Connection,
  snapshot: Snapshot,
): Promise<readonly BrokenView[]> {
  const broken: BrokenView[] = [];
  for (const object of snapshot.objects.values()) {
    const query = queryCheck.readAll(object);
    const refusal = query === null ? null : await queryCheck.refusal(connection, query);
    if (refusal !== null) broken.push({ name: object.name, reason: refusal.message });
  }
  return broken;
}
