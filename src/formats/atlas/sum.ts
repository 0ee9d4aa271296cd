/** `atlas.sum`: a running hash over all files, so that a change of one is seen in all that follow. */

import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Migration, SourceFile } from "../format.ts";
import { compareText } from "../versions.ts";

/** Its name. */
export const SUM_FILE = "atlas.sum";

/** The hash of each file, in order of name: SHA-256 of the names and texts up to it, in base64. */
function atlasHashes(
  files: readonly SourceFile[],
): readonly { readonly path: string; readonly hash: string }[] {
  const running = createHash("sha256");
  return files.filter(({ path }) => /^[^/]+\.sql$/.test(path))
    .filter(({ text }) => !/^-- atlas:sum ignore\b/m.test(text.split("\n\n")[0] ?? ""))
    .sort((a, b) => compareText(a.path, b.path)).map(({ path, text }) => {
      running.update(path).update(Buffer.from(text));
      return { path, hash: running.copy().digest("base64") };
    });
}

/** The text of `atlas.sum` for these files. */
export function atlasSum(files: readonly SourceFile[]): string {
  const hashes = atlasHashes(files);
  const total = createHash("sha256");
  for (const { path, hash } of hashes) total.update(path).update(hash);
  const rows = hashes.map(({ path, hash }) => `${path} h1:${hash}\n`);
  return `h1:${total.digest("base64")}\n${rows.join("")}`;
}

/** True where `atlas.sum` is there and does not fit the files, so that Atlas refuses them. */
export function isStale(files: readonly SourceFile[]): boolean {
  const sum = files.find(({ path }) => path === SUM_FILE);
  return sum !== undefined && sum.text.replaceAll("\r\n", "\n").trim() !== atlasSum(files).trim();
}

/** The files without some migrations, and the hashes of those that are left; a sum that did not fit stays as it is. */
export function withoutHashes(
  files: readonly SourceFile[],
  migrations: readonly Migration[],
): readonly SourceFile[] {
  const gone = new Set(migrations.flatMap((migration) => migration.files));
  const left = files.filter(({ path }) => !gone.has(path));
  if (isStale(files)) return left;
  return left.map((file) =>
    file.path === SUM_FILE ? { path: SUM_FILE, text: atlasSum(left), replaces: file.text } : file
  );
}
