/** `aim audit`: who wrote, proved, approved and applied each migration, and when, as git, approvals and the runner's books have it. */

import { gitCommits } from "../host/git.ts";
import type { Application, Migration } from "../formats/format.ts";
import { recordsFor } from "./approvals/counted.ts";
import { presentOf } from "./approvals/examined.ts";
import { type OpenPolicy, openPolicy } from "./approvals/open_policy.ts";
import { readRecords, signerOf } from "./approvals/records.ts";
import { type LiveAddress, openLive } from "./live/open_live.ts";
import { type MigrationStatus, readApplications, readBooks } from "./live/read_books.ts";
import { note, type Project } from "./project.ts";
import { label } from "./scratch/snapshot.ts";
import { readHistoryAlone, type Sources } from "./sources.ts";

/** One thing that happened to a migration. */
export interface AuditEvent {
  /** `00002_drop_nick`. */
  readonly migration: string;
  /**
   * `written`, `edited`: a commit. `proven`, `approved`: a signed record that counts. `not-counted`: one that does not. `applied`,
   * `pending`, `failed`, `edited-after`, `missing`, `baseline`: the runner's books.
   */
  readonly event:
    | "written"
    | "edited"
    | "proven"
    | "approved"
    | "not-counted"
    | "applied"
    | "pending"
    | "failed"
    | "edited-after"
    | "missing"
    | "baseline";
  /** Who did it; empty where nobody noted that down. */
  readonly who: string;
  /** When, in the words of its source; empty where nobody noted that down. */
  readonly at: string;
  /** A commit and its subject, how the proof came out, a reason. */
  readonly detail: string;
  /** `git`, the file of a record, or the live database. */
  readonly source: string;
}

/** All of it. */
export interface AuditOutcome {
  readonly outcome: "audited";
  /** In the order of the history, each migration's as they happen: written, approved, applied. */
  readonly events: readonly AuditEvent[];
  readonly migrations: number;
  /** Without user and password; null where none was read. */
  readonly database: string | null;
  readonly notes: readonly string[];
}

/** Reads it. Without an address the books are left out. Throws as `status` does. */
export async function audit(
  project: Project,
  address: LiveAddress | null,
): Promise<AuditOutcome> {
  const sources = await readHistoryAlone(project);
  const books = address === null ? null : await booksOf(project, address, sources);
  if (books === null) note(project, "No live database was read: what was applied is not said");
  const { migrations } = sources.history;
  await using policy = await openPolicy(project.config.root, null);
  const events: AuditEvent[] = [];
  for (const [index, migration] of migrations.entries()) {
    events.push(
      ...await writings(project, migration),
      ...await approvals(project, sources, { index, policy }),
      ...books?.events.filter((event) => event.migration === label(migration)) ?? [],
    );
  }
  const known = new Set(migrations.map(label));
  events.push(...books?.events.filter((event) => !known.has(event.migration)) ?? []);
  return {
    outcome: "audited",
    events,
    migrations: migrations.length,
    database: books?.database ?? null,
    notes: [...project.notes],
  };
}

/** The commits that wrote and edited its files. */
async function writings(
  { config }: Project,
  migration: Migration,
): Promise<readonly AuditEvent[]> {
  const files = [...new Set([...migration.files, migration.up.file])];
  const commits = await Promise.all(files.map((file) => gitCommits(config.migrations, file)));
  const byHash = new Map(commits.flat().map((commit) => [commit.hash, commit]));
  const inOrder = [...byHash.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return inOrder.map(({ hash, author, at, subject }, place): AuditEvent => ({
    migration: label(migration),
    event: place === 0 ? "written" : "edited",
    who: author,
    at,
    detail: `${hash.slice(0, 12)} ${subject}`,
    source: "git",
  }));
}

/** The records: what counts was proven and approved; of the rest, why not. */
async function approvals(
  project: Project,
  sources: Sources,
  { index, policy }: { readonly index: number; readonly policy: OpenPolicy | null },
): Promise<readonly AuditEvent[]> {
  const present = presentOf(sources, { index, findings: [], proof: null });
  const { migration } = present;
  const read = await readRecords(project.config.root, migration);
  if (read.length === 0) return [];
  if (policy === null) {
    return read.map(({ file, record }) => ({
      migration,
      event: "not-counted",
      who: record?.by ?? "",
      at: record?.at ?? "",
      detail: "there is no policy that says whose keys count",
      source: file,
    }));
  }
  const { given, refused } = await recordsFor(project, { present, policy, now: new Date() });
  const events: AuditEvent[] = [];
  for (const one of read) {
    const { file, record } = one;
    const common = { migration, who: record?.by ?? "", at: record?.at ?? "", source: file };
    const why = refused.find((other) => other.file === file)?.why;
    if (record === null || why !== undefined || !given.some((other) => other.file === file)) {
      events.push({ ...common, event: "not-counted", detail: why ?? "it is no record" });
      continue;
    }
    const signer = await signerOf(one, policy);
    const kind = "kind" in signer ? signer.kind : "";
    const { up, down, again } = record.proof;
    const proof = `up ${up}, down ${down}, up again ${again}`;
    const found = record.findings.length === 0 ? "nothing found" : record.findings.join(", ");
    const reason = [`by ${kind} key`, ...record.reason === null ? [] : [record.reason]].join(": ");
    events.push(
      { ...common, event: "proven", detail: `${proof}; ${found}` },
      { ...common, event: "approved", detail: reason },
    );
  }
  return events;
}

interface Books {
  readonly events: readonly AuditEvent[];
  readonly database: string;
}

async function booksOf(
  project: Project,
  address: LiveAddress,
  sources: Sources,
): Promise<Books> {
  await using opened = await openLive(project, address);
  const { live } = opened;
  const read = await readBooks(project, live, sources);
  const applications = await readApplications(project, live);
  const keys = keysOf(project, sources);
  const events = read.migrations.map((status): AuditEvent => {
    const key = keys.get(status.file ?? "") ?? status.version;
    const application = applications.get(key);
    return bookEvent(status, application, live.shown);
  });
  return { events, database: live.shown };
}

/** The keys of the books, by the files of UP. */
function keysOf({ format: { books } }: Project, { history }: Sources): ReadonlyMap<string, string> {
  const names = new Map<string, number>();
  return new Map(history.migrations.map((migration) => {
    const earlier = names.get(migration.name) ?? 0;
    names.set(migration.name, earlier + 1);
    return [migration.up.file, books?.keyOf(migration, earlier) ?? ""] as const;
  }));
}

function bookEvent(
  { version, name, state, detail }: MigrationStatus,
  application: Application | undefined,
  database: string,
): AuditEvent {
  const event = state === "edited" ? "edited-after" : state === "out-of-order" ? "pending" : state;
  const isDone = state !== "pending" && state !== "out-of-order";
  return {
    migration: version === name ? name : [version, name].filter((part) => part !== "").join("_"),
    event,
    who: isDone ? application?.by ?? "" : "",
    at: isDone ? application?.at ?? "" : "",
    detail,
    source: database,
  };
}
