/**
 * What each statement of a migration does to relations that were there before it: read from the session that runs it, so it is measured
 * and not guessed. Relations are joined by oid on our side: a statement may drop or rename what it locked.
 */

import type { MeasuredLock, MeasuredStatement } from "../../../core/measured.ts";
import type { Statement } from "../../../core/statement.ts";
import type { Connection } from "../../../runtimes/runtime.ts";
import type { Measuring } from "../../engine.ts";
import { describable, firstLook, isStillIn, type Look, look, type SeenRelation } from "./look.ts";

/** Begins measuring in the state before a migration. */
export async function measure(database: Connection): Promise<Measuring> {
  const outer = await firstLook(database);
  let isPrepared = true;
  let before = outer;
  let last = outer;
  let objects: ReadonlyMap<string, string> | null = null;
  return {
    begin: async ({ sql }: Statement) => {
      // Nothing runs between two statements of a transaction.
      before = await isStillIn(database, last) ? last : await look(database, isPrepared);
      objects = /\bcascade\b/i.test(sql) ? await describable(database) : null;
    },
    end: async ({ sql }: Statement) => {
      // A refused EXECUTE would end the transaction of the script.
      isPrepared &&= !/\b(?:deallocate|discard)\b/i.test(sql);
      const after = await look(database, isPrepared);
      last = after;
      const measured = effects(outer, before, after);
      if (objects === null) return measured;
      const left = await describable(database);
      const gone = [...objects].filter(([id]) => !left.has(id)).map(([, words]) => words);
      return { ...measured, cascades: gone.filter((words) => !isNamed(words, sql)) };
    },
  };
}

function effects(outer: Look, before: Look, after: Look): MeasuredStatement {
  const nameOf = (oid: number) => outer.relations.get(oid)?.name ?? "";
  const lockOf = ({ oid, mode }: Look["locks"][number]): MeasuredLock => ({
    relation: nameOf(oid),
    mode,
    blocks: BLOCKS[mode] ?? "nothing",
  });
  const isOld = ({ oid }: { readonly oid: number }) => outer.relations.has(oid);
  const isUsed = ({ oid }: { readonly oid: number }) =>
    "rpmvf".includes(outer.relations.get(oid)?.kind ?? "-");
  const had = new Set(before.locks.map(({ oid, mode }) => `${oid} ${mode}`));
  const taken = after.locks.filter((lock) => isUsed(lock) && !had.has(`${lock.oid} ${lock.mode}`));
  const held = before.locks.filter(isUsed);
  const old = [...after.relations.values()].filter(isOld);
  const rewritten = old.filter((relation) =>
    "rpm".includes(relation.kind) && hasNewFile(relation, before) && relation.file !== 0
  );
  const isRewritten = new Set(rewritten.map(({ oid }) => oid));
  const scanned = old.filter(({ oid, kind, scans }) =>
    "rpm".includes(kind) && !isRewritten.has(oid) &&
    scans > (before.relations.get(oid)?.scans ?? 0)
  );
  const files = new Set([...before.relations.values()].map(({ file }) => file));
  const built = [...after.relations.values()].filter((relation) =>
    relation.kind === "i" && outer.relations.has(relation.table) && relation.file !== 0 &&
    !files.has(relation.file)
  );
  return {
    locks: strongest(taken.map(lockOf)),
    held: strongest(held.map(lockOf)),
    rewrites: names(rewritten.map(({ oid }) => nameOf(oid))),
    scans: names(scanned.map(({ oid }) => nameOf(oid))),
    builds: names(built.map(({ table }) => nameOf(table))),
    cascades: [],
    lockTimeout: before.lockTimeout,
  };
}

/** True when a relation's rows stand in another file than before the statement. */
function hasNewFile({ oid, file }: SeenRelation, before: Look): boolean {
  const was = before.relations.get(oid);
  return was !== undefined && was.file !== file;
}

/** What other sessions cannot do while a lock is held (the manual's table of conflicting modes). */
const BLOCKS: Readonly<Record<string, MeasuredLock["blocks"]>> = {
  ShareLock: "writes",
  ShareRowExclusiveLock: "writes",
  ExclusiveLock: "writes",
  AccessExclusiveLock: "reads and writes",
};

const STRENGTH = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** The strongest lock of each relation. */
function strongest(locks: readonly MeasuredLock[]): readonly MeasuredLock[] {
  const most = new Map<string, MeasuredLock>();
  for (const lock of locks) {
    const known = most.get(lock.relation);
    if (known === undefined || STRENGTH.indexOf(lock.mode) > STRENGTH.indexOf(known.mode)) {
      most.set(lock.relation, lock);
    }
  }
  return [...most.values()].sort((a, b) => a.relation < b.relation ? -1 : 1);
}

function names(list: readonly string[]): readonly string[] {
  return [...new Set(list)].sort();
}

/** True when what was dropped is what the statement names to be dropped. */
function isNamed(words: string, sql: string): boolean {
  const name = /(\S+)$/.exec(words)?.[1]?.replace(/\(.*$/, "").split(".").at(-1) ?? "";
  const own = /^(?:table|view|materialized view|function|type|foreign table) \S+$/.test(words);
  return own && name !== "" &&
    new RegExp(`\\bdrop\\s[^;]*\\b${name.replaceAll(/[^\w]/g, ".")}\\b`, "i").test(sql);
}
