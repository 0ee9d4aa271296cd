/** Writing TypeORM's migrations. */

import type { RenderInput, SourceFile } from "../format.ts";
import { type ClassRunner, renderClass } from "../javascript_class.ts";
import { pascalCase } from "../javascript_lines.ts";
import { isTypeormFile } from "./read.ts";

/** The next file, in the language and the kind of modules of the folder's last one. */
export function renderTypeorm(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  return renderClass(RUNNER, input, { existing, now });
}

const RUNNER: ClassRunner = {
  name: "typeorm",
  title: "TypeORM",
  isOwn: isTypeormFile,
  versions: (own) =>
    own.flatMap(({ text }) => [...text.matchAll(/\bclass\s+\w*?(\d{10,})\b/g)])
      .map(([, version = "0"]) => version),
  first: (now) => String(now.getTime()),
  names: (version, name) => ({
    file: `${version}-${name}`,
    className: `${classWord(name)}${version}`,
  }),
  call: (literal) => `await queryRunner.query(${literal});`,
  method: (direction, { isTyped }) =>
    isTyped
      ? `public async ${direction}(queryRunner: QueryRunner): Promise<void>`
      : `async ${direction}(queryRunner)`,
  apartNote:
    "Stands in no transaction: typeorm migration:run --transaction each, migration:revert --transaction none",
  apart: () => "  transaction = false;\n\n",
  around({ className, isModule, isTyped }, header) {
    const imports = isTyped
      ? 'import type { MigrationInterface, QueryRunner } from "typeorm";\n\n'
      : "";
    const head = isModule ? `export class ${className}` : `module.exports = class ${className}`;
    return {
      head: `${imports}${header}${head}${isTyped ? " implements MigrationInterface" : ""} {\n` +
        `  name = "${className}";\n\n`,
      tail: `}${isModule ? "" : ";"}\n`,
    };
  },
};

/** The name of a class, without digits at its end, which are the order. */
function classWord(name: string): string {
  return pascalCase(name.replace(/^(?=\d)/, "m_")).replace(/\d+$/, (digits) => `${digits}_`);
}
