/** A draft as the files that would be written, and as the migrations that are read back from them: what is proven is what is written. */

import type { Migration, SourceFile } from "../../formats/format.ts";
import { type Choice, isAssumption } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { Project, Sources } from "../project.ts";

/** Files to write and the migrations in them, in order. */
export interface Candidate {
  readonly files: readonly SourceFile[];
  readonly migrations: readonly Migration[];
}

/** Renders a draft, under lines that say how it was made, and reads it back with the history. Throws UsageError when the format cannot say it. */
export function candidateOf(
  project: Project,
  sources: Sources,
  draft: Draft,
  choices: readonly Choice[],
  provenance: readonly string[] = [],
): Candidate {
  const { format, engine } = project;
  const header = [...provenance, ...headerOf(draft, choices)];
  const { dialect, lexicon } = engine;
  const input = { draft, header, dialect, lexicon };
  const files = format.render(input, sources.files, new Date());
  const replaced = new Set(files.map((file) => file.path));
  const kept = sources.files.filter((file) => !replaced.has(file.path));
  const known = new Set(sources.history.migrations.flatMap((migration) => migration.files));
  const { migrations } = format.parse([...kept, ...files], { dialect, lexicon });
  const fresh = migrations.filter((migration) => migration.files.some((path) => !known.has(path)));
  return { files, migrations: fresh };
}

/** What a reader of the file must know: lost data, what DOWN restores, how choices were settled. */
function headerOf(draft: Draft, choices: readonly Choice[]): readonly string[] {
  const lost = [...draft.up].flatMap((statement) =>
    statement.destroys === undefined ? [] : [`WARNING: destroys ${statement.destroys}`]
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
  return [...new Set(lost), ...(back === null ? [] : [back]), ...settled];
}

const DOWN = {
  exact: null,
  "column-order": "DOWN restores the schema but for the order of columns",
  structure: "DOWN restores the structure; the data that UP destroys is lost",
  none: "DOWN cannot restore the schema",
} as const;
