/** Runs aim with drafts of a scripted model, one after the other. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runAim, temporaryFolder } from "../run_aim.ts";
import type { Scene } from "./model_misdeeds.ts";

/** Statements of a model, as it answers. */
export interface Drafted {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** What it says of the statements of UP, from 1, that destroy data. */
  readonly destroys?: Readonly<Record<number, string>>;
}

/** What aim made of a row of drafts, of which the last one may be proven. */
export interface Tried {
  readonly code: number | null;
  /** Why each was refuted, by the attempt. */
  readonly refuted: readonly string[];
  readonly files: string;
  readonly all: string;
}

/** Runs aim on a scene with a script that answers with the drafts one after the other. */
export async function tryDrafts(
  { engine, before, after }: Pick<Scene, "engine" | "before" | "after">,
  drafts: readonly Drafted[],
  settings = "",
): Promise<Tried> {
  const turns = drafts.map(({ up, down, destroys = {} }) => ({
    to: "write",
    answer: {
      up: up.map((sql) => ({ sql, changes: [] })),
      down: down.map((sql) => ({ sql, changes: [] })),
      description: "As asked for",
      warnings: Object.entries(destroys).map(([statement, text]) => ({
        statement: Number(statement),
        kind: "destroys_data",
        text,
      })),
      question: "",
    },
  }));
  await using folder = await temporaryFolder({
    "schema.sql": after,
    "migrations/000001_start.up.sql": before,
    "migrations/000001_start.down.sql": "SELECT 1;\n",
    "script.json": JSON.stringify({ turns }),
    "aim.toml":
      `engine = "${engine}"\nmodel = "scripted/script.json"\ngenerator = "model"\nmax_retries = ${
        drafts.length - 1
      }\n${settings}`,
  });
  const { code, stdout, stderr } = await runAim(["generate"], { cwd: folder.path });
  const all = stderr + stdout;
  const written = readdirSync(join(folder.path, "migrations")).sort()
    .map((name) => readFileSync(join(folder.path, "migrations", name), "utf8"));
  const refuted: string[] = [];
  for (const [, number, why] of all.matchAll(/attempt (\d+) was refuted: (.*)/g)) {
    refuted[Number(number) - 1] = why ?? "";
  }
  return { code, refuted, files: written.join("\n"), all };
}
