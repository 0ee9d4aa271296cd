import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { commandsText } from "../../src/cli/topics/commands.ts";
import { rulesText } from "../../src/cli/topics/rules.ts";
import { RULES } from "../../src/rules/mod.ts";
import { settingsSchema } from "../../src/cli/topics/settings_schema.ts";
import { TOPICS } from "../../src/cli/topics/mod.ts";

/** Text without what a formatter may change: where lines break. */
function words(text: string): string {
  return text.split(/\s+/).filter((word) => word !== "").join(" ");
}

async function page(name: string): Promise<string> {
  return words(await readFile(new URL(`../../docs/${name}`, import.meta.url), "utf8"));
}

async function topic(name: string): Promise<string> {
  const found = TOPICS.find((candidate) => candidate.name === name);
  assert(found, name);
  return words(await found.text());
}

test("the pages made from the program's tables are up to date (`deno task docs` writes them)", async () => {
  assert.equal(await page("commands.md"), words(commandsText(COMMANDS)));
  assert.equal(await page("config.md"), await topic("config"));
  assert.equal(await page("exit-codes.md"), await topic("exit-codes"));
  assert.equal(await page("rules.md"), words(rulesText(RULES)));
  assert.deepEqual(JSON.parse(await page("aim.schema.json")), settingsSchema());
});

test("links between pages lead somewhere", async () => {
  const pages = ["json.md", "commands.md", "config.md", "exit-codes.md", "coming-from-rust-aim.md"];
  for (const name of pages) {
    for (const [, target = ""] of (await page(name)).matchAll(/\]\(([\w./-]+\.md)\)/g)) {
      await page(target);
    }
  }
});
