/** ALTER ... SET SCHEMA and ALTER ... RENAME TO. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import { splitName } from "../../names.ts";
import { ident, qualified } from "../../quote.ts";
import { planned } from "./statement.ts";
import { renamed } from "../../../common/statement.ts";

/** Moves a `keyword` object that is in a schema (`VIEW`, `TYPE`) to its new name. `signature` follows the name (`(integer)`, ` USING btree`). */
export function renameInSchema(
  keyword: string,
  before: SchemaObject,
  after: SchemaObject,
  signature = "",
): readonly PlannedStatement[] {
  const [oldSchema = "", oldName = ""] = splitName(before.name);
  const [newSchema = "", newName = ""] = splitName(after.name);
  const statements: PlannedStatement[] = [];
  if (oldSchema !== newSchema) {
    const sql = `ALTER ${keyword} ${qualified(oldSchema, oldName)}${signature} SET SCHEMA ${
      ident(newSchema)
    }`;
    statements.push(planned(after, sql, renamed(before, after)));
  }
  if (oldName !== newName) {
    const sql = `ALTER ${keyword} ${qualified(newSchema, oldName)}${signature} RENAME TO ${
      ident(newName)
    }`;
    statements.push(planned(after, sql, renamed(before, after)));
  }
  return statements;
}

/** Renames a `keyword` object that is in no schema (`SERVER`). */
export function renameGlobal(
  keyword: string,
  before: SchemaObject,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const [oldName = ""] = splitName(before.name);
  const [newName = ""] = splitName(after.name);
  return [
    planned(
      after,
      `ALTER ${keyword} ${ident(oldName)} RENAME TO ${ident(newName)}`,
      renamed(before, after),
    ),
  ];
}
