/** Reading Flyway's files. */

import { type FlywayFile, flywayFile, isCallback, isProgram } from "./names.ts";
import { fillPlaceholders } from "./placeholders.ts";
import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { programRefusal, refuseDuplicates } from "../numbered.ts";
import { fileRefusal } from "../format_error.ts";
import { withScripts } from "../programs.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy, unmarked } from "../transaction_mode.ts";
import { compareDotted, compareText } from "../versions.ts";

/** The migrations that Flyway would run in an empty database, in its order. Throws UsageError for programs and for duplicates. */
export function parseFlyway(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect, lexicon } = options;
  const notes: string[] = [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  const own = files.map((file) => flywayFile(file.path)).filter((file) => file !== null);
  const scriptOf = (file: FlywayFile): Script => {
    const source = byPath.get(file.path) ?? { path: file.path, text: "" };
    refuseTemplate(source, lexicon);
    const config = scriptConfig(byPath.get(`${file.path}.conf`));
    const filled = config.placeholders ? fillPlaceholders(source, options) : { text: source.text };
    return {
      file: file.path,
      ...filled,
      transaction: config.transaction ?? unmarked("flyway", dialect),
      ...sentBy("flyway", dialect),
    };
  };
  const versioned = sorted(own.filter((file) => file.kind === "V"));
  const undo = sorted(own.filter((file) => file.kind === "U"));
  const baseline = sorted(own.filter((file) => file.kind === "B")).at(-1);
  const after = baseline === undefined
    ? versioned
    : versioned.filter((file) => compareDotted(file.version, baseline.version) > 0);
  if (baseline !== undefined) {
    notes.push(
      `${baseline.path} is the baseline of an empty database: ${
        versioned.length - after.length
      } older migrations are left out`,
    );
  }
  const repeatable = own.filter((file) => file.kind === "R")
    .sort((a, b) => compareText(a.name, b.name));
  refuseRepeated(repeatable);
  const callbacks = files.filter((file) => isCallback(file.path)).map((file) => file.path);
  if (callbacks.length > 0) notes.push(`callbacks are not run: ${callbacks.sort().join(", ")}`);
  const migrations = [...(baseline === undefined ? [] : [baseline]), ...after, ...repeatable]
    .map((file): Migration => {
      const back = file.kind === "V"
        ? undo.find((other) => compareDotted(other.version, file.version) === 0)
        : undefined;
      const paths = [file.path, ...(back === undefined ? [] : [back.path])];
      const id = {
        version: file.version,
        name: file.name,
        files: paths.flatMap((path) =>
          byPath.has(`${path}.conf`) ? [path, `${path}.conf`] : [path]
        ),
      };
      const program = paths.find(isProgram);
      const read = () => ({
        up: scriptOf(file),
        down: back === undefined ? null : scriptOf(back),
      });
      return program === undefined ? { ...id, ...read() } : withScripts(id, options, () => {
        throw programRefusal(program, "compiled or scripted");
      });
    });
  return { migrations, notes };
}

function sorted(files: readonly FlywayFile[]): readonly FlywayFile[] {
  const out = [...files].sort((a, b) => compareDotted(a.version, b.version));
  refuseDuplicates(out, {
    hint: "Flyway refuses two migrations of one version; rename one of them",
    compare: compareDotted,
    pathOf: ({ path }) => path,
    versionOf: ({ version }) => version,
  });
  return out;
}

/** Flyway knows a repeatable migration by its description, in which underscores are blanks. */
function refuseRepeated(files: readonly FlywayFile[]): void {
  const seen = new Map<string, string>();
  for (const { name, path } of files) {
    const description = name.replaceAll("_", " ");
    const other = seen.get(description);
    if (other !== undefined) {
      throw fileRefusal(
        `Cannot order "${other}" and "${path}": both are the repeatable migration "${description}"`,
        path,
        "Flyway refuses two of one description; rename one of them",
      );
    }
    seen.set(description, path);
  }
}

interface ScriptConfig {
  readonly transaction: Script["transaction"] | null;
  readonly placeholders: boolean;
}

/** What a `<file>.sql.conf` says; other keys concern no replay. */
function scriptConfig(file: SourceFile | undefined): ScriptConfig {
  const values = new Map<string, string>();
  for (const line of file?.text.split(/\r?\n/) ?? []) {
    const found = /^\s*(?:flyway\.)?([A-Za-z.]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (found !== null) values.set(found[1] ?? "", (found[2] ?? "").toLowerCase());
  }
  const inside = values.get("executeInTransaction");
  return {
    transaction: inside === undefined ? null : inside === "false" ? "none" : "one",
    placeholders: values.get("placeholderReplacement") !== "false",
  };
}
