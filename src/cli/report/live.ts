/** What was found in a live database, as text. */

import type { MigrationStatus, StatusOutcome } from "../../pipeline/mod.ts";
import type { Paint } from "../paint.ts";
import { visible } from "../visible.ts";

/** A line a migration. */
export function renderStatus({ migrations }: StatusOutcome, paint: Paint): string {
  const width = Math.max(0, ...migrations.map(({ state }) => wordOf(state).length));
  return migrations.map((one) => {
    const word = colourOf(one.state, paint)(wordOf(one.state).padEnd(width));
    const name = visible(one.file ?? one.name);
    return `  ${word}  ${name}${one.detail === "" ? "" : paint.dim(`  ${one.detail}`)}\n`;
  }).join("");
}

/** How many of each there are. */
export function renderStatusSum(outcome: StatusOutcome, paint: Paint): string {
  const { migrations, database, version } = outcome;
  const counts = new Map<string, number>();
  for (const { state } of migrations) {
    counts.set(wordOf(state), (counts.get(wordOf(state)) ?? 0) + 1);
  }
  const where = `${visible(database)} (version ${version})`;
  const sums = [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
  switch (outcome.outcome) {
    case "applied":
      return `${paint.green("applied")}: ${where} has ${
        migrations.length === 0
          ? "no migrations"
          : migrations.length === 1
          ? "its one migration"
          : `all ${migrations.length} migrations`
      }\n`;
    case "pending":
      return `${paint.yellow("pending")}: ${where}: ${sums}\n`;
    case "wrong":
      return `${paint.red("wrong")}: ${where}: ${sums}\n`;
  }
}

function wordOf(state: MigrationStatus["state"]): string {
  return state.replaceAll("-", " ");
}

function colourOf(state: MigrationStatus["state"], paint: Paint): (text: string) => string {
  switch (state) {
    case "applied":
    case "baseline":
      return paint.green;
    case "pending":
      return paint.yellow;
    default:
      return paint.red;
  }
}
