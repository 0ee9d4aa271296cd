/** A record as a file, with its signature beside it. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApprovalRecord, NAMESPACE, renderRecord } from "../../approvals/record.ts";
import { signFile, type SigningKey } from "../../host/signatures.ts";
import { APPROVALS_FOLDER, fileNameOf } from "./records.ts";

/** Writes a record and its signature; gives their paths. Nothing stays where signing fails. */
export async function writeSigned(
  root: string,
  record: ApprovalRecord,
  key: SigningKey,
): Promise<readonly string[]> {
  const folder = `${APPROVALS_FOLDER}/${fileNameOf(record.migration)}`;
  const file = `${folder}/${fileNameOf(record.by)}.json`;
  const signatures = { ssh: `${file}.sig`, gpg: `${file}.asc` };
  await mkdir(join(root, folder), { recursive: true });
  for (const old of Object.values(signatures)) await rm(join(root, old), { force: true });
  const path = join(root, file);
  await rm(path, { force: true });
  await writeFile(path, renderRecord(record), { flag: "wx" });
  const signature = signatures[key.kind];
  try {
    await signFile(key, { file: path, signature: join(root, signature), namespace: NAMESPACE });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return [file, signature];
}
