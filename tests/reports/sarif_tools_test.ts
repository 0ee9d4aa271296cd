/** SARIF as its schema and Multitool's two sets of rules read it. */

import { deepStrictEqual, ok } from "node:assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { sarif } from "../../src/reports/sarif.ts";
import { nodeModulesWith, run } from "../orm/installed.ts";
import { temporaryFolder } from "../run_aim.ts";
import { EMPTY, HARD, MANY } from "./sample.ts";

const REPORTS = { EMPTY, HARD, MANY };

/** Multitool's program for this system and the schema beside it, or why it cannot be had. */
async function multitool(): Promise<{ readonly folder: string } | { readonly reason: string }> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { reason: "Multitool is tried on Linux x64" };
  }
  const name = "@microsoft/sarif-multitool-linux";
  const installed = await nodeModulesWith([`${name}@5.7.0`]);
  return "reason" in installed ? installed : { folder: join(installed.path, name) };
}

test("SARIF keeps the schema and the rules of SARIF and of GitHub", async (t) => {
  const tool = await multitool();
  if ("reason" in tool) return t.skip(tool.reason);
  const schema = JSON.parse(await readFile(join(tool.folder, "sarif-2.1.0.json"), "utf8"));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const isValid = ajv.compile(schema);
  await using folder = await temporaryFolder();
  for (const [name, report] of Object.entries(REPORTS)) {
    const text = sarif.render(report);
    ok(isValid(JSON.parse(text)), `${name}: ${ajv.errorsText(isValid.errors)}`);
    const [file, found] = [`${name}.sarif`, `${name}.found`].map((one) => join(folder.path, one));
    await Deno.writeTextFile(file ?? "", text);
    await run(join(tool.folder, "Sarif.Multitool"), [
      "validate",
      file ?? "",
      "--rule-kind",
      "Sarif;GHAS",
      "--output",
      found ?? "",
    ]);
    const { runs } = JSON.parse((await readFile(found ?? "", "utf8")).replace(/^\uFEFF/, ""));
    const rules = runs[0].results.map(({ ruleId }: { readonly ruleId: string }) => ruleId);
    // The program's address is not known before it has a repository.
    deepStrictEqual(rules, ["SARIF2005"], name);
  }
});
