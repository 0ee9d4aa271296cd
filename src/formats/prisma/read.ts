/** Reading Prisma's folders. */

import type { History, Migration, ReadOptions, SourceFile } from "../format.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy, unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** The migrations of Prisma's folders, in order of name. Throws UsageError for templates. */
export function parsePrisma(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const downs = new Map(
    files.filter((file) => file.path.endsWith("/down.sql")).map((file) => [file.path, file]),
  );
  const sent = { transaction: unmarked("prisma", dialect), ...sentBy("prisma", dialect) };
  const migrations = files.filter((file) => file.path.endsWith("/migration.sql"))
    .sort((a, b) => compareText(folderOf(a.path), folderOf(b.path)))
    .map((file): Migration => {
      refuseTemplate(file, lexicon);
      const folder = folderOf(file.path);
      const down = downs.get(`${folder}/down.sql`);
      const [, version = folder, name = folder] = /^(\d+)_(.*)$/.exec(folder) ?? [];
      return {
        version,
        name,
        up: { file: file.path, text: file.text, ...sent },
        down: down === undefined ? null : { file: down.path, text: down.text, ...sent },
        files: down === undefined ? [file.path] : [file.path, down.path],
      };
    });
  return { migrations, notes: [] };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
