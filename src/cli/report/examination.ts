/** What `aim doctor` found out. */

import type { Examination, FoundEngine, FoundSetting } from "../examine.ts";
import type { Paint } from "../paint.ts";
import { counted } from "./changes.ts";
import { duration } from "./stage_line.ts";

/** Versions, engines with their runtimes, settings, files, problems. */
export function renderExamination(found: Examination, paint: Paint): string {
  return [
    `${paint.bold("aim")} ${found.version}  ${paint.dim(`${found.host}, ${found.platform}`)}\n`,
    ...found.engines.map((engine) => renderEngine(engine, paint)),
    renderSettings(found, paint),
    renderKeys(found, paint),
    ...found.problems.map((text) => `\n${paint.red("✗")} ${text.replaceAll("\n", "\n  ")}\n`),
  ].join("");
}

function renderEngine({ engine, chosen, runtimes, choice }: FoundEngine, paint: Paint): string {
  const mark = chosen ? paint.dim("  (this project's)") : "";
  const width = Math.max(0, ...runtimes.map(({ name }) => name.length));
  return [
    `\n${paint.bold(engine)}${mark}\n`,
    ...runtimes.map(({ name, version, refusal, ms }) =>
      refusal === null
        ? `  ${paint.green("✓")} ${name.padEnd(width)}  ${version}  ${
          paint.dim(`started in ${duration(ms ?? 0)}`)
        }\n`
        : `  ${paint.yellow("-")} ${name.padEnd(width)}  ${refusal}\n`
    ),
    choice === null ? "" : `  ${choice.runtime} serves: ${choice.why}\n`,
  ].join("");
}

function renderSettings(found: Examination, paint: Paint): string {
  if (found.settings.length === 0) {
    return found.problems.length > 0
      ? ""
      : `\n${paint.dim("no project here: no aim.toml in this folder or above it")}\n`;
  }
  const set = found.settings.filter(({ value, source }) => value !== null || source !== "default");
  const shown = set.filter(({ key }) =>
    !["answers", "prices", "rule"].includes(key) || set.length === 0
  );
  const width = Math.max(...shown.map(({ key }) => key.length));
  const texts = shown.map(valueText);
  const values = Math.min(56, Math.max(...texts.map((text) => text.length)));
  return [
    `\n${paint.bold("settings")}  ${paint.dim(found.file ?? "no aim.toml")}\n`,
    ...shown.map(({ key, source }, index) =>
      `  ${key.padEnd(width)}  ${(texts[index] ?? "").padEnd(values)}  ${paint.dim(source)}\n`
    ),
    `\n${paint.bold("files")}\n`,
    `  schema      ${found.schemaFiles === null ? "-" : counted(found.schemaFiles, "file")}\n`,
    `  migrations  ${found.migrationCount ?? "-"}\n`,
  ].join("");
}

function renderKeys({ keys }: Examination, paint: Paint): string {
  const width = Math.max(0, ...keys.map(({ provider }) => provider.length));
  const rows = keys.map(({ provider, origin }) =>
    `  ${provider.padEnd(width)}  ${paint.dim(origin)}\n`
  );
  return `\n${paint.bold("keys of models")}\n` +
    (rows.length === 0 ? `  ${paint.dim("none; a model is optional")}\n` : rows.join(""));
}

function valueText({ value }: FoundSetting): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  if (typeof value === "object" && value !== null) {
    // Values may be secret.
    const names = Object.keys(value);
    return names.length === 0 ? "none" : names.join(", ");
  }
  return String(value);
}
