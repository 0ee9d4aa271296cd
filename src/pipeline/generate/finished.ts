/** How a run of `aim generate` ends: with nothing made, or with what is proven, written. */

import { UsageError } from "../../core/error.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Usage } from "../../models/model.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { type GenerateOptions, writes } from "./options.ts";

/** The outcome of a run that made nothing. */
export function nothingGenerated({ notes }: Project): GenerateOutcome {
  return {
    outcome: "in-sync",
    changes: [],
    draft: null,
    proof: null,
    choices: [],
    findings: [],
    files: [],
    written: false,
    next: null,
    usage: NO_USAGE,
    notes: [...notes],
  };
}

const NO_USAGE: Usage = {
  calls: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  seconds: 0,
  cost: 0,
};

/** Throws UsageError, with the reason, for a format that is only read. */
export function refuseReadOnly({ format }: Project): void {
  if (format.writes) return;
  throw new UsageError(`Cannot write migrations in the format "${format.name}"`, {
    code: "read-only-format",
    hint: `${format.readOnly ?? "It is only read"}; aim generate --dry-run prints the SQL`,
  });
}

/** Writes what is proven. */
export async function finished(
  project: Project,
  { options, sources, outcome, proven }: {
    readonly options: GenerateOptions;
    readonly sources: Sources;
    readonly outcome: GenerateOutcome;
    readonly proven: boolean;
  },
): Promise<GenerateOutcome> {
  const { config, format } = project;
  const written = proven && writes(options);
  if (written) {
    const { writeProven } = await import("../files/write_proven.ts");
    await writeProven(project, sources, outcome.files);
  }
  return {
    ...outcome,
    outcome: proven ? "proven" : "unproven",
    written,
    next: proven ? format.apply(config.migrations) : null,
    notes: [...project.notes],
  };
}
