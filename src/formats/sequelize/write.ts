/** Writing Sequelize's migrations. */

import { calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { extensionOf, javascriptCalls, javascriptHeader } from "../javascript_lines.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { compareText, nextVersions, timestamp } from "../versions.ts";
import { isSequelizeFile } from "./read.ts";

/** How a folder's files begin and end. */
interface Style {
  readonly before: string;
  up(name: "up" | "down"): string;
  readonly between: string;
  readonly after: string;
  readonly indent: string;
}

/** The next file, in the language and the kind of modules of the folder's last one. */
export function renderSequelize(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("sequelize", "Sequelize", input);
  const own = existing.filter(({ path }) => isSequelizeFile(path))
    .sort((a, b) => compareText(a.path, b.path));
  const extension = extensionOf(own.map(({ path }) => path), "js");
  const versions = nextVersions({
    versions: own.map(({ path }) => /^\d+/.exec(path)?.[0]).filter((one) => one !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  const separator = /^\d+([-_.])/.exec(own.at(-1)?.path ?? "")?.[1] ?? "-";
  const style = styleOf(extension, own.at(-1)?.text ?? "");
  return parts.map((part, index) => ({
    path: `${versions[index]}${separator}${part.name}.${extension}`,
    text: text(part, input, style),
  }));
}

function styleOf(extension: string, last: string): Style {
  const isTyped = extension.includes("t");
  if (!/^[mt]/.test(extension) && !/^export\s/m.test(last)) {
    return {
      before: '"use strict";\n\nmodule.exports = {\n',
      up: (name) => `  async ${name}(queryInterface) {\n`,
      between: "  },\n\n",
      after: "  },\n};\n",
      indent: "    ",
    };
  }
  const type = isTyped ? ": QueryInterface" : "";
  const parameter = /\bcontext\b/.test(last)
    ? `{ context: queryInterface }${isTyped ? `: { context: QueryInterface }` : ""}`
    : `queryInterface${type}`;
  return {
    before: isTyped ? 'import type { QueryInterface } from "sequelize";\n\n' : "",
    up: (name) =>
      `export async function ${name}(${parameter})${isTyped ? ": Promise<void>" : ""} {\n`,
    between: "}\n\n",
    after: "}\n",
    indent: "  ",
  };
}

function text(part: PartToWrite, { dialect }: RenderInput, style: Style): string {
  const section = (direction: "up" | "down") => {
    const apart = needsMarker(part[direction], dialect);
    const calls = calledStatements(part[direction], { apart });
    if (apart || calls.length === 0) {
      return javascriptCalls(calls, {
        indent: style.indent,
        call: (literal) => `await queryInterface.sequelize.query(${literal}, { raw: true });`,
      });
    }
    const lines = javascriptCalls(calls, {
      indent: `${style.indent}  `,
      call: (literal) =>
        `await queryInterface.sequelize.query(${literal}, { raw: true, transaction });`,
    });
    return `${style.indent}await queryInterface.sequelize.transaction(async (transaction) => {\n${lines}${style.indent}});\n`;
  };
  const header = javascriptHeader(commentLines(part.header));
  return [
    header,
    style.before,
    style.up("up"),
    section("up"),
    style.between,
    style.up("down"),
    section("down"),
    style.after,
  ].join("");
}
