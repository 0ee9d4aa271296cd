/** A schema of no dialect as another dialect can hold it, with a note for all that is not the same there. */

import { columnKinds, fitTree, fitValue } from "./fit_tree.ts";
import { fitTriggers, touchTriggers } from "./fit_trigger.ts";
import type { Holding } from "./holding.ts";
import { Names } from "./names.ts";
import type {
  Adapted,
  LogicalType,
  NeutralCheck,
  NeutralColumn,
  NeutralForeignKey,
  NeutralIndex,
  NeutralKey,
  NeutralSchema,
  NeutralTable,
} from "./neutral.ts";
import { Notes } from "./notes.ts";
import { printExpression, printQuery } from "./print.ts";
import { call, type Expression } from "./tree.ts";

/** What of a schema a dialect can hold. */
export function adaptSchema(schema: NeutralSchema, holding: Holding): Adapted {
  const notes = new Notes();
  const typed = schema.tables.map((table) => fitColumns(table, schema, { holding, notes }));
  const tables = holding.has.sameTypes
    ? withSameTypes(typed.map(({ table }) => table), notes)
    : typed.map(({ table }) => table);
  const kinds = columnKinds(tables);
  const names = new Names(holding, notes, [...tables, ...schema.views].map(({ name }) => name));
  const scope = { holding, notes, kinds, names, tables };
  const fitted = tables.map((table, at) => fitTable(table, typed[at]?.checks ?? [], scope));
  const touched = holding.has.touched
    ? []
    : schema.tables.flatMap((table) => touchTriggers(table, notes));
  const triggers = fitTriggers([...schema.triggers, ...touched], {
    holding,
    notes,
    kinds,
    names,
    tables,
  });
  return {
    schema: {
      tables: fitted,
      views: schema.views.flatMap((view) => {
        const query = fitTree(view.query, kinds);
        const text = notes.attempt(`view ${view.name}`, () => printQuery(query, holding.speech));
        return text === null ? [] : [{ ...view, query }];
      }),
      triggers,
      sequences: schema.sequences.filter(({ name }) => {
        if (!holding.has.sequences) {
          notes.dropped(`sequence ${name}`, `${holding.speech.dialect} has no sequences`);
        }
        return holding.has.sequences;
      }),
    },
    notes: notes.all,
  };
}

interface Scope {
  readonly holding: Holding;
  readonly notes: Notes;
  readonly kinds: ReadonlyMap<string, ReadonlySet<string>>;
  readonly names: Names;
  readonly tables: readonly NeutralTable[];
}

function fitColumns(
  table: NeutralTable,
  schema: NeutralSchema,
  { holding, notes }: Pick<Scope, "holding" | "notes">,
): { readonly table: NeutralTable; readonly checks: readonly NeutralCheck[] } {
  const keyed = keyColumns(table, schema);
  const checks: NeutralCheck[] = [];
  const caseless: string[] = [];
  const columns = table.columns.map((column): NeutralColumn => {
    const { name } = column;
    const label = `column ${table.name}.${name}`;
    const place = {
      table: table.name,
      column: name,
      isKey: keyed.has(name),
      isCounter: column.counter !== null,
    };
    const { type, why, check } = holding.fitType(column.type, place);
    if (why !== null) notes.changed(label, describeType(type), why);
    if (check !== undefined) checks.push({ name: null, condition: check });
    if (column.isCaseless && !holding.has.caseless) caseless.push(name);
    if (column.comment !== null && !holding.has.comments) {
      notes.dropped(`comment of ${label}`, `${holding.speech.dialect} has no comments`);
    }
    return {
      ...column,
      type,
      isCaseless: column.isCaseless && holding.has.caseless,
      counter: counterOf(column, table, { holding, notes }),
      comment: holding.has.comments ? column.comment : null,
      touched: column.touched && holding.has.touched,
    };
  });
  if (caseless.length > 0) {
    notes.changed(
      `columns ${caseless.join(", ")} of ${table.name}`,
      "texts that are compared exactly",
      `their collation takes capital and small letters for the same; ${holding.speech.dialect} has no such collation of its own`,
    );
  }
  if (table.comment !== null && !holding.has.comments) {
    notes.dropped(`comment of table ${table.name}`, `${holding.speech.dialect} has no comments`);
  }
  return {
    table: {
      ...table,
      path: [table.name],
      columns,
      comment: holding.has.comments ? table.comment : null,
    },
    checks,
  };
}

/** A type for people: `int 64`, `text 255`. */
function describeType(type: LogicalType): string {
  const parts = Object.entries(type).filter(([key, value]) =>
    key !== "kind" && (typeof value === "number" || (key === "unsigned" && value === true))
  ).map(([key, value]) => value === true ? key : String(value));
  return [type.kind, ...parts].join(" ");
}

function counterOf(
  column: NeutralColumn,
  table: NeutralTable,
  { holding, notes }: Pick<Scope, "holding" | "notes">,
): NeutralColumn["counter"] {
  if (column.counter === null || holding.has.counters === "any") return column.counter;
  const first = table.columns.find(({ counter }) => counter !== null);
  const key = table.primaryKey?.parts ?? [];
  const leads = (parts: NeutralKey["parts"]) => columnOf(parts[0]?.expression) === column.name;
  const isKey = holding.has.counters === "primary"
    ? key.length === 1 && leads(key)
    : [key, ...table.uniques.map(({ parts }) => parts), ...table.indexes.map(({ parts }) => parts)]
      .some(leads);
  if (isKey && first === column) return "by default";
  notes.dropped(
    `counter of column ${table.name}.${column.name}`,
    holding.has.counters === "primary"
      ? "only a primary key of one column numbers itself"
      : "only one column, the first of a key, numbers itself",
  );
  return null;
}

/** The name of a column that an expression is. */
export function columnOf(expression: Expression | undefined): string | null {
  return expression?.node === "column" ? expression.path.at(-1) ?? null : null;
}

/** Columns of keys, and those that refer or are referred to. */
function keyColumns(table: NeutralTable, schema: NeutralSchema): ReadonlySet<string> {
  const keys = [
    table.primaryKey,
    ...table.uniques,
    ...table.indexes.filter(({ isUnique }) => isUnique),
  ];
  return new Set([
    ...keys.flatMap((key) =>
      (key?.parts ?? []).flatMap(({ expression }) => columnOf(expression) ?? [])
    ),
    ...table.foreignKeys.flatMap(({ columns }) => columns),
    ...schema.tables.flatMap(({ foreignKeys }) =>
      foreignKeys.flatMap((key) => key.table === table.name ? key.references : [])
    ),
  ]);
}

/** Columns that refer get the type of what they refer to. */
function withSameTypes(tables: readonly NeutralTable[], notes: Notes): readonly NeutralTable[] {
  let current = tables;
  for (let round = 0; round < 3; round++) {
    const byName = new Map(current.map((table) => [table.name, table]));
    current = current.map((table) => ({
      ...table,
      columns: table.columns.map((column) => {
        for (const key of table.foreignKeys) {
          const at = key.columns.indexOf(column.name);
          const target = byName.get(key.table)?.columns.find(({ name }) =>
            name === key.references[at]
          );
          if (at < 0 || target === undefined) continue;
          const isSame = JSON.stringify(target.type) === JSON.stringify(column.type) &&
            target.isCaseless === column.isCaseless;
          if (isSame || column === target) continue;
          notes.changed(
            `column ${table.name}.${column.name}`,
            describeType(target.type),
            "a column that refers has the type of what it refers to",
          );
          return { ...column, type: target.type, isCaseless: target.isCaseless };
        }
        return column;
      }),
    }));
  }
  return current;
}

function fitTable(table: NeutralTable, added: readonly NeutralCheck[], scope: Scope): NeutralTable {
  const { notes, holding, kinds, names } = scope;
  const { name } = table;
  const says = (label: string, tree: Expression) =>
    notes.attempt(label, () => {
      printExpression(tree, holding.speech);
      return tree;
    });
  const columns = table.columns.map((column) => {
    const label = `column ${name}.${column.name}`;
    const fallback = column.fallback === null ? null : notes.attempt(`default of ${label}`, () => {
      const value = fitValue(column.fallback ?? { node: "null" }, column.type, kinds);
      printExpression(value, holding.speech);
      return value;
    });
    const made = column.generated === null
      ? null
      : says(`expression of ${label}`, fitTree(column.generated.expression, kinds));
    if (
      column.generated !== null && made !== null && !column.generated.isStored &&
      !holding.has.virtual
    ) {
      notes.changed(label, "a stored generated column", "generated columns are stored there");
    }
    const isStored = column.generated?.isStored === true || !holding.has.virtual;
    const generated = made === null ? null : { expression: made, isStored };
    return { ...column, fallback, generated };
  });
  const checks = [...table.checks, ...added].flatMap((check): readonly NeutralCheck[] => {
    const condition = says(
      `check ${name}.${check.name ?? "of a column"}`,
      fitTree(check.condition, kinds),
    );
    return condition === null ? [] : [{ name: names.constraint(check.name, name), condition }];
  });
  return {
    ...table,
    columns,
    primaryKey: table.primaryKey === null
      ? null
      : { ...table.primaryKey, name: null, parts: plainParts(table.primaryKey) },
    uniques: table.uniques.map((key) => ({
      name: names.index(key.name, name),
      parts: plainParts(key),
    })),
    checks,
    foreignKeys: table.foreignKeys.flatMap((key) => fitForeignKey(key, table, scope)),
    indexes: table.indexes.flatMap((index) => fitIndex(index, { ...table, columns }, scope)),
  };
}

function plainParts({ parts }: NeutralKey): NeutralKey["parts"] {
  return parts.map((part) => ({ ...part, isDescending: false }));
}

function fitForeignKey(
  key: NeutralForeignKey,
  table: NeutralTable,
  { notes, holding, names, tables }: Scope,
): readonly NeutralForeignKey[] {
  const label = `foreign key ${table.name}.${key.name ?? key.columns.join(", ")}`;
  const target = tables.find(({ name }) => name === key.table);
  if (target === undefined || key.references.length !== key.columns.length) {
    notes.dropped(label, `it refers to ${key.table}, which is no table with such a key here`);
    return [];
  }
  const { has } = holding;
  if (key.isDeferred && !has.deferred) {
    notes.changed(label, "one that is checked at once", "deferred keys have no equal");
  }
  const sets = [key.onDelete, key.onUpdate].includes("set default");
  if (sets && !has.setDefault) {
    notes.changed(label, "one without SET DEFAULT", "SET DEFAULT is refused there");
  }
  const action = (one: NeutralForeignKey["onDelete"]) =>
    one === "set default" && !has.setDefault ? "no action" : one;
  return [{
    ...key,
    name: names.constraint(key.name, table.name),
    isDeferred: key.isDeferred && has.deferred,
    onDelete: action(key.onDelete),
    onUpdate: action(key.onUpdate),
  }];
}

function fitIndex(index: NeutralIndex, table: NeutralTable, scope: Scope): readonly NeutralIndex[] {
  const { notes, holding, kinds, names } = scope;
  const label = `index ${table.name}.${index.name}`;
  const told = {
    ...index,
    parts: index.parts.map((part) => ({ ...part, expression: fitTree(part.expression, kinds) })),
    where: index.where === null ? null : fitTree(index.where, kinds),
  };
  const { index: fitted, why } = holding.fitIndex(told, table);
  if (fitted === null) {
    notes.dropped(label, why ?? "it has no equal");
    return [];
  }
  const isSaid = notes.attempt(label, () => {
    for (const { expression } of fitted.parts) printExpression(expression, holding.speech);
    if (fitted.where !== null) printExpression(fitted.where, holding.speech);
    return true;
  });
  if (isSaid === null) return [];
  if (why !== null) notes.changed(label, fitted.isUnique ? "a unique index" : "an index", why);
  return [{ ...fitted, name: names.index(index.name, table.name) ?? index.name }];
}

/** A prefix of a column as an expression. */
export function prefixExpression(of: Expression, length: number): Expression {
  return call("left", of, { node: "number", text: String(length) });
}
