/** Uses of tables and columns in words of code, by what becomes of them. */

import { columnUses } from "./column_uses.ts";
import { declaredUses } from "./declared_uses.ts";
import type { CodeText, Model } from "./models.ts";
import { tableUses } from "./table_uses.ts";
import type { Names } from "./target.ts";
import type { Use } from "./use.ts";

/** The models of each target, by file. */
export type KnownModels = ReadonlyMap<Names, ReadonlyMap<string, readonly Model[]>>;

/** Uses in words of code. */
export function codeUses(code: CodeText, names: Names, known: KnownModels): readonly Use[] {
  const { target } = names;
  if (["values", "value-drop", "value-rename", "nullable"].includes(target.change)) return [];
  const models = known.get(names)?.get(code.path) ?? [];
  if (target.change === "require" || target.change === "retype") {
    return declaredUses(code, names, models);
  }
  return target.column === null
    ? tableUses(code, names, models, allModels(known, names))
    : columnUses(code, names, models, allModels(known, names));
}

/** The models of a target in all files. */
export function allModels(known: KnownModels, names: Names): readonly Model[] {
  return [...known.get(names)?.values() ?? []].flat();
}
