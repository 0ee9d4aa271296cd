/** A draft as the files that would be written, and as the migrations that are read back from them: what is proven is what is written. */

import type { Migration, SourceFile } from "../../formats/format.ts";
import { type Choice, isAssumption } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Project } from "../project.ts";
import { withReplayed } from "../replay/replay.ts";
import type { Sources } from "../sources.ts";

/** Files to write and the migrations in them, in order. */
export interface Candidate {
  readonly files: readonly SourceFile[];
  readonly migrations: readonly Migration[];
  /** The whole history with them, as an empty database gets it. */
  readonly history: readonly Migration[];
}

/** Renders a draft, under lines that say how it was made, and reads it back with the history. Of a format that is only read there are no files. Throws UsageError when the format cannot say it. */
export function candidateOf(
  project: Project,
  sources: Sources,
  draft: Draft,
  choices: readonly Choice[],
  provenance: readonly string[] = [],
): Candidate {
  const { format, engine } = project;
  if (!format.writes) {
    const migration = looseMigration(draft);
    const history = [...sources.history.migrations, migration];
    return { files: [], migrations: [migration], history };
  }
  const header = [...provenance, ...headerOf(draft, choices)];
  const { dialect, lexicon } = engine;
  const input = {
    draft,
    header,
    dialect,
    lexicon,
    folder: project.config.migrations,
    ...(sources.state === undefined ? {} : { state: sources.state }),
  };
  const files = format.render(input, sources.files, sources.moment ?? new Date());
  const replaced = new Set(files.map((file) => file.path));
  const kept = sources.files.filter((file) => !replaced.has(file.path));
  const known = new Set(sources.history.migrations.flatMap((migration) => migration.files));
  const again = format.parse([...kept, ...files], {
    dialect,
    lexicon,
    ...(sources.settings === undefined ? {} : { settings: sources.settings }),
    keepsPrograms: true,
  });
  const { migrations } = withReplayed(again, sources.history);
  const fresh = migrations.filter((migration) => migration.files.some((path) => !known.has(path)));
  return { files, migrations: fresh, history: migrations };
}

/** The migration of a format that is only read: as statements that the user is to hand to its runner. */
function looseMigration({ name, up, down }: Draft): Migration {
  const script = (file: string, statements: readonly PlannedStatement[]) => ({
    file,
    text: statements.map(({ sql }) => `${sql};\n`).join(""),
    transaction: "auto" as const,
  });
  return {
    version: "",
    name,
    up: script(`${name} (up)`, up),
    down: down.length === 0 && up.length > 0 ? null : script(`${name} (down)`, down),
    files: [],
  };
}

/** What a reader of the file must know: what DOWN restores, and on what it fails, how choices were settled. */
function headerOf(draft: Draft, choices: readonly Choice[]): readonly string[] {
  const fails = draft.up.flatMap(({ failsOn }) =>
    failsOn === undefined ? [] : [`DOWN fails on new data: ${failsOn}`.replaceAll(/\s+/g, " ")]
  );
  const back = DOWN[draft.reversible];
  const settled = choices.flatMap((choice) => {
    const { id, answer, fallback, options } = choice;
    if (answer === null || (answer.by === "fallback" && answer.option === fallback)) return [];
    const expression = answer.expression === undefined ? "" : `=${answer.expression}`;
    const label = isAssumption(choice)
      ? `: ${options.find((option) => option.id === answer.option)?.label}`
      : "";
    return [
      `aim:answer ${id}=${answer.option}${expression} (by ${answer.by})${label}`
        .replaceAll(/\s+/g, " "),
    ];
  });
  return [...(back === null ? [] : [back]), ...new Set(fails), ...settled];
}

const DOWN = {
  exact: null,
  "column-order": "DOWN restores the schema but for the order of columns",
  "fails-on-new-data": null,
  structure: "DOWN restores the structure; the data that UP destroys is lost",
  none: "DOWN cannot restore the schema",
} as const;
