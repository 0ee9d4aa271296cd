/** Counts the tokens of the first request to a model for schemas of several sizes: `deno run -A bench/model_tokens.ts [engine...]`. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Tiktoken } from "js-tiktoken/lite";
import o200k from "js-tiktoken/ranks/o200k_base";
import { loadConfig } from "../src/config/config.ts";
import { openModel } from "../src/models/mod.ts";
import { generate, openProject } from "../src/pipeline/mod.ts";

const SIZES = [5, 20, 50, 200, 1000];
const encoding = new Tiktoken(o200k);

/** Tables of eight columns, each with a foreign key to one before it. In the changed one a column becomes two. In pieces of 100 tables. */
function schema(tables: number, changed: boolean): readonly string[] {
  const middle = Math.floor(tables / 2);
  const all = Array.from({ length: tables }, (_, at) => {
    const name = changed && at === middle
      ? ["  first_name text NOT NULL DEFAULT ''", "  last_name text NOT NULL DEFAULT ''"]
      : ["  full_name text NOT NULL"];
    const columns = [
      "  id integer PRIMARY KEY",
      ...name,
      "  email text",
      "  status text NOT NULL DEFAULT 'new'",
      "  amount numeric(12, 2)",
      "  created_at timestamp NOT NULL",
      "  updated_at timestamp",
      at === 0
        ? "  parent_id integer"
        : `  parent_id integer REFERENCES table_${Math.floor(at / 2)} (id)`,
    ];
    return `CREATE TABLE table_${at} (\n${columns.join(",\n")}\n);\n`;
  });
  return Array.from(
    { length: Math.ceil(tables / 100) },
    (_, at) => all.slice(at * 100, at * 100 + 100).join("\n"),
  );
}

/** The body of the first request. */
async function request(engine: string, tables: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "aim-tokens-"));
  try {
    mkdirSync(join(folder, "migrations"));
    mkdirSync(join(folder, "schema"));
    schema(tables, false).forEach((sql, at) => {
      writeFileSync(join(folder, `migrations/${at + 10}_tables.up.sql`), sql);
      writeFileSync(join(folder, `migrations/${at + 10}_tables.down.sql`), "-- none\n");
    });
    schema(tables, true).forEach((sql, at) => {
      writeFileSync(join(folder, `schema/${at + 10}.sql`), sql);
    });
    writeFileSync(
      join(folder, "aim.toml"),
      `engine = "${engine}"\nmodel = "openai/gpt-6-luna"\nschema = "schema"\ngenerator = "model"\n`,
    );
    const { config } = await loadConfig({ folder, variables: {} });
    const emit = () => {};
    const project = await openProject(config, { emit, signal: new AbortController().signal });
    const outcome = await generate(project, {
      dryRun: true,
      answers: new Map(),
      renames: [],
      onAmbiguity: "fail",
      showPrompt: true,
      openModel: () => openModel(config, { variables: { HOME: folder }, emit, preview: true }),
    });
    return outcome.model?.preview ?? "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tokens of what the model reads: the messages and the schema of the answer. */
function tokensOf(body: string): { readonly messages: number; readonly schema: number } {
  const { messages, response_format: format } = JSON.parse(body);
  const count = (text: string) => encoding.encode(text, "all").length;
  return {
    messages: messages.reduce(
      (sum: number, message: { content: string }) => sum + count(message.content) + 4,
      0,
    ),
    schema: count(JSON.stringify(format)),
  };
}

const engines = process.argv.length > 2 ? process.argv.slice(2) : ["postgres", "sqlite"];
console.log(
  "| engine | tables | messages | schema of the answer | sum |\n| --- | --: | --: | --: | --: |",
);
for (const engine of engines) {
  for (const tables of SIZES) {
    const { messages, schema } = tokensOf(await request(engine, tables));
    console.log(`| ${engine} | ${tables} | ${messages} | ${schema} | ${messages + schema} |`);
  }
}
process.exit(0);
