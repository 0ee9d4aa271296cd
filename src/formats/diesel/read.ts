/** Reading Diesel's folders. */

import { parse as parseToml } from "smol-toml";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { refuseDuplicates } from "../numbered.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** The version that Diesel records for a folder: what stands before the first `_`, without dashes. */
export function dieselVersion(folder: string): string {
  return (folder.split("_")[0] ?? "").replaceAll("-", "");
}

/** The migrations of Diesel's folders, in order of version. Throws UsageError for duplicate versions. */
export function parseDiesel(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const notes: string[] = [];
  const folders = files.filter((file) => file.path.endsWith("/up.sql"))
    .map((file) => file.path.slice(0, -"/up.sql".length))
    .sort((a, b) => compareText(dieselVersion(a), dieselVersion(b)) || compareText(a, b));
  refuseDuplicates(folders, {
    hint: "Diesel knows a migration by what stands before the first underscore, without dashes",
    compare: compareText,
    pathOf: (folder) => `${folder}/up.sql`,
    versionOf: dieselVersion,
  });
  const migrations = folders.map((folder): Migration => {
    const transaction = transactionOf(byPath.get(`${folder}/metadata.toml`));
    const scriptOf = (file: SourceFile): Script => {
      refuseTemplate(file, lexicon);
      return { file: file.path, text: file.text, transaction, ...sentBy("diesel", dialect) };
    };
    const up = byPath.get(`${folder}/up.sql`) ?? { path: `${folder}/up.sql`, text: "" };
    const down = byPath.get(`${folder}/down.sql`);
    if (down === undefined) notes.push(`${folder} has no down.sql`);
    return {
      version: dieselVersion(folder),
      name: folder.includes("_") ? folder.slice(folder.indexOf("_") + 1) : "",
      up: scriptOf(up),
      down: down === undefined ? null : scriptOf(down),
      files: ["up.sql", "down.sql", "metadata.toml"].map((name) => `${folder}/${name}`)
        .filter((path) => byPath.has(path)),
    };
  });
  for (const { path } of files) {
    const folder = path.slice(0, path.indexOf("/"));
    if (path.endsWith("/down.sql") && !byPath.has(`${folder}/up.sql`)) {
      notes.push(`${folder} has no up.sql and is left out; Diesel itself stops at it`);
    }
  }
  return { migrations, notes };
}

/**
 * As Diesel reads it: in a transaction when it is no TOML, without one when the file lacks the key. Without the file Diesel
 * takes a transaction; a copy of a folder often lacks it, so a statement that no transaction takes is believed.
 */
function transactionOf(metadata: SourceFile | undefined): Script["transaction"] {
  if (metadata === undefined) return "auto";
  try {
    return parseToml(metadata.text)["run_in_transaction"] === true ? "one" : "none";
  } catch {
    return "one";
  }
}
