/** Writing refinery's files, which have no DOWN. */

import type { RenderInput, SourceFile } from "../format.ts";
import { body, partsFor, written } from "../rendering.ts";
import { nextVersions } from "../versions.ts";

/** The next `V<n>__name.sql`, in the folder of the last one. */
export function renderRefinery(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("refinery", "refinery", input);
  const files = existing.flatMap(({ path }) => {
    const found = /^((?:.*\/)?)[UV](\d+)__\w+\.(?:sql|rs)$/.exec(path);
    return found === null ? [] : [{ folder: found[1] ?? "", version: found[2] ?? "0" }];
  });
  const versions = nextVersions({
    versions: files.map((file) => file.version),
    now,
    first: "1",
  }, parts.length);
  const last = files.toSorted((a, b) => BigInt(a.version) < BigInt(b.version) ? -1 : 1).at(-1);
  return parts.map((part, index) => ({
    path: `${last?.folder ?? ""}V${versions[index]}__${part.name}.sql`,
    text: body(part.header, part.up.map((statement) => written(statement, input.lexicon)), {
      runner: "refinery",
      dialect: input.dialect,
    }),
  }));
}
