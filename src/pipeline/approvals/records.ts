/** The files of approvals: found, read within bounds, and their signatures verified. */

import { lstat, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApprovalRecord, NAMESPACE, parseRecord } from "../../approvals/record.ts";
import { readText, systemCode } from "../../host/read_text.ts";
import { gpgFingerprint, sshObjection } from "../../host/signatures.ts";
import type { OpenPolicy } from "./open_policy.ts";

/** The folder beside aim.toml: one inside of the migrations folder would be a broken migration to Diesel and Prisma. */
export const APPROVALS_FOLDER = "approvals";

/** A record that was read. */
export interface ReadRecord {
  /** Below the folder of aim.toml. */
  readonly file: string;
  readonly text: string;
  /** Null for what is none. */
  readonly record: ApprovalRecord | null;
  /** The signature's file and text; null without one. */
  readonly signature: { readonly kind: "ssh" | "gpg"; readonly text: string } | null;
}

/** A migration has no more approvals than this. */
const MOST_RECORDS = 200;
const LARGEST = 64 * 1024;

/** The records in the folder of a migration, in the order of their names. Links count as nothing. */
export async function readRecords(
  root: string,
  migration: string,
): Promise<readonly ReadRecord[]> {
  const folder = `${APPROVALS_FOLDER}/${fileNameOf(migration)}`;
  if (!await isPlain(join(root, APPROVALS_FOLDER), "folder")) return [];
  if (!await isPlain(join(root, folder), "folder")) return [];
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith(".json"));
  const found: ReadRecord[] = [];
  for (const name of names.sort().slice(0, MOST_RECORDS)) {
    const file = `${folder}/${name}`;
    const text = await plainText(root, file);
    if (text === null) continue;
    const [ssh, gpg] = [await plainText(root, `${file}.sig`), await plainText(root, `${file}.asc`)];
    const signature = ssh !== null
      ? { kind: "ssh" as const, text: ssh }
      : gpg === null
      ? null
      : { kind: "gpg" as const, text: gpg };
    found.push({ file, text, record: parseRecord(text), signature });
  }
  return found;
}

async function plainText(root: string, file: string): Promise<string | null> {
  if (!await isPlain(join(root, file), "file")) return null;
  return await readText(join(root, file), { limit: LARGEST, shown: file, code: "approval" });
}

async function isPlain(path: string, kind: "file" | "folder"): Promise<boolean> {
  try {
    const found = await lstat(path);
    return kind === "file" ? found.isFile() : found.isDirectory();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return false;
    throw error;
  }
}

/** A name as that of a file. */
export function fileNameOf(name: string): string {
  const plain = name.replaceAll(/[^\w.@+-]/g, "_").replace(/^\.+/, "_");
  return plain === "" ? "_" : plain.slice(0, 200);
}

/** How a record is signed, or why its signature does not count. */
export async function signerOf(
  { record, text, signature }: ReadRecord,
  { policy, allowedSigners }: OpenPolicy,
): Promise<{ readonly kind: "ssh" | "gpg" } | { readonly why: string }> {
  if (record === null) return { why: "it is no record of an approval" };
  if (signature === null) return { why: "it is not signed" };
  const { by } = record;
  if (!isAddress(by)) return { why: "it says not by whom" };
  const folder = await mkdtemp(join(tmpdir(), "aim-approval-"));
  try {
    // The bytes that were read are those that are verified.
    const [file, path] = [join(folder, "record"), join(folder, "signature")];
    await writeFile(file, text);
    await writeFile(path, signature.text);
    if (signature.kind === "ssh") {
      if (allowedSigners === null) return { why: "the policy names no allowed_signers" };
      const options = { signature: path, allowedSigners, person: by, namespace: NAMESPACE };
      const why = await sshObjection(text, options);
      return why === null ? { kind: "ssh" } : { why };
    }
    const fingerprint = await gpgFingerprint(file, path);
    if (fingerprint === null) return { why: "its signature is not good, or its key is not known" };
    return Object.hasOwn(policy.gpg, fingerprint) && policy.gpg[fingerprint] === by
      ? { kind: "gpg" }
      : { why: `its key is not one of ${by} in the policy` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether a text can be the address of a person: no pattern, no list, nothing that a program takes for a flag. */
export function isAddress(text: string): boolean {
  return /^[\w.+][\w.+-]*@[\w.-]+$/.test(text) && text.length <= 200;
}
