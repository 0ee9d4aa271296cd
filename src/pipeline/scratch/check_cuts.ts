/** Whether the strings of a script end where they were taken to, by the settings of the session that runs it. */

import { UsageError } from "../../core/error.ts";
import { placeIn } from "../../formats/mod.ts";
import type { Script } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Statement } from "../../core/statement.ts";
import { positionAt } from "../../sql/position.ts";

/** Throws UsageError for a statement whose strings end elsewhere than they were taken to, under the session's settings as they are. */
export async function checkCuts(
  database: ScratchDatabase,
  script: Script,
  { statements, folder }: {
    readonly statements: readonly Statement[];
    readonly folder: string;
  },
): Promise<void> {
  const asked = new Map<string, boolean>();
  for (const { cutWhile, offset } of statements) {
    if (cutWhile === undefined) continue;
    const known = asked.get(cutWhile);
    const [row] = known === undefined ? await database.query<{ holds: unknown }>(cutWhile) : [];
    // A server without truth values answers 1.
    const holds = known ?? (row?.holds === true || row?.holds === 1);
    asked.set(cutWhile, holds);
    if (holds) continue;
    const { file, line, column } = placeIn(script, offset);
    throw new UsageError(
      `Cannot read ${folder}${file}: a setting that the script changes decides where a string ends`,
      {
        code: "sql",
        place: { file: folder + file, line, column },
        source: positionAt(script.text, offset).source,
        hint: script.whole === true
          ? "The server reads the whole file before any of it is set: write the string as E'...', or double its quotes"
          : "Write the string as E'...', or double its quotes",
      },
    );
  }
}
