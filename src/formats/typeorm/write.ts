/** Writing TypeORM's migrations. */

import { calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { extensionOf, javascriptCalls, javascriptHeader, pascalCase } from "../javascript_lines.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { compareText, nextVersions } from "../versions.ts";
import { isTypeormFile } from "./read.ts";

/** The next file, in the language and the kind of modules of the folder's last one. */
export function renderTypeorm(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("typeorm", "TypeORM", input);
  const own = existing.filter(({ path }) => isTypeormFile(path))
    .sort((a, b) => compareText(a.path, b.path));
  const extension = extensionOf(own.map(({ path }) => path), "ts");
  const classes = own.flatMap(({ text }) => [...text.matchAll(/\bclass\s+\w*?(\d{10,})\b/g)]);
  const versions = nextVersions({
    versions: classes.map(([, version = "0"]) => version),
    now,
    first: String(now.getTime()),
  }, parts.length);
  const isModule = extension !== "cjs" &&
    (extension !== "js" || /^export\s/m.test(own.at(-1)?.text ?? ""));
  return parts.map((part, index) => {
    const version = versions[index] ?? "";
    return {
      path: `${version}-${part.name}.${extension}`,
      text: text(part, input, {
        className: `${classWord(part.name)}${version}`,
        isModule,
        isTyped: extension.includes("t"),
      }),
    };
  });
}

/** The name of a class, without digits at its end, which are the order. */
function classWord(name: string): string {
  return pascalCase(name.replace(/^(?=\d)/, "m_")).replace(/\d+$/, (digits) => `${digits}_`);
}

interface Style {
  readonly className: string;
  readonly isModule: boolean;
  readonly isTyped: boolean;
}

function text(
  part: PartToWrite,
  { dialect }: RenderInput,
  { className, isModule, isTyped }: Style,
): string {
  const apart = needsMarker([...part.up, ...part.down], dialect);
  const section = (direction: "up" | "down") => {
    const lines = javascriptCalls(calledStatements(part[direction], { apart }), {
      indent: "    ",
      call: (literal) => `await queryRunner.query(${literal});`,
    });
    return isTyped
      ? `  public async ${direction}(queryRunner: QueryRunner): Promise<void> {\n${lines}  }\n`
      : `  async ${direction}(queryRunner) {\n${lines}  }\n`;
  };
  const notes = apart
    ? [
      "Stands in no transaction: typeorm migration:run --transaction each, migration:revert --transaction none",
    ]
    : [];
  const header = javascriptHeader([...commentLines(part.header), ...notes]);
  const imports = isTyped
    ? 'import type { MigrationInterface, QueryRunner } from "typeorm";\n\n'
    : "";
  const head = isModule ? `export class ${className}` : `module.exports = class ${className}`;
  return [
    imports,
    header,
    `${head}${isTyped ? " implements MigrationInterface" : ""} {\n`,
    `  name = "${className}";\n`,
    apart ? "  transaction = false;\n" : "",
    "\n",
    section("up"),
    "\n",
    section("down"),
    `}${isModule ? "" : ";"}\n`,
  ].join("");
}
