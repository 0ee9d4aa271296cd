/** Reading Atlas' files. */

import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { lines } from "../script.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy, unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";
import { isStale, SUM_FILE } from "./sum.ts";

/** True for the path of a file that Atlas runs. */
export function isAtlasFile(path: string): boolean {
  return /^[^/]+\.sql$/.test(path);
}

/** The migrations in order of name. Throws UsageError for templates, checkpoints and delimiters of a file's own. */
export function parseAtlas(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const notes = isStale(files)
    ? [`${SUM_FILE} does not fit the files: Atlas refuses them until atlas migrate hash`]
    : [];
  const migrations = files.filter(({ path }) => isAtlasFile(path))
    .sort((a, b) => compareText(a.path, b.path)).map((file): Migration => {
      refuseTemplate(file, lexicon);
      const [, version = file.path, name = ""] = /^([^_]*)_?(.*)\.sql$/.exec(file.path) ?? [];
      return { version, name, up: script(file, dialect), down: null, files: [file.path] };
    });
  return { migrations, notes };
}

/** Atlas heeds directives in the comments at the top only, and only where an empty line follows them. */
function script(file: SourceFile, dialect: string): Script {
  let isApart = false;
  const found: { name: string; value: string; start: number }[] = [];
  for (const row of lines(file.text)) {
    if (row.text.trim() === "") {
      if (row.start > 0) {
        isApart = found.some(({ name, value }) => name === "txmode" && value === "none");
      }
      break;
    }
    if (!row.text.startsWith("--")) {
      found.length = 0;
      break;
    }
    const [, name = "", value = ""] = /^--\s*atlas:(\w+)\s*(.*?)\s*$/.exec(row.text) ?? [];
    if (name !== "") found.push({ name, value, start: row.start });
  }
  const odd = found.find(({ name }) => ["delimiter", "checkpoint", "import"].includes(name));
  if (odd !== undefined) {
    throw refusal(
      `Cannot replay "${file.path}": aim does not know Atlas' directive "${odd.name}"`,
      file,
      odd.start,
      "Write the file without it",
    );
  }
  return {
    file: file.path,
    text: file.text,
    transaction: isApart ? "none" : unmarked("atlas", dialect),
    ...sentBy("atlas", dialect),
  };
}
