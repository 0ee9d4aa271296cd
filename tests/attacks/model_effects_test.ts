import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type Misdeed, type Scene, SCENES } from "./model_misdeeds.ts";

/** Statements of a model, as it answers. */
interface Drafted {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** What it says of the statements of UP, from 1, that destroy data. */
  readonly destroys?: Readonly<Record<number, string>>;
}

/** What aim made of a row of drafts, of which the last one may be proven. */
interface Tried {
  readonly code: number | null;
  /** Why each was refuted, by the attempt. */
  readonly refuted: readonly string[];
  readonly files: string;
  readonly all: string;
}

/** Runs aim on a scene with a script that answers with the drafts one after the other. */
async function tryDrafts(
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
  const refuted: string[] = [];
  for (const [, number, why] of all.matchAll(/attempt (\d+) was refuted: (.*)/g)) {
    refuted[Number(number) - 1] = why ?? "";
  }
  return { code, refuted, files: stdout, all };
}

/** Each runtime that this host has for an engine. */
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  postgres: [""],
  sqlite: process.env.AIM_TEST_BIN ? [""] : ['runtime = "sql.js"', 'runtime = "node:sqlite"'],
};

for (const [scene, misdeeds] of SCENES) {
  for (const settings of RUNTIMES[scene.engine] ?? []) {
    for (const direction of ["up", "down"] as const) {
      test(`${scene.engine} ${settings}: a misdeed in ${direction.toUpperCase()} is refused by its statement, and the honest draft is proven`, async () => {
        const drafts = misdeeds.map((misdeed) => ({
          ...scene,
          [direction]: [...statementsOf(misdeed, direction), ...scene[direction]],
        }));
        const tried = await tryDrafts(scene, [...drafts, scene], settings);
        const through = misdeeds.flatMap((misdeed, at) => {
          const why = tried.refuted[at];
          return why !== undefined && isRefusal(why, misdeed, direction)
            ? []
            : [`${misdeed.name}: ${why ?? "not refused"}`];
        });
        assert.deepEqual(through, []);
        assert.equal(tried.code, 0, tried.all.slice(-2000));
      });
    }
  }
}

function statementsOf({ sql, down }: Misdeed, direction: "up" | "down"): readonly string[] {
  return direction === "down" ? down ?? sql : sql;
}

/** True for a refusal that names one of the misdeed's statements and says why. */
function isRefusal(why: string, misdeed: Misdeed, direction: "up" | "down"): boolean {
  const statement = Number(/, statement (\d+)/.exec(why)?.[1]);
  const { length } = statementsOf(misdeed, direction);
  return statement >= 1 && statement <= length && misdeed.says.test(why);
}
