/** Reading goose's files. */

import { isOnlyComments } from "../../sql/ranges.ts";
import type { History, Migration, ReadOptions, SourceFile } from "../format.ts";
import { gooseSections } from "./annotations.ts";
import { inOrder, programRefusal } from "../numbered.ts";
import { fileRefusal } from "../format_error.ts";
import { withScripts } from "../programs.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy } from "../transaction_mode.ts";

/** The migrations of goose's files, in order of version. Throws UsageError for programs, names without a version and duplicates. */
export function parseGoose(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect, lexicon, settings } = options;
  const own = files.filter(({ path }) => /^[^/]*\.sql$/.test(path) || isGoMigration(path));
  const named = own.map((file) => {
    const found = /^(\d+)_(.*)\.\w+$/.exec(file.path);
    if (found === null || /^0+$/.test(found[1] ?? "")) {
      throw fileRefusal(
        `Cannot read a version from "${file.path}"`,
        file.path,
        "goose wants names such as 00001_add_email.sql or 20240102030405_add_email.sql",
      );
    }
    return { file, version: found[1] ?? "", name: found[2] ?? "" };
  });
  const notes: string[] = [];
  const migrations = inOrder(named, "goose refuses duplicate versions; rename one of them").map(
    ({ file, version, name }): Migration => {
      const id = { version, name, files: [file.path] };
      if (isGoMigration(file.path)) {
        return withScripts(id, options, () => {
          throw programRefusal(file.path, "Go");
        });
      }
      refuseTemplate(file, lexicon);
      const { up, down } = gooseSections(file, lexicon, settings?.gooseEnv);
      const empty = down !== null && isOnlyComments(down.text, lexicon);
      if (down === null) notes.push(`${file.path} has no "-- +goose Down"`);
      if (empty) notes.push(`${file.path} has nothing under "-- +goose Down"`);
      const sent = sentBy("goose", dialect);
      return {
        ...id,
        up: { ...up, ...sent },
        down: down === null || empty ? null : { ...down, ...sent },
      };
    },
  );
  return { migrations, notes };
}

/** True for a migration that is written in Go. */
function isGoMigration(path: string): boolean {
  return /^\d+_[^/]*(?<!_test)\.go$/.test(path);
}
