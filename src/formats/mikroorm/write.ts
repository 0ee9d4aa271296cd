/** Writing MikroORM's migrations. */

import { calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { extensionOf, javascriptCalls, javascriptHeader } from "../javascript_lines.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { compareText, nextVersions, timestamp } from "../versions.ts";
import { isMikroormFile } from "./read.ts";

/** The next file, in the language of the folder's last one. */
export function renderMikroorm(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("mikroorm", "MikroORM", input);
  const own = existing.filter(({ path }) => isMikroormFile(path))
    .sort((a, b) => compareText(a.path, b.path));
  const extension = extensionOf(own.map(({ path }) => path), "ts");
  const isModule = extension !== "cjs" &&
    (extension !== "js" || /^export\s/m.test(own.at(-1)?.text ?? ""));
  const versions = nextVersions({
    versions: own.map(({ path }) => /\d+/.exec(path)?.[0]).filter((one) => one !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  return parts.map((part, index) => {
    const className = `Migration${versions[index]}_${part.name}`;
    return {
      path: `${className}.${extension}`,
      text: text(part, input, { className, isModule, isTyped: extension.includes("t") }),
    };
  });
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
      call: (literal) => `this.addSql(${literal});`,
    });
    return isTyped
      ? `  override async ${direction}(): Promise<void> {\n${lines}  }\n`
      : `  async ${direction}() {\n${lines}  }\n`;
  };
  const notes = apart
    ? [
      "Runs outside of a transaction: wants migrations.allOrNothing = false in MikroORM's settings",
    ]
    : [];
  const marker = isTyped ? "  override isTransactional(): boolean {\n" : "  isTransactional() {\n";
  return [
    isModule
      ? 'import { Migration } from "@mikro-orm/migrations";\n\n'
      : '"use strict";\n\nconst { Migration } = require("@mikro-orm/migrations");\n\n',
    javascriptHeader([...commentLines(part.header), ...notes]),
    `${isModule ? "export " : ""}class ${className} extends Migration {\n`,
    apart ? `${marker}    return false;\n  }\n\n` : "",
    section("up"),
    "\n",
    section("down"),
    `}\n${isModule ? "" : `\nexports.${className} = ${className};\n`}`,
  ].join("");
}
