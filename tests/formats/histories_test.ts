import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { rankFormats } from "../../src/formats/all.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { readHistory, readMigrations } from "../../src/pipeline/files/read_sources.ts";

/** Real histories beside the project; where they are absent the tests are skipped. */
const HISTORIES = fileURLToPath(new URL("../../../shared/histories/", import.meta.url));

interface Listed {
  readonly name: string;
  readonly engine: string;
  readonly format: string;
}

interface Ordered {
  readonly name: string;
  readonly up: string;
  readonly down: string | null;
}

const manifest = join(HISTORIES, "manifest.json");
const listed = existsSync(manifest) ? readJson<readonly Listed[]>(manifest) : [];

test("there are histories to read", {
  skip: listed.length === 0 ? `no folder ${HISTORIES}` : false,
}, () => assert.ok(listed.length > 0));

for (const { name, engine, format } of listed) {
  const folder = join(HISTORIES, name, "migrations");
  test(`reads ${name} in the order in which ${format} applies it`, async () => {
    const options = { dialect: engine, lexicon: lexiconOf(engine) };
    const order = readJson<readonly Ordered[]>(join(HISTORIES, name, "order.json"));
    const read = readHistory(folder, await formatNamed(format), options);
    if (format === "migrate" && hasDoubles(order)) {
      // A runner of the project's own takes what the one whose names it borrowed refuses.
      await assert.rejects(read, /both are version/);
      return;
    }
    const { history } = await read;
    assert.deepEqual(
      history.migrations.map(({ up, down }) => ({ up: up.file, down: down?.file ?? null })),
      order.map(({ up, down }) => ({ up, down })),
    );
  });

  test(`recognises ${name} as ${format}`, async () => {
    const files = await readMigrations(folder, { wants: () => true });
    const ranked = rankFormats(files);
    const best = ranked[0]?.confidence ?? 0;
    // Folders of V1__name.sql and nothing else are Flyway's and refinery's alike.
    const likely = ranked.filter(({ confidence }) => best - confidence < 0.06);
    assert.ok(
      likely.some((one) => one.format.name === format),
      ranked.map((one) => one.format.name).join(),
    );
  });
}

function hasDoubles(order: readonly Ordered[]): boolean {
  const versions = order.map(({ up }) => up.slice(0, up.indexOf("_")));
  return new Set(versions).size < versions.length;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
