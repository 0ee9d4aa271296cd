/** Writing Flyway's files. */

import type { PlannedStatement } from "../../core/statement.ts";
import { type FlywayFile, flywayFile } from "./names.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { body, needsMarker, partsFor, withOwnTransactions, written } from "../rendering.ts";
import { locksByTransaction, settingsNeedOneFile } from "../transaction_mode.ts";
import { compareDotted, nextVersions } from "../versions.ts";

/** The next `V` and `U` files, with script configurations where the SQL needs them. */
export function renderFlyway(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("flyway", "Flyway", input);
  const versioned = existing.map((file) => flywayFile(file.path))
    .filter((file) => file !== null && (file.kind === "V" || file.kind === "B"))
    .filter((file) => file !== null)
    .sort((a, b) => compareDotted(a.version, b.version));
  const last = versioned.at(-1);
  const folder = last === undefined ? "" : last.path.slice(0, last.path.lastIndexOf("/") + 1);
  const versions = versionsAfter(last, now, parts.length);
  return parts.flatMap((part, index) => {
    const files = (direction: "up" | "down") => {
      const letter = direction === "up" ? "V" : "U";
      const path = `${folder}${letter}${versions[index]}__${part.name}.sql`;
      return script(path, part[direction], {
        header: part.header,
        dialect: input.dialect,
        lexicon: input.lexicon,
        empty: direction === "up" ? "Nothing to do" : "Nothing to undo",
      });
    };
    return [...files("up"), ...files("down")];
  });
}

/** The last number of the last version counted on, the numbers before it kept: `2.9` to `2.10`, `4_101` to `4_102`. */
function versionsAfter(
  last: FlywayFile | undefined,
  now: Date,
  count: number,
): readonly string[] {
  if (last === undefined) return nextVersions({ versions: [], now, first: "1" }, count);
  const [, head = "", tail = ""] = /^(.*?)(\d+)$/.exec(last.version) ?? [];
  return nextVersions({ versions: [tail], now, first: "1" }, count).map((next) => head + next);
}

/** CREATE INDEX CONCURRENTLY waits for all open transactions, that of Flyway's lock among them. */
const LOCK =
  "# Run Flyway with -postgresql.transactional.lock=false, or its own lock keeps this waiting\n";

/** Flyway's parser for SQLite takes BEGIN for the start of a trigger's body; an outermost savepoint is a transaction as well. */
const TRANSACTION = { open: "SAVEPOINT migration;", end: "RELEASE migration;" };

function script(
  path: string,
  statements: readonly PlannedStatement[],
  { header, dialect, lexicon, empty }: {
    readonly header: readonly string[];
    readonly dialect: string;
    readonly lexicon: Lexicon;
    readonly empty: string;
  },
): readonly SourceFile[] {
  const apart = needsMarker(statements, dialect);
  const texts = apart
    ? withOwnTransactions(statements, lexicon, settingsNeedOneFile(dialect) ? TRANSACTION : {})
    : statements.map((statement) => written(statement, lexicon));
  const text = body(header, texts, { runner: "flyway", dialect, empty });
  const settings = [
    apart && locksByTransaction(dialect) ? LOCK : "",
    apart ? "executeInTransaction=false\n" : "",
    text.includes("${") ? "placeholderReplacement=false\n" : "",
  ].join("");
  const file = { path, text };
  return settings === "" ? [file] : [file, { path: `${path}.conf`, text: settings }];
}
