/** Keys and foreign keys of tables that are there. */

import {
  type ChangeContext,
  columnList,
  isSet,
  onlyKnows,
  optional,
  qualified,
  quoted,
  required,
  untranslated,
} from "../columns.ts";
import type { Element } from "../element.ts";
import { type ChangeSql, tableOf, type Translate } from "./change.ts";

/** `ALTER TABLE t ADD CONSTRAINT ...` and back, where the database can. */
function addConstraint(
  change: Element,
  context: ChangeContext,
  { table, clause, drop }: {
    readonly table: string;
    readonly clause: string;
    readonly drop: string | null;
  },
): ChangeSql {
  if (context.dialect.alters === "none") throw untranslated(change, " on this database");
  const name = optional(change, "constraintName");
  const own = name === undefined ? "" : `CONSTRAINT ${quoted(name, context)} `;
  return {
    up: [`ALTER TABLE ${table} ADD ${own}${clause}`],
    down: drop === null ? null : [`ALTER TABLE ${table} DROP ${drop}`],
  };
}

function deferred(change: Element, { dialect }: ChangeContext): string {
  if (!dialect.hasDeferrable) return "";
  const parts = [
    ...(isSet(change, "deferrable") ? [" DEFERRABLE"] : []),
    ...(isSet(change, "initiallyDeferred") ? [" INITIALLY DEFERRED"] : []),
  ];
  return parts.join("");
}

/** What `DROP` says of a constraint, by its kind. */
function dropClause(
  kind: "KEY" | "FOREIGN KEY" | "PRIMARY KEY",
  name: string | undefined,
  context: ChangeContext,
) {
  const isModified = context.dialect.alters === "modify";
  if (isModified && kind === "PRIMARY KEY") return kind;
  if (name === undefined) return null;
  return `${isModified ? kind : "CONSTRAINT"} ${quoted(name, context)}`;
}

/** `addPrimaryKey`. */
export const addPrimaryKey: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "columnNames", "constraintName", "validate"]);
  return addConstraint(change, context, {
    table: tableOf(change, context),
    clause: `PRIMARY KEY (${columnList(required(change, "columnNames"), context)})`,
    drop: dropClause("PRIMARY KEY", optional(change, "constraintName"), context),
  });
};

/** `addUniqueConstraint`. */
export const addUniqueConstraint: Translate = (change, context) => {
  onlyKnows(change, [
    "tableName",
    "schemaName",
    "columnNames",
    "constraintName",
    "deferrable",
    "initiallyDeferred",
    "validate",
  ]);
  return addConstraint(change, context, {
    table: tableOf(change, context),
    clause: `UNIQUE (${columnList(required(change, "columnNames"), context)})${
      deferred(change, context)
    }`,
    drop: dropClause("KEY", optional(change, "constraintName"), context),
  });
};

const ACTIONS = /^(?:CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION)$/i;

/** `addForeignKeyConstraint`. */
export const addForeignKeyConstraint: Translate = (change, context) => {
  onlyKnows(change, [
    "baseTableName",
    "baseTableSchemaName",
    "baseColumnNames",
    "constraintName",
    "referencedTableName",
    "referencedTableSchemaName",
    "referencedColumnNames",
    "onDelete",
    "onUpdate",
    "deleteCascade",
    "deferrable",
    "initiallyDeferred",
    "referencesUniqueColumn",
    "validate",
  ]);
  if (optional(change, "validate")?.toLowerCase() === "false") {
    throw untranslated(change, " with validate");
  }
  const target = qualified(
    required(change, "referencedTableName"),
    optional(change, "referencedTableSchemaName"),
    context,
  );
  const action = (key: "onDelete" | "onUpdate", words: string) => {
    const said = optional(change, key);
    if (said === undefined) return "";
    if (!ACTIONS.test(said)) throw untranslated(change, ` with ${key}="${said}"`);
    return ` ${words} ${said.toUpperCase()}`;
  };
  const onDelete = action("onDelete", "ON DELETE");
  return addConstraint(change, context, {
    table: tableOf(change, context, "baseTableName"),
    clause: `FOREIGN KEY (${
      columnList(required(change, "baseColumnNames"), context)
    }) REFERENCES ${target} (${columnList(required(change, "referencedColumnNames"), context)})${
      action("onUpdate", "ON UPDATE")
    }${onDelete !== "" ? onDelete : isSet(change, "deleteCascade") ? " ON DELETE CASCADE" : ""}${
      deferred(change, context)
    }`,
    drop: dropClause("FOREIGN KEY", required(change, "constraintName"), context),
  });
};

/** `drop...Constraint` of a kind. */
export function dropConstraint(
  kind: Parameters<typeof dropClause>[0],
  key: "tableName" | "baseTableName",
): Translate {
  return (change, context) => {
    onlyKnows(change, [
      key,
      "schemaName",
      "baseTableSchemaName",
      "constraintName",
      "uniqueColumns",
    ]);
    const clause = dropClause(kind, optional(change, "constraintName"), context);
    if (context.dialect.alters === "none" || clause === null) throw untranslated(change, " here");
    return { up: [`ALTER TABLE ${tableOf(change, context, key)} DROP ${clause}`], down: null };
  };
}
