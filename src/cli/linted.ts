/** What lint has to say where something else is the answer: `aim generate` and its like. */

import type { GenerateOutcome, LintedMigration } from "../core/outcome.ts";
import type { Project } from "../pipeline/mod.ts";
import { alert, type Context, type Piece, talk } from "./command.ts";

/** True where lint was asked to decide, and found what is as grave as `fail_on` says. */
export async function failsByLint(
  { flags }: Context,
  project: Project,
  { linted = [] }: GenerateOutcome,
): Promise<boolean> {
  if (!flags.on("lint")) return false;
  const { isGrave } = await import("../pipeline/mod.ts");
  return linted.flatMap(({ findings }) => findings).some((finding) => isGrave(project, finding));
}

/** Where lint was not asked to decide, only what it found is told, and not to who wants no talk. */
export async function lintedPieces(
  migrations: readonly LintedMigration[],
  decides: boolean,
): Promise<readonly Piece[]> {
  const found = migrations.filter(({ findings }) => decides || findings.length > 0);
  if (found.length === 0) return [];
  const { renderLinted } = await import("./report/lint.ts");
  return [
    (decides ? alert : talk)((paint, width) => `\n${renderLinted(found, paint, width)}`),
  ];
}
