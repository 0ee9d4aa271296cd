/** An approval as a file: what exactly was approved, by whom and when. The signature is over its very bytes. */

import { createHash } from "node:crypto";

/** What is approved. */
export interface ApprovalRecord {
  readonly aim: 1;
  /** `00002_drop_nick`. */
  readonly migration: string;
  /** SHA-256 of each of its files, by path in the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 of all migrations before it. */
  readonly history: string;
  /** What was found: `drop-column error`, sorted, each once. */
  readonly findings: readonly string[];
  /** How the migration fared on a scratch database. */
  readonly proof: { readonly up: string; readonly down: string; readonly again: string };
  /** The approver's address. */
  readonly by: string;
  /** ISO 8601, in UTC. */
  readonly at: string;
  readonly expires: string | null;
  readonly reason: string | null;
}

/** The namespace of the signatures: one for another purpose is none of these. */
export const NAMESPACE = "aim-approval";

/** The text that is signed. */
export function renderRecord(record: ApprovalRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A record from its text; null for what is none. */
export function parseRecord(text: string): ApprovalRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isTable(value) || value.aim !== 1) return null;
  const { migration, files, history, findings, proof, by, at, expires, reason } = value;
  const isWhole = [migration, history, by, at].every((one) => typeof one === "string") &&
    [expires, reason].every((one) => one === null || typeof one === "string") &&
    isTable(files) && Object.values(files).every((one) => typeof one === "string") &&
    Array.isArray(findings) && findings.every((one) => typeof one === "string") &&
    isTable(proof) && ["up", "down", "again"].every((key) => typeof proof[key] === "string");
  return isWhole ? value as unknown as ApprovalRecord : null;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** SHA-256 of a text, as hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** A clock may be wrong by so many milliseconds. */
const SKEW = 300_000;

/** What is known of a migration now. */
export type Present = Pick<ApprovalRecord, "migration" | "files" | "history" | "findings"> & {
  /** Null where it was not proven anew. */
  readonly proof: ApprovalRecord["proof"] | null;
};

/** Why a record, whose signature is good, is none for a migration as it is now; null where it is one. */
export function objection(
  record: ApprovalRecord,
  present: Present,
  { now, maxAge }: { readonly now: Date; readonly maxAge: number | null },
): string | null {
  if (record.migration !== present.migration) return `it is for ${record.migration}`;
  if (!sameFiles(record.files, present.files)) return "the migration was edited since";
  if (record.history !== present.history) return "the migrations before it are not what they were";
  const fresh = present.findings.find((finding) => !record.findings.includes(finding));
  if (fresh !== undefined) return `it does not know of the finding ${fresh.split(" ")[0]}`;
  const { proof } = present;
  if (proof !== null && JSON.stringify(ordered(proof)) !== JSON.stringify(ordered(record.proof))) {
    return "the proof comes out otherwise now";
  }
  const at = Date.parse(record.at);
  if (Number.isNaN(at)) return "it says not when it was given";
  if (at > now.getTime() + SKEW) return "it was given in the future";
  if (maxAge !== null && now.getTime() > at + maxAge) return "it is older than the policy allows";
  if (record.expires === null) return null;
  const end = Date.parse(record.expires);
  return Number.isNaN(end) || now.getTime() >= end ? "it has expired" : null;
}

function ordered({ up, down, again }: ApprovalRecord["proof"]): readonly string[] {
  return [up, down, again];
}

function sameFiles(a: ApprovalRecord["files"], b: ApprovalRecord["files"]): boolean {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path] === b[path]);
}
