/** Drizzle's snapshot of its models: its kit generates a first migration of them into a folder that is thrown away. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ModelState, OrmState, StatePlace } from "../orm.ts";
import type { Command } from "../run_command.ts";

/** The kit asks about renames where there is a history; where there is none it asks nothing, and the snapshot is the same. */
export const drizzleState: OrmState = {
  format: "drizzle",
  async prepare({ root, command, folder }) {
    const out = join(folder, "out");
    const words = isFlagged(command)
      ? [`--out=${out}`]
      : await ownConfig({ root, command, folder });
    const asked = words === null ? null : generating(command, words);
    return asked === null ? null : { command: asked, env: {}, read: () => snapshotIn(out) };
  },
};

/** True for a command that names schema and dialect by flags: the kit takes these or a file of settings. */
function isFlagged(command: Command): boolean {
  return /--(?:dialect|schema)\b/.test(textOf(command));
}

/** Settings of the project but for the folder; null where there are none. */
async function ownConfig(
  { root, command, folder }: Pick<StatePlace, "root" | "command" | "folder">,
): Promise<readonly string[] | null> {
  const named = /--config[= ](\S+)/.exec(textOf(command))?.[1];
  const name = named ?? CONFIGS.find((one) => existsSync(join(root, one)));
  if (name === undefined) return null;
  const own = resolve(root, name);
  const out = JSON.stringify(join(folder, "out"));
  const isJson = name.endsWith(".json");
  const file = join(folder, "drizzle.config.ts");
  const settings = isJson
    ? `const own = ${await readFile(own, "utf8")};`
    : `import own from ${JSON.stringify(own)};`;
  await writeFile(file, `${settings}\nexport default { ...own, out: ${out} };\n`);
  return [`--config=${file}`];
}

/** Where the kit looks for its settings. */
const CONFIGS = [
  "drizzle.config.ts",
  "drizzle.config.js",
  "drizzle.config.mjs",
  "drizzle.config.json",
];

/** The command that exports, as one that generates. Null for one that exports nothing. */
function generating(command: Command, words: readonly string[]): Command | null {
  if (!/\bexport\b/.test(textOf(command))) return null;
  if (typeof command === "string") {
    const generate = command.replace(/\bexport\b/, "generate")
      .replaceAll(/ --sql\b(?:=\S+)?| --config[= ]\S+/g, "");
    return `${generate} ${words.map((word) => `'${word}'`).join(" ")}`;
  }
  const kept = command.filter((word, index) =>
    !/^--(?:sql|config)\b/.test(word) && command[index - 1] !== "--config"
  );
  return [...kept.map((word) => word === "export" ? "generate" : word), ...words];
}

function textOf(command: Command): string {
  return typeof command === "string" ? command : command.join(" ");
}

/** The snapshot in a folder of the kit: before 1.0 beside its journal, since then beside the migration. */
async function snapshotIn(out: string): Promise<ModelState> {
  const paths = await readdir(out, { recursive: true }).catch(() => []);
  const path = paths.find((one) => /snapshot\.json$/.test(one));
  return path === undefined
    ? { text: null, unsaid: ["drizzle-kit generate wrote no snapshot"] }
    : { text: await readFile(join(out, path), "utf8"), unsaid: [] };
}
