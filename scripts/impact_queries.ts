/**
 * Whether what `aim impact` calls certain is: queries of applications, prepared before and after changes on another Postgres than aim's.
 *
 * Usage: deno run -A scripts/impact_queries.ts CASES.jsonl [--changes N]
 *
 * A case is a line of JSON: `{ "name": "app", "folder": "/path/of/the/code", "schema": ["schema.sql"] }`; the files of the schema run in
 * their order. The changes are made up: columns and tables that queries name are dropped, renamed and get another type.
 */

import { PGlite } from "@electric-sql/pglite";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";
import { vector } from "@electric-sql/pglite-pgvector";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { loadConfig } from "../src/config/config.ts";
import { lexicon } from "../src/engines/postgres/lexicon.ts";
import { impact, openProject } from "../src/pipeline/mod.ts";
import { readCode } from "../src/pipeline/impact/code_files.ts";
import { codeTokens } from "../src/usage/code_scanner.ts";
import { isSqlFile, languageOf } from "../src/usage/language.ts";
import { literalsOf } from "../src/usage/literals.ts";
import { isQuery, withParameters } from "../src/usage/queries.ts";
import { queryStatements } from "../src/usage/query_statements.ts";
import { placeOf } from "../src/usage/line_index.ts";

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly schema: readonly string[];
}

/** A query, and the lines that it stands in. */
interface Query {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly sql: string;
}

const [file = "", , most = "10"] = process.argv.slice(2);
const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
const sum = { queries: 0, pairs: 0, broken: 0, called: 0, wrong: 0, unjudged: 0 };
console.log(
  "| application | queries | pairs | broken by a change | called certain | falsely | not judged |",
);
console.log("| --- | --: | --: | --: | --: | --: | --: |");
for (const line of lines) await run(JSON.parse(line));
console.log(`| all | ${Object.values(sum).join(" | ")} |`);

async function run({ name, folder, schema }: Case): Promise<void> {
  const texts = await Promise.all(schema.map((path) => readFile(resolve(folder, path), "utf8")));
  const ddl = texts.map((text) => /;\s*$/.test(text) ? text : `${text}\n;`).join("\n");
  const db = await PGlite.create({ extensions: { pgcrypto, uuid_ossp, vector } });
  await db.exec(ddl);
  const queries = await queriesOf(folder);
  const prepared = await preparedOf(db, queries);
  const before = queries.filter((query) => prepared.has(query));
  const changes = (await madeUp(db, before)).slice(0, Number(most));
  const tally = { queries: before.length, pairs: 0, broken: 0, called: 0, wrong: 0, unjudged: 0 };
  for (const change of changes) {
    await db.exec("BEGIN");
    await db.exec(change);
    const still = await preparedOf(db, before);
    await db.exec("ROLLBACK");
    const broken = before.filter((query) => !still.has(query));
    const certain = await certainOf(texts, change, folder);
    const own = ({ path, line }: { readonly path: string; readonly line: number }) =>
      before.filter((one) => one.file === path && one.from <= line && one.to >= line);
    const wrong = certain.filter((use) =>
      own(use).length > 0 && !own(use).some((one) => broken.includes(one))
    );
    // What the other server takes in no form that is tried here cannot be judged by it.
    tally.unjudged += certain.filter((use) => own(use).length === 0).length;
    for (const { path, line, why } of wrong) {
      console.error(`${name}: ${change}: ${path}:${line}: ${why}`);
    }
    tally.pairs += before.length;
    tally.broken += broken.length;
    tally.called += certain.length;
    tally.wrong += wrong.length;
  }
  await db.close();
  for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += tally[key];
  console.log(`| ${name} | ${Object.values(tally).join(" | ")} |`);
}

/** All queries of a folder. */
async function queriesOf(folder: string): Promise<readonly Query[]> {
  const { files } = await readCode(folder, {
    prefix: "",
    without: [],
    signal: new AbortController().signal,
  });
  return files.flatMap(({ path, text }): readonly Query[] => {
    const language = languageOf(path, text);
    const pieces = isSqlFile(path)
      ? queryStatements(text, lexicon).map(({ sql, offset }) => ({
        value: sql,
        start: offset,
        end: offset + sql.length,
      }))
      : language === null
      ? []
      : literalsOf(text, codeTokens(text, language));
    return pieces.filter(({ value }) => isQuery(value)).map(({ value, start, end }) => ({
      file: path,
      from: placeOf(text, start).line,
      to: placeOf(text, end).line,
      sql: value,
    }));
  });
}

/** The queries that the server takes, with what aim takes expressions of the program for: a parameter, or nothing. */
async function preparedOf(db: PGlite, queries: readonly Query[]): Promise<ReadonlySet<Query>> {
  const taken = new Set<Query>();
  for (const query of queries) {
    for (const drops of [false, true]) {
      const sql = withParameters(query.sql, (number) => `$${number}`, drops);
      try {
        await db.exec("SAVEPOINT q").catch(() => {});
        await db.exec(`PREPARE q AS ${sql}`);
        await db.exec("DEALLOCATE q");
        taken.add(query);
        break;
      } catch {
        await db.exec("ROLLBACK TO q").catch(() => {});
      }
    }
  }
  return taken;
}

/** Changes of columns and tables, those first that most queries name. */
async function madeUp(db: PGlite, queries: readonly Query[]): Promise<readonly string[]> {
  const { rows } = await db.query<{ t: string; c: string }>(
    `SELECT table_name AS t, column_name AS c FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')`,
  );
  const naming = (t: string, c: string) =>
    queries.filter(({ sql }) =>
      new RegExp(`\\b${t}\\b`).test(sql) && new RegExp(`\\b${c}\\b`).test(sql)
    )
      .length;
  const ranked = rows.map((row) => ({ ...row, count: naming(row.t, row.c) }))
    .filter(({ count }) => count > 0).sort((a, b) => b.count - a.count || (a.c < b.c ? -1 : 1));
  const columns = ranked.filter(({ t }, at) =>
    ranked.slice(0, at).filter((one) => one.t === t).length < 3
  );
  const tables = [...new Set(columns.map(({ t }) => t))];
  const name = (text: string | undefined) => `"${text}"`;
  const forms: readonly ((row: { t: string; c: string }) => string)[] = [
    ({ t, c }) => `ALTER TABLE ${name(t)} RENAME COLUMN ${name(c)} TO aim_other`,
    ({ t, c }) => `ALTER TABLE ${name(t)} DROP COLUMN ${name(c)} CASCADE`,
    ({ t, c }) =>
      `ALTER TABLE ${name(t)} DROP COLUMN ${name(c)} CASCADE, ADD COLUMN ${name(c)} point`,
  ];
  return [
    ...columns.slice(0, 8).map((row, at) => forms[at % forms.length]?.(row) ?? ""),
    `ALTER TABLE ${name(tables.at(-1))} RENAME TO aim_table`,
    `DROP TABLE ${name(tables.at(-2) ?? tables[0])} CASCADE`,
  ];
}

/** What aim calls certain for a change. */
async function certainOf(texts: readonly string[], change: string, folder: string) {
  const root = await mkdtemp(join(tmpdir(), "aim-certain-"));
  try {
    await mkdir(join(root, "migrations"));
    for (const [at, text] of [...texts, `${change};\n`].entries()) {
      const path = join(root, "migrations", `${String(at + 1).padStart(6, "0")}_a`);
      await writeFile(`${path}.up.sql`, text);
      await writeFile(`${path}.down.sql`, "SELECT 1;\n");
    }
    const { config } = await loadConfig({
      folder: root,
      flags: { engine: ["postgres"], format: ["migrate"], migrations: ["migrations"] },
      variables: {},
    });
    const signal = new AbortController().signal;
    const project = await openProject(config, { emit: () => {}, signal });
    const { uses } = await impact(project, {
      of: null,
      paths: [folder],
      repositories: [],
      stated: { renames: [], answers: new Map() },
    });
    return uses.filter(({ certainty, via }) => certainty === "certain" && via !== "catalog")
      .map(({ file: path, line, why }) => ({
        path: relative(folder, resolve(root, path)),
        line,
        why,
      }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
