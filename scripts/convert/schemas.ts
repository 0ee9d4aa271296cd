/** The schemas of the corpus and of the histories, each once. */

import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Engine } from "../../src/engines/engine.ts";
import { readRows, scriptOf } from "../corpus/rows.ts";
import { type Entry, historyOf } from "../histories/history.ts";

/** A schema, as the scripts that make it, one after the other. */
export interface Schema {
  readonly name: string;
  readonly scripts: readonly string[];
}

/** All of an engine. */
export async function schemasOf(
  engine: Engine,
  { dir, histories }: { readonly dir: string; readonly histories: string },
): Promise<readonly Schema[]> {
  const scripts = new Map<string, string>();
  for (const row of await readRows(dir, engine.dialect)) {
    for (const side of ["current", "desired"] as const) {
      const script = scriptOf(row, side);
      if (script.trim() !== "") scripts.set(script, `${row.source} ${row.name}, ${side}`);
    }
  }
  const corpus = [...scripts].map(([script, name]) => ({ name, scripts: [script] }));
  return [...corpus, ...await historySchemas(engine, histories)];
}

async function historySchemas(engine: Engine, dir: string): Promise<readonly Schema[]> {
  const folder = resolve(dir);
  const path = join(folder, "manifest.json");
  if (!await access(path).then(() => true, () => false)) return [];
  const entries: readonly Entry[] = JSON.parse(await readFile(path, "utf8"));
  const schemas: Schema[] = [];
  for (const entry of entries) {
    if (entry.engine !== engine.dialect) continue;
    const read = await historyOf(folder, entry).catch(() => null);
    if (read === null) continue;
    const { migrations } = read.sources.history;
    schemas.push({ name: `history ${entry.name}`, scripts: migrations.map(({ up }) => up.text) });
  }
  return schemas;
}
