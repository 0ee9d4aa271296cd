/** A schema of MySQL or MariaDB as one of no dialect. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type {
  Adapted,
  LogicalType,
  NeutralColumn,
  NeutralIndex,
  NeutralPart,
  NeutralSequence,
  NeutralTable,
  NeutralTrigger,
  NeutralView,
  ReferenceAction,
} from "../../convert/neutral.ts";
import { Notes } from "../../convert/notes.ts";
import { parseBody, parseExpression, parseQuery } from "../../convert/parse.ts";
import { respelled } from "../../convert/respell.ts";
import { type Expression, Untranslatable } from "../../convert/tree.ts";
import { type ColumnFacts, factsOf, type IndexFacts, type IndexPart } from "../facts.ts";
import { reading } from "./speech.ts";
import { typeOf } from "./types.ts";

/** Reads all that can be said elsewhere; notes name the rest. */
export function readSchema({ objects, unmodelled }: Snapshot): Adapted {
  const notes = new Notes();
  const all = [...objects.values()];
  const members = Map.groupBy(all, ({ parent }) => parent ?? "");
  const of = (kind: string) => all.filter((one) => one.kind === kind);
  for (const { kind, name } of all) {
    if (UNEQUAL.has(kind)) {
      notes.dropped(`${kind} ${name}`, "it is code of its dialect alone");
    }
  }
  for (const { kind, name } of unmodelled) {
    notes.dropped(`${kind} ${name}`, "aim does not model it");
  }
  const schema = {
    tables: of("table").map((table) => readTable(table, members.get(table.id) ?? [], notes)),
    views: of("view").flatMap((view) => readView(view, notes)),
    triggers: of("trigger").flatMap((trigger) => readTrigger(trigger, notes)),
    sequences: of("sequence").map(readSequence),
  };
  return { schema: respelled(schema), notes: notes.all };
}

const UNEQUAL = new Set(["procedure", "function", "event", "package", "package body"]);

function readTable(
  table: SchemaObject,
  members: readonly SchemaObject[],
  notes: Notes,
): NeutralTable {
  const { name } = table;
  const facts = factsOf(table, "table");
  if (facts.partitioning !== undefined) {
    notes.changed(`table ${name}`, "a table without partitions", "partitions are not carried over");
  }
  if (facts.system_versioned === true || facts.periods !== undefined) {
    notes.changed(
      `table ${name}`,
      "a table without versions of its rows",
      "periods and versioning have no equal",
    );
  }
  const columns = members.filter(({ kind }) => kind === "column")
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const indexes = members.filter(({ kind }) => kind === "index");
  const constraints = members.filter(({ kind }) => kind === "constraint")
    .map((one) => ({ name: lastName(one.name), facts: factsOf(one, "constraint") }));
  const keys = indexes.map((one) => ({ name: lastName(one.name), facts: factsOf(one, "index") }));
  const asKey = ({ name: key, facts }: { name: string; facts: IndexFacts }) => ({
    name: key,
    parts: facts.columns.map(partOf),
  });
  return {
    name,
    path: [name],
    columns: columns.map((column) => readColumn(column, name, notes)),
    primaryKey: keys.filter(({ facts: { type } }) => type === "primary").map(asKey)[0] ?? null,
    uniques: keys.filter((key) => isPlainUnique(key.facts)).map(asKey),
    foreignKeys: constraints.flatMap(({ name: key, facts }) =>
      facts.type !== "foreign key" ? [] : [{
        name: key,
        columns: facts.columns,
        table: facts.table,
        references: facts.references,
        onDelete: actionOf(facts.on_delete),
        onUpdate: actionOf(facts.on_update),
        isDeferred: false,
      }]
    ),
    checks: [
      ...columns.flatMap((column) => ownCheck(column, name, notes)),
      ...constraints.flatMap(({ name: check, facts }) => {
        if (facts.type !== "check") return [];
        const label = `check ${name}.${check}`;
        if (facts.not_enforced === true) {
          notes.dropped(label, "it is not enforced");
          return [];
        }
        const condition = notes.attempt(label, () => parseExpression(facts.expression, reading));
        return condition === null ? [] : [{ name: check, condition }];
      }),
    ],
    indexes: keys.flatMap((key) => readIndex(key, name, notes)),
    comment: facts.comment ?? null,
  };
}

/** A key that a constraint can be elsewhere: whole columns. */
function isPlainUnique({ type, columns }: IndexFacts): boolean {
  return type === "unique" &&
    columns.every(({ column, length }) => column !== undefined && length === undefined);
}

function actionOf(text: string | undefined): ReferenceAction {
  const action = text?.toLowerCase();
  return action === "cascade" || action === "set null" || action === "set default"
    ? action
    : "no action";
}

function readColumn(column: SchemaObject, table: string, notes: Notes): NeutralColumn {
  const facts = factsOf(column, "column");
  const name = lastName(column.name);
  const label = `column ${table}.${name}`;
  const type: LogicalType = isJsonText(facts, name)
    ? { kind: "json", isBinary: true }
    : typeOf(facts.type);
  const { default: text, generated } = facts;
  const fallback = text === undefined
    ? null
    : notes.attempt(`default of ${label}`, () => typed(parseExpression(text, reading), type));
  const made = generated === undefined
    ? null
    : notes.attempt(`expression of ${label}`, () => parseExpression(generated, reading));
  if (facts.invisible === true) {
    notes.changed(label, "a column that SELECT * shows", "invisible columns have no equal");
  }
  if (facts.row !== undefined) notes.changed(label, "a plain column", "periods have no equal");
  return {
    name,
    type,
    isRequired: facts.not_null === true || facts.row !== undefined,
    fallback,
    generated: made === null ? null : { expression: made, isStored: facts.stored === true },
    counter: facts.auto_increment === true ? "by default" : null,
    touched: facts.on_update !== undefined,
    isCaseless: ["text", "enum", "set"].includes(type.kind) && /_ci$/.test(facts.collation ?? ""),
    comment: facts.comment ?? null,
  };
}

/** True for what MariaDB makes of the type JSON. */
function isJsonText({ type, check }: ColumnFacts, name: string): boolean {
  return type === "longtext" && check === `json_valid(\`${name.replaceAll("`", "``")}\`)`;
}

/** Constants stand in quotes, whatever their type. */
function typed(value: Expression, type: LogicalType): Expression {
  if (type.kind === "bits") {
    const text = value.node === "blob"
      ? `0x${value.hex}`
      : value.node === "number" || value.node === "string"
      ? (value.node === "number" ? value.text : value.value)
      : "0";
    return { node: "string", value: BigInt(text).toString(2).padStart(type.length ?? 1, "0") };
  }
  if (value.node !== "string") return value;
  if (["int", "decimal", "float", "bool", "year"].includes(type.kind)) {
    return { node: "number", text: value.value };
  }
  if ((type.kind === "timestamp" || type.kind === "date") && value.value.startsWith("0000-00-00")) {
    throw new Untranslatable("the date 0000-00-00 is none elsewhere");
  }
  return value;
}

function ownCheck(column: SchemaObject, table: string, notes: Notes) {
  const facts = factsOf(column, "column");
  const name = lastName(column.name);
  const { check } = facts;
  if (check === undefined || isJsonText(facts, name)) return [];
  const condition = notes.attempt(
    `check of ${table}.${name}`,
    () => parseExpression(check, reading),
  );
  return condition === null ? [] : [{ name: null, condition }];
}

function partOf({ column, expression, length, descending }: IndexPart): NeutralPart {
  return {
    expression: column !== undefined
      ? { node: "column", path: [column] }
      : parseExpression(expression ?? "", reading),
    length: length ?? null,
    isDescending: descending === true,
  };
}

const INDEX_KINDS = {
  plain: "plain",
  unique: "plain",
  fulltext: "fulltext",
  spatial: "spatial",
} as const;

function readIndex(
  { name, facts }: { readonly name: string; readonly facts: IndexFacts },
  table: string,
  notes: Notes,
): readonly NeutralIndex[] {
  if (facts.type === "primary" || isPlainUnique(facts)) return [];
  const label = `index ${table}.${name}`;
  if (facts.type === "vector") {
    notes.dropped(label, "a vector index has no equal");
    return [];
  }
  const { type } = facts;
  const parts = notes.attempt(label, () => facts.columns.map(partOf));
  if (parts === null) return [];
  return [{ name, isUnique: type === "unique", parts, where: null, kind: INDEX_KINDS[type] }];
}

function readView(view: SchemaObject, notes: Notes): readonly NeutralView[] {
  const facts = factsOf(view, "view");
  const query = notes.attempt(`view ${view.name}`, () => parseQuery(facts.query, reading));
  if (query === null) return [];
  if (facts.check_option !== undefined) {
    notes.changed(
      `view ${view.name}`,
      "a view without it",
      "WITH CHECK OPTION is not carried over",
    );
  }
  return [{ name: view.name, columns: null, query }];
}

function readTrigger(trigger: SchemaObject, notes: Notes): readonly NeutralTrigger[] {
  const { table, timing, event, body } = factsOf(trigger, "trigger");
  const steps = notes.attempt(`trigger ${table}.${trigger.name}`, () => {
    if (event !== "insert" && event !== "update" && event !== "delete") {
      throw new Untranslatable(`a trigger on ${event} has no equal`);
    }
    return { event: event as "insert" | "update" | "delete", ...parseBody(body, reading) };
  });
  if (steps === null) return [];
  return [{
    name: trigger.name,
    table,
    timing,
    events: [steps.event],
    columns: [],
    when: steps.when,
    steps: steps.steps,
  }];
}

function readSequence(sequence: SchemaObject): NeutralSequence {
  const { start, increment, cycle } = factsOf(sequence, "sequence");
  return { name: sequence.name, start, increment, isCycled: cycle === true };
}
