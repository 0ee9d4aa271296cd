/** What lint has to say where something else is the answer: `aim generate` and its like. */

import type { Finding } from "../core/finding.ts";
import type { GenerateOutcome, LintedMigration } from "../core/outcome.ts";
import type { Project } from "../pipeline/mod.ts";
import { alert, type Context, type Piece, talk } from "./command.ts";
import type { Paint } from "./paint.ts";
import { counted } from "./report/changes.ts";

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

/**
 * Where lint was not asked to decide, what it found is a warning at most, since nothing fails by it, and it is not told to who wants
 * no talk. A last line says what `aim lint` would make of it.
 */
export async function lintedPieces(
  project: Project,
  migrations: readonly LintedMigration[],
  decides: boolean,
): Promise<readonly Piece[]> {
  const found = migrations.filter(({ findings }) => decides || findings.length > 0);
  if (found.length === 0) return [];
  const { renderLinted } = await import("./report/lint.ts");
  const { isGrave } = await import("../pipeline/mod.ts");
  const findings = found.flatMap((migration) => migration.findings);
  const grave = findings.filter((finding) => isGrave(project, finding)).length;
  const shown = decides ? found : found.map((migration) => ({
    ...migration,
    findings: migration.findings.map(asWarning),
  }));
  return [
    (decides ? alert : talk)((paint, width) =>
      `\n${renderLinted(shown, paint, width)}${verdict(grave, { decides, paint })}`
    ),
  ];
}

function asWarning(finding: Finding): Finding {
  return finding.severity === "error" ? { ...finding, severity: "warning" } : finding;
}

function verdict(
  grave: number,
  { decides, paint }: { readonly decides: boolean; readonly paint: Paint },
): string {
  if (grave === 0) return "";
  const counts = counted(grave, "finding");
  return decides
    ? `${paint.red("lint fails")}: ${counts} as grave as fail_on says\n`
    : paint.dim(`aim lint fails by ${counts} of this; nothing fails here without --lint\n`);
}
