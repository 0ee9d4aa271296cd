/** Changes of changelogs as SQL, and what takes them back where Liquibase knows that by itself. */

import { type ChangeContext, untranslated } from "../columns.ts";
import type { Element } from "../element.ts";
import type { ChangeSql, Translate } from "./change.ts";
import {
  addDefaultValue,
  addNotNullConstraint,
  dropDefaultValue,
  dropNotNullConstraint,
} from "./column_change.ts";
import {
  addForeignKeyConstraint,
  addPrimaryKey,
  addUniqueConstraint,
  dropConstraint,
} from "./constraint.ts";
import { createIndex, dropIndex } from "./index_change.ts";
import { setColumnRemarks, setTableRemarks } from "./remarks.ts";
import { deleteRows, insert, update } from "./rows.ts";
import { createSequence, createView, dropSequence, dropView } from "./sequence_view.ts";
import {
  addColumn,
  createTable,
  dropColumn,
  dropTable,
  modifyDataType,
  renameColumn,
  renameTable,
} from "./table.ts";

/** The SQL of a change. Throws UsageError, with its place, for what aim does not know to translate. */
export function changeSql(change: Element, context: ChangeContext): ChangeSql {
  const translate = Object.hasOwn(CHANGES, change.name) ? CHANGES[change.name] : undefined;
  if (translate === undefined) throw untranslated(change);
  return translate(change, context);
}

const nothing: Translate = () => ({ up: [], down: [] });

const CHANGES: Readonly<Record<string, Translate>> = {
  createTable,
  addColumn,
  dropColumn,
  renameColumn,
  renameTable,
  modifyDataType,
  createIndex,
  dropIndex,
  addPrimaryKey,
  dropPrimaryKey: dropConstraint("PRIMARY KEY", "tableName"),
  addUniqueConstraint,
  dropUniqueConstraint: dropConstraint("KEY", "tableName"),
  addForeignKeyConstraint,
  dropForeignKeyConstraint: dropConstraint("FOREIGN KEY", "baseTableName"),
  addNotNullConstraint,
  dropNotNullConstraint,
  addDefaultValue,
  dropDefaultValue,
  createSequence,
  dropSequence,
  createView,
  dropView,
  dropTable,
  insert,
  update,
  delete: deleteRows,
  setTableRemarks,
  setColumnRemarks,
  tagDatabase: nothing,
  empty: nothing,
  output: nothing,
};
