/** Writing MikroORM's migrations. */

import type { RenderInput, SourceFile } from "../format.ts";
import { type ClassRunner, renderClass } from "../javascript_class.ts";
import { timestamp } from "../versions.ts";
import { isMikroormFile } from "./read.ts";
import { snapshotFile } from "./snapshot.ts";

/** The next file, in the language of the folder's last one; with what MikroORM says of the entities, its snapshot. */
export function renderMikroorm(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const { state } = input;
  return [
    ...renderClass(RUNNER, input, { existing, now }),
    ...state === undefined ? [] : snapshotFile(state, existing),
  ];
}

const RUNNER: ClassRunner = {
  name: "mikroorm",
  title: "MikroORM",
  isOwn: isMikroormFile,
  versions: (own) =>
    own.map(({ path }) => /\d+/.exec(path)?.[0]).filter((one) => one !== undefined),
  first: timestamp,
  names(version, name) {
    const className = `Migration${version}_${name}`;
    return { file: className, className };
  },
  call: (literal) => `this.addSql(${literal});`,
  method: (direction, { isTyped }) =>
    isTyped ? `override async ${direction}(): Promise<void>` : `async ${direction}()`,
  apartNote:
    "Runs outside of a transaction: wants migrations.allOrNothing = false in MikroORM's settings",
  apart: ({ isTyped }) =>
    `  ${
      isTyped ? "override isTransactional(): boolean" : "isTransactional()"
    } {\n    return false;\n  }\n\n`,
  around({ className, isModule }, header) {
    const imports = isModule
      ? 'import { Migration } from "@mikro-orm/migrations";\n\n'
      : '"use strict";\n\nconst { Migration } = require("@mikro-orm/migrations");\n\n';
    return {
      head: `${imports}${header}${
        isModule ? "export " : ""
      }class ${className} extends Migration {\n`,
      tail: `}\n${isModule ? "" : `\nexports.${className} = ${className};\n`}`,
    };
  },
};
