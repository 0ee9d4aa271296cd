/** Columns. */

import { renamed } from "../../common/statement.ts";
import { tableMember } from "../../common/table_member.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { fitOf } from "./fit.ts";
import { definition } from "./statement.ts";
import { renameColumn } from "./rename_column.ts";

/** A column; its table's ALTER carries its changes out. */
export const column: ObjectKind = {
  kind: "column",
  rank: 30,
  asksRename: true,
  ...tableMember,
  isCompatible: (before, after) =>
    fitOf(factsOf(before, "column"), factsOf(after, "column")) === "exact",
  rename: (object, to, from) => [
    definition(renameColumn(object, to, from), object, renamed(object, to)),
  ],
};
