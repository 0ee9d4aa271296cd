/** What statements would destroy that a live database holds now. */

import type { Refusal } from "../../core/live_run.ts";
import type { Operation } from "../../core/operation.ts";
import type { LiveWriter } from "../../engines/live.ts";
import type { Project } from "../project.ts";

/** A refusal for each thing that is lost; `file` is what they are said to stand in. */
export async function lossesOf(
  { engine }: Project,
  writer: LiveWriter,
  { file, statements }: {
    readonly file: string;
    readonly statements: readonly { readonly sql: string }[];
  },
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { sql } of statements) {
    for (const operation of await engine.operations?.(sql) ?? []) {
      const what = await lostBy(writer, operation);
      if (what === null) continue;
      refusals.push({
        code: "loss",
        message: `${file} ${what}`,
        hint: "--allow-loss takes it back all the same; make a backup first",
      });
    }
  }
  return refusals;
}

async function lostBy(writer: LiveWriter, operation: Operation): Promise<string | null> {
  const { action, kind, on, name = "" } = operation;
  const table = on;
  switch (action) {
    case "drop":
      return kind === "table" && await writer.holds(table, [])
        ? `drops the table ${table}, which holds rows`
        : kind === "schema"
        ? `drops the schema ${table} with what is in it`
        : null;
    case "drop-column":
      return await writer.holds(table, [name])
        ? `drops the column ${table}.${name}, which holds values`
        : null;
    case "truncate":
    case "delete":
      return await writer.holds(table, []) ? `removes rows of ${table}` : null;
    case "update":
      return await writer.holds(table, []) ? `writes over rows of ${table}` : null;
    case "change-type":
      return await writer.holds(table, [name])
        ? `changes the type of ${table}.${name}, which holds values that the old one may not hold`
        : null;
    case "run-code":
      return "runs code, of which nobody can say what it does to rows";
    default:
      return null;
  }
}
