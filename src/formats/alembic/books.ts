/** What Alembic notes down: the heads of the revisions that are applied. */

import type { BookEdit } from "../../core/book_edit.ts";
import type { BookRow, RunnerBooks } from "../format.ts";
import { befores, inChain, isRevisionFile, revisionOf } from "./revision.ts";

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
  keep: {
    /** The heads that it follows are none any more. */
    applied({ migration: { version }, files, rows }) {
      const before = befores(files).get(version) ?? [];
      const [first, ...others] = headsOf(rows).filter((id) => before.includes(id));
      return [
        ...others.map((id): BookEdit => ({ edit: "delete", where: { version_num: id } })),
        first === undefined
          ? { edit: "insert", values: { version_num: version } }
          : moved(first, version),
      ];
    },
    /** What it followed are heads again, but for those that another head follows. */
    reverted({ migration: { version }, files, rows }) {
      const chain = befores(files);
      const before = chain.get(version) ?? [];
      const others = headsOf(rows).filter((id) => id !== version);
      const covered = new Set(
        [...others, ...before.flatMap((id) => chain.get(id) ?? [])].flatMap((id) => [
          id,
          ...ancestors(id, chain),
        ]),
      );
      const [first, ...more] = before.filter((id) => !covered.has(id));
      return first === undefined ? [{ edit: "delete", where: { version_num: version } }] : [
        moved(version, first),
        ...more.map((id): BookEdit => ({ edit: "insert", values: { version_num: id } })),
      ];
    },
  },
};

function headsOf(rows: readonly BookRow[]): readonly string[] {
  return rows.map(({ version_num: id }) => id ?? "");
}

function moved(from: string, to: string): BookEdit {
  return { edit: "update", values: { version_num: to }, where: { version_num: from } };
}

function ancestors(id: string, chain: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return (chain.get(id) ?? []).flatMap((one) => [one, ...ancestors(one, chain)]);
}
