/** What Alembic notes down: the heads of the revisions that are applied. */

import type { RunnerBooks } from "../format.ts";
import { inChain, isRevisionFile, revisionOf } from "./revision.ts";

/** `alembic_version`. */
export const books: RunnerBooks = {
  table: "alembic_version",
  columns: ["version_num"],
  orderBy: ["version_num"],
  keyOf: ({ version }) => version,
  /** All that a head follows is applied. */
  read(rows, { files }) {
    const revisions = files.filter(({ path }) => isRevisionFile(path)).map(revisionOf)
      .filter((one) => one !== null);
    const { ordered } = inChain(revisions);
    const applied = new Set(rows.map(({ version_num: id }) => id ?? ""));
    for (const { id, down, dependsOn } of ordered.toReversed()) {
      if (applied.has(id)) { for (const name of [...down, ...dependsOn]) applied.add(name); }
    }
    const known = ordered.map(({ id }) => id).filter((id) => applied.has(id));
    const unknown = [...applied].filter((id) => !known.includes(id));
    return [...known, ...unknown].map((id) => ({
      key: id,
      name: id,
      state: "applied",
      checksum: null,
    }));
  },
  late: "runs",
  mark: ({ migration }) => ({ command: `alembic stamp ${migration.version}` }),
};
