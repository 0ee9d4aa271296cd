/** What sqitch notes down in its registry: each change that is deployed, with the SHA-1 of its script. */

import { createHash } from "node:crypto";
import type { BooksHistory, RunnerBooks } from "../format.ts";
import { sqitchConf } from "./conf.ts";
import { readPlan } from "./plan.ts";
import { deployed, firstRows, reverted } from "./registry.ts";

/** `sqitch.changes`. */
export const books: RunnerBooks = {
  table: "changes",
  schema: "sqitch",
  beside: "sqitch.db",
  columns: ["change", "project", "script_hash", "committed_at"],
  orderBy: ["committed_at"],
  applications: {
    columns: ["change", "committed_at", "committer_name", "committer_email"],
    of: ({ change, committed_at: at = null, committer_name: name, committer_email: address }) => ({
      key: keyOf(change ?? "", 0),
      at,
      by: `${name ?? ""} <${address ?? ""}>`,
    }),
  },
  keyOf: ({ name }, earlier) => keyOf(name, earlier),
  read(rows, history) {
    const project = projectOf(history);
    const seen = new Map<string, number>();
    return rows.filter((row) => project === null || row.project === project).map((row) => {
      const name = row.change ?? "";
      const earlier = seen.get(name) ?? 0;
      seen.set(name, earlier + 1);
      return {
        key: keyOf(name, earlier),
        name,
        state: "applied",
        checksum: row.script_hash ?? null,
      };
    });
  },
  checksums: ({ bytes }) => [createHash("sha1").update(bytes).digest("hex")],
  late: "refuses",
  keep: {
    // Of servers that know locks by a text, each database has its own.
    lock: ({ database }) => ({ number: 75474063n, text: `sqitch working on ${database}` }),
    first: firstRows,
    applied: deployed,
    reverted,
  },
  mark: (_, { folder }) => ({
    command: `sqitch${folder === "." ? "" : ` -C ${folder}`} deploy --log-only`,
  }),
};

/** A change that was reworked has the name of the one before. */
function keyOf(name: string, earlier: number): string {
  return earlier === 0 ? name : `${name} (${earlier + 1})`;
}

/** One registry serves several projects. */
function projectOf({ files }: BooksHistory): string | null {
  const conf = sqitchConf(files.find((file) => file.path === "sqitch.conf"));
  const plan = files.find((file) => file.path === conf.plan);
  return plan === undefined ? null : readPlan(plan).project;
}
