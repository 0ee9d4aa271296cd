/** Reading refinery's files. */

import type { History, Migration, ReadOptions, SourceFile } from "../format.ts";
import { inOrder, programRefusal } from "../numbered.ts";
import { fileRefusal } from "../format_error.ts";
import { withScripts } from "../programs.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy, unmarked } from "../transaction_mode.ts";
import { compareNumbers, compareText } from "../versions.ts";

/** True for the path of a migration of refinery, in SQL or Rust. */
export function isRefineryFile(path: string): boolean {
  return /(?:^|\/)[UV]\d+(?:\.\d+)?__\w+\.(?:sql|rs)$/.test(path);
}

/** The migrations of refinery's files, in order of version. Throws UsageError for programs, broken versions and duplicates. */
export function parseRefinery(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect, lexicon } = options;
  const own = files.filter((file) => isRefineryFile(file.path));
  const named = own.map((file) => {
    const [, kind = "V", version = "", name = ""] =
      /([UV])(\d+(?:\.\d+)?)__(\w+)\.\w+$/.exec(file.path) ?? [];
    return { file, kind, version, name };
  });
  for (const { file, version } of named) {
    if (/^\d+$/.test(version)) continue;
    throw fileRefusal(
      `Cannot read the version "${version}" of "${file.path}"`,
      file.path,
      "refinery's versions are whole numbers",
    );
  }
  inOrder(
    named.filter(({ kind }) => kind === "V"),
    "refinery refuses duplicate versions; rename one of them",
  );
  const sorted = named.sort((a, b) =>
    compareNumbers(a.version, b.version) || compareText(a.kind, b.kind) ||
    compareText(a.name, b.name)
  );
  const notes = sorted.some(({ kind }) => kind === "U")
    ? [
      "refinery runs U files in the order of their versions among the V files of an empty database",
    ]
    : [];
  const migrations = sorted.map(({ file, version, name }): Migration => {
    const id = { version, name, files: [file.path] };
    if (file.path.endsWith(".rs")) {
      return withScripts(id, options, () => {
        throw programRefusal(file.path, "Rust");
      });
    }
    refuseTemplate(file, lexicon);
    return {
      ...id,
      up: {
        file: file.path,
        text: file.text,
        transaction: unmarked("refinery", dialect),
        ...sentBy("refinery", dialect),
      },
      down: null,
    };
  });
  return { migrations, notes };
}
