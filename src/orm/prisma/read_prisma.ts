/** Files of Prisma models as DDL, with the places of the models in it. */

import { UsageError } from "../../core/error.ts";
import { positionAt } from "../../sql/position.ts";
import type { ModelDdl } from "../orm.ts";
import { prismaDdl, type PrismaFile } from "./engine.ts";

/** What the DDL is for. */
export interface PrismaTarget {
  readonly dialect: string;
  /** As in `postgres-16`; null for the newest that aim knows. */
  readonly version: string | null;
}

/** Names of dialects in a schema of Prisma. */
const PROVIDERS: Readonly<Record<string, string>> = {
  postgresql: "postgres",
  postgres: "postgres",
  sqlite: "sqlite",
};

/** The DDL of the models. Throws UsageError, with the place, for models that Prisma refuses, and for another dialect. */
export async function readPrisma(
  files: readonly PrismaFile[],
  { dialect, version }: PrismaTarget,
): Promise<ModelDdl> {
  const given = files.map(({ path, content }) => ({ path, content: withoutAddresses(content) }));
  checkProvider(given, dialect);
  const answer = await prismaDdl(given, {
    provider: dialect === "sqlite" ? "sqlite" : "postgres",
    version: (parseInt(version ?? "") || NEWEST) * 10_000,
  });
  if ("fault" in answer) throw modelFault(answer.fault, files);
  return { text: `${placesOf(files)}${answer.ddl}`, notes: [] };
}

const NEWEST = 17;

/** Until version 6 addresses stood in the schema, which the engine of version 7 refuses; lines and columns stay where they are. */
function withoutAddresses(content: string): string {
  return content.replaceAll(
    /^([ \t]*datasource[ \t]+\w+[ \t]*\{)([^}]*)\}/gm,
    (_, head: string, body: string) =>
      `${head}${
        body.replaceAll(/^([ \t]*)(?:url|directUrl|shadowDatabaseUrl)[ \t]*=[^\n]*$/gm, "$1")
      }}`,
  );
}

function checkProvider(files: readonly PrismaFile[], dialect: string): void {
  for (const { path, content } of files) {
    const found = /^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*?^[ \t]*provider[ \t]*=[ \t]*"([^"\n]*)"/m
      .exec(content);
    if (found === null) continue;
    const provider = found[1] ?? "";
    if (PROVIDERS[provider] === dialect) return;
    const at = positionAt(content, found.index + found[0].length - provider.length - 1);
    throw new UsageError(
      `Cannot read the models of Prisma: their provider is "${provider}", the engine of aim.toml is ${dialect}`,
      {
        code: "orm-models",
        place: { file: path, line: at.line, column: at.column },
        source: at.source,
        hint: PROVIDERS[provider] === undefined
          ? `aim reads models for postgresql and sqlite; for others let Prisma print them: command = "npx prisma migrate diff --from-empty --to-schema prisma/schema.prisma --script"`
          : `set engine = "${PROVIDERS[provider]}"`,
      },
    );
  }
}

/** What the engine says, with its place: `error: ...\n  -->  prisma/schema.prisma:14`. */
function modelFault(fault: string, files: readonly PrismaFile[]): UsageError {
  const [first = fault] = fault.split(/\n\s*-->/);
  const found = /-->\s+(.+):(\d+)\n/.exec(fault);
  const message = first.replace(/^error:\s*/, "").trim().replaceAll(/\s+/g, " ").replace(/\.$/, "");
  const file = files.find(({ path }) => path === found?.[1]);
  const line = Number(found?.[2] ?? 0);
  const source = file?.content.split("\n")[line - 1];
  return new UsageError(`Cannot read the models of Prisma: ${message}`, {
    code: "orm-models",
    ...(file === undefined || source === undefined
      ? {}
      : { place: { file: file.path, line, column: source.search(/\S|$/) + 1 }, source }),
  });
}

/** Comments that say where each model and each field stands. */
function placesOf(files: readonly PrismaFile[]): string {
  const lines = files.flatMap(({ path, content }) =>
    [...content.matchAll(/^[ \t]*(?:model|enum|view)[ \t]+(\w+)[ \t]*\{([^}]*)\}/gm)].flatMap(
      (found) => {
        const [, name = "", body = ""] = found;
        const mapped = /^[ \t]*@@map\([ \t]*(?:name:[ \t]*)?"([^"\s]+)"/m.exec(body)?.[1] ?? name;
        const { line } = positionAt(content, found.index + found[0].search(/\S/));
        const first = positionAt(content, found.index + found[0].indexOf("{")).line;
        return [
          statedPlace(mapped, "table", { path, line, column: 1 }),
          ...body.split("\n").flatMap((text, at) => {
            const field = /^[ \t]*(\w+)[ \t]+\w/.exec(text)?.[1];
            if (field === undefined) return [];
            const column = /@map\([ \t]*(?:name:[ \t]*)?"([^"\s]+)"/.exec(text)?.[1] ?? field;
            const place = { path, line: first + at, column: text.search(/\S/) + 1 };
            return [statedPlace(`${mapped}.${column}`, "column", place)];
          }),
        ];
      },
    )
  );
  return lines.join("");
}

function statedPlace(
  name: string,
  type: string,
  { path, line, column }: { readonly path: string; readonly line: number; readonly column: number },
): string {
  return `-- atlas:pos ${name}[type=${type}] ${path}:${line}:${column}\n`;
}
