/** Writing Knex's migrations. */

import { UsageError } from "../../core/error.ts";
import { calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { extensionOf, javascriptCalls, javascriptHeader } from "../javascript_lines.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { hasQuestionBindings } from "../transaction_mode.ts";
import { compareText, nextVersions, timestamp } from "../versions.ts";
import { isKnexFile } from "./read.ts";

/** The next file, in the language and the kind of modules of the folder's last one. */
export function renderKnex(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("knex", "Knex", input);
  const own = existing.filter(({ path }) => isKnexFile(path))
    .sort((a, b) => compareText(a.path, b.path));
  const extension = extensionOf(own.map(({ path }) => path), "js");
  const last = own.at(-1);
  const isModule = /^[mt]/.test(extension) || last !== undefined && /^export\s/m.test(last.text);
  const versions = nextVersions({
    versions: own.map(({ path }) => /^\d+/.exec(path)?.[0]).filter((one) => one !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  return parts.map((part, index) => ({
    path: `${versions[index]}_${part.name}.${extension}`,
    text: text(part, input, { isModule, isTyped: extension.includes("t") }),
  }));
}

function text(
  part: PartToWrite,
  { dialect }: RenderInput,
  { isModule, isTyped }: { readonly isModule: boolean; readonly isTyped: boolean },
): string {
  const apart = needsMarker([...part.up, ...part.down], dialect);
  const section = (direction: "up" | "down") => {
    const calls = calledStatements(part[direction], { apart }).map((one) => ({
      ...one,
      sql: escaped(one.sql, dialect),
    }));
    const lines = javascriptCalls(calls, {
      indent: "  ",
      call: (literal) => `await knex.raw(${literal});`,
    });
    const parameters = isTyped ? "(knex: Knex): Promise<void>" : "(knex)";
    return isModule
      ? `export async function ${direction}${parameters} {\n${lines}}\n`
      : `exports.${direction} = async function ${parameters} {\n${lines}};\n`;
  };
  const config = !apart
    ? ""
    : `\n${isModule ? "export const config" : "exports.config"} = { transaction: false };\n`;
  const imports = isTyped ? 'import type { Knex } from "knex";\n\n' : "";
  const header = javascriptHeader(commentLines(part.header));
  return `${imports}${header}${section("up")}\n${section("down")}${config}`;
}

/** A text in which Knex finds no bound value. Throws UsageError for what it cannot be told. */
function escaped(sql: string, dialect: string): string {
  if (!hasQuestionBindings(dialect)) return sql;
  if (/\\\?/.test(sql)) {
    throw new UsageError(
      'Cannot write a statement for Knex: it drops a backslash before a question mark ("\\?")',
      {
        code: "migration-format",
        hint: "Write the backslash another way in schema.sql, for example as E'\\x5C'",
      },
    );
  }
  return sql.replaceAll("?", "\\?");
}
