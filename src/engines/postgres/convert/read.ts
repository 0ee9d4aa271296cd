/** A Postgres schema as one of no dialect. */

import { lastName, splitName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type {
  Adapted,
  NeutralCheck,
  NeutralColumn,
  NeutralForeignKey,
  NeutralKey,
  NeutralSequence,
  NeutralTable,
  NeutralView,
  ReferenceAction,
} from "../../convert/neutral.ts";
import { Notes } from "../../convert/notes.ts";
import { parseExpression, parseQuery } from "../../convert/parse.ts";
import type { Reading } from "../../convert/reading.ts";
import { type Expression, mapTree, Untranslatable } from "../../convert/tree.ts";
import {
  type Column,
  defaultOf,
  isOf,
  membersOf,
  type ObjectOf,
  postgresSnapshot,
  type Table,
} from "../objects.ts";
import { readIndex } from "./read_index.ts";
import { readTrigger } from "./read_trigger.ts";
import { flatName, type PostgresScope } from "./scope.ts";
import { readingOf } from "./speech.ts";
import { typeOf } from "./types.ts";

/** Reads all that can be said elsewhere; notes name the rest. */
export function readSchema(plain: Snapshot): Adapted {
  const snapshot = postgresSnapshot(plain);
  const notes = new Notes();
  const objects = [...snapshot.objects.values()];
  const enums = new Map(
    objects.flatMap((one) =>
      isOf(one, "enum") ? [[one.name, one.facts.labels ?? []] as const] : []
    ),
  );
  const scope = { snapshot, reading: readingOf(enums), enums, notes };
  const tables = objects.flatMap((one) => isOf(one, "table") ? readTable(one, scope) : []);
  const used = new Set<string>();
  const triggers = objects.flatMap((one) => {
    if (!isOf(one, "trigger")) return [];
    const trigger = readTrigger(one, scope, used);
    return trigger === null ? [] : [trigger];
  });
  for (const object of objects) noteOther(object, used, scope);
  for (const { kind, name } of snapshot.unmodelled) {
    notes.dropped(`${kind} ${name}`, "aim does not model it");
  }
  return {
    schema: {
      tables,
      views: objects.flatMap((one) =>
        isOf(one, "view", "materialized view") ? readView(one, scope) : []
      ),
      triggers,
      sequences: objects.flatMap((one) => isOf(one, "sequence") ? readSequence(one) : []),
    },
    notes: notes.all,
  };
}

/** Kinds that are read, or are a part of what is. */
const READ = new Set([
  "table",
  "column",
  "default",
  "constraint",
  "index",
  "view",
  "materialized view",
  "trigger",
  "sequence",
  "enum",
  "domain",
  "domain constraint",
]);

function noteOther(
  object: SchemaObject,
  used: ReadonlySet<string>,
  { notes, snapshot }: PostgresScope,
) {
  if (READ.has(object.kind) || used.has(object.id)) return;
  if (object.kind === "schema") {
    if (object.name !== "public") {
      notes.renamed(
        `schema ${object.name}`,
        `the prefix ${object.name}_`,
        "the names of its objects are joined to its name",
      );
    }
    return;
  }
  const parent = object.parent === null ? undefined : snapshot.objects.get(object.parent);
  if (parent !== undefined && !READ.has(parent.kind)) return;
  if (object.facts.returns === "trigger") {
    const why = "a trigger has its code in itself elsewhere; the triggers that run it are named";
    notes.dropped(`code of triggers ${object.name}`, why);
    return;
  }
  const isRoutine = object.kind === "function" || object.kind === "procedure";
  const why = isRoutine ? "it is code of its dialect alone" : "Postgres alone has such objects";
  notes.dropped(`${object.kind} ${object.name}`, why);
}

function readTable(table: Table, scope: PostgresScope): readonly NeutralTable[] {
  const { notes, snapshot } = scope;
  const name = flatName(table.name);
  const { facts } = table;
  if (facts.partition_of !== undefined) {
    notes.changed(
      `table ${name}`,
      `a part of ${flatName(facts.partition_of.parent)}`,
      "partitions are no tables elsewhere",
    );
    for (const member of membersOf(snapshot, table.id)) {
      if (member.kind === "index" || member.kind === "constraint" || member.kind === "trigger") {
        notes.dropped(
          `${member.kind} ${flatName(member.name)}`,
          "its partition is no table elsewhere",
        );
      }
    }
    return [];
  }
  if (facts.partition_by !== undefined) {
    notes.changed(
      `table ${name}`,
      "a table without partitions",
      `PARTITION BY ${facts.partition_by} is not carried over`,
    );
  }
  if (facts.inherits !== undefined) {
    notes.changed(`table ${name}`, "a table of its own", "a table cannot inherit elsewhere");
  }
  if (facts.grants !== undefined || facts.revokes !== undefined) {
    notes.dropped(`privileges of table ${name}`, "privileges are not carried over");
  }
  if (facts.row_security === true) {
    notes.dropped(`row security of ${name}`, "row security has no equal");
  }
  const members = membersOf(snapshot, table.id);
  const columns = members.filter((one) => isOf(one, "column")).map((one) =>
    readColumn(one, name, scope)
  );
  const keys = members.filter((one) => isOf(one, "constraint"));
  const key = (type: string) => keys.filter((one) => one.facts.type === type).map(readKey);
  return [{
    name,
    path: splitName(table.name),
    columns: columns.map(({ column }) => column),
    primaryKey: key("primary key")[0] ?? null,
    uniques: key("unique"),
    foreignKeys: keys.flatMap((one) =>
      one.facts.type === "foreign key" ? readForeignKey(one, scope) : []
    ),
    checks: [
      ...columns.flatMap(({ checks }) => checks),
      ...keys.flatMap((one) => one.facts.type === "check" ? readCheck(one, name, scope) : []),
    ],
    indexes: members.flatMap((one) => {
      const index = isOf(one, "index") ? readIndex(one, name, scope) : null;
      return index === null ? [] : [index];
    }),
    comment: facts.comment ?? null,
  }].map((one) => {
    for (const other of keys.filter(({ facts: { type } }) => type === "exclude")) {
      notes.dropped(`constraint ${flatName(other.name)}`, "an exclusion constraint has no equal");
    }
    return one;
  });
}

function readColumn(
  column: Column,
  table: string,
  scope: PostgresScope,
): { readonly column: NeutralColumn; readonly checks: readonly NeutralCheck[] } {
  const { notes, snapshot, enums } = scope;
  const name = lastName(column.name);
  const label = `column ${table}.${name}`;
  const { facts } = column;
  const domain = domainOf(facts.type, scope);
  const type = typeOf(domain?.facts.type ?? facts.type, enums);
  const stated = defaultOf(snapshot, column);
  const text = stated?.facts.expression ?? domain?.facts.default ?? null;
  const isCounter = text !== null && /^nextval\(/.test(text) && ownedSequence(column, scope);
  const fallback = text === null || isCounter || /^NULL(?:::|$)/.test(text)
    ? null
    : notes.attempt(`default of ${label}`, () => parseExpression(text, scope.reading));
  if (facts.grants !== undefined) {
    notes.dropped(`privileges of ${label}`, "privileges are not carried over");
  }
  const { generated } = facts;
  const made = generated === undefined ? null : notes.attempt(
    `expression of ${label}`,
    () => parseExpression(generated.expression, scope.reading),
  );
  return {
    column: {
      name,
      type,
      isRequired: facts.not_null === true || domain?.facts.not_null === true,
      fallback,
      generated: made === null || generated === undefined
        ? null
        : { expression: made, isStored: generated.kind === "stored" },
      counter: facts.identity?.generation ?? (isCounter ? "by default" : null),
      touched: false,
      isCaseless: facts.type === "citext",
      comment: facts.comment ?? null,
    },
    checks: domain === undefined ? [] : domainChecks(domain, table, name, scope),
  };
}

function domainOf(type: string, { snapshot }: PostgresScope): ObjectOf<"domain"> | undefined {
  const bare = type.replaceAll('"', "");
  for (const name of [bare, `public.${bare}`]) {
    const found = snapshot.objects.get(`domain:${name}`);
    if (found !== undefined && isOf(found, "domain")) return found;
  }
  return undefined;
}

function domainChecks(
  domain: ObjectOf<"domain">,
  table: string,
  column: string,
  scope: PostgresScope,
): readonly NeutralCheck[] {
  return membersOf(scope.snapshot, domain.id).flatMap((one) => {
    if (!isOf(one, "domain constraint")) return [];
    const condition = scope.notes.attempt(
      `check of domain ${flatName(domain.name)} in ${table}.${column}`,
      () =>
        mapTree(
          checkOf(one.facts.definition, scope.reading),
          (tree) =>
            tree.node === "column" && tree.path.join() === "value"
              ? { node: "column", path: [column] }
              : tree,
        ),
    );
    return condition === null
      ? []
      : [{ name: `${table}_${column}_${lastName(one.name)}`, condition }];
  });
}

/** True for a column whose numbers come from a sequence of its own. */
function ownedSequence(column: Column, { snapshot }: PostgresScope): boolean {
  return [...snapshot.objects.values()].some((one) =>
    isOf(one, "sequence") && one.facts.owned_by === column.name
  );
}

function readKey(key: ObjectOf<"constraint">): NeutralKey {
  return {
    name: lastName(key.name),
    parts: (key.facts.columns ?? []).map((column) => ({
      expression: { node: "column", path: [column] },
      length: null,
      isDescending: false,
    })),
  };
}

function readForeignKey(
  key: ObjectOf<"constraint">,
  { snapshot, notes }: PostgresScope,
): readonly NeutralForeignKey[] {
  const { definition, columns = [], references = "", deferred } = key.facts;
  const [, named] = /REFERENCES\s+(?:"(?:[^"]|"")*"|[^\s("]+|\.)+\s*\(([^)]*)\)/.exec(definition) ??
    [];
  const target = snapshot.objects.get(`table:${references}`);
  if (target !== undefined && isOf(target, "table") && target.facts.partition_of !== undefined) {
    notes.dropped(`foreign key ${flatName(key.name)}`, "it refers to a partition");
    return [];
  }
  return [{
    name: lastName(key.name),
    columns,
    table: flatName(references),
    references: (named ?? "").split(",").map((one) =>
      one.trim().replace(/^"(.*)"$/, "$1").replaceAll('""', '"')
    ),
    onDelete: actionOf(definition, "DELETE"),
    onUpdate: actionOf(definition, "UPDATE"),
    isDeferred: deferred === true,
  }];
}

function actionOf(definition: string, event: string): ReferenceAction {
  const pattern = new RegExp(`ON ${event} (CASCADE|RESTRICT|SET NULL|SET DEFAULT)`);
  return (pattern.exec(definition)?.[1]?.toLowerCase() ?? "no action") as ReferenceAction;
}

function readCheck(
  check: ObjectOf<"constraint">,
  table: string,
  { reading, notes }: PostgresScope,
): readonly NeutralCheck[] {
  const name = lastName(check.name);
  const label = `check ${table}.${name}`;
  const condition = notes.attempt(label, () => checkOf(check.facts.definition, reading));
  return condition === null ? [] : [{ name, condition }];
}

function checkOf(definition: string, reading: Reading): Expression {
  const text = /^CHECK (\(.*\))(?: NO INHERIT)?$/s.exec(definition)?.[1];
  if (text === undefined) throw new Untranslatable("its text is not that of a check");
  return parseExpression(text, reading);
}

function readView(
  view: ObjectOf<"view" | "materialized view">,
  scope: PostgresScope,
): readonly NeutralView[] {
  const { reading, notes } = scope;
  const name = flatName(view.name);
  const query = notes.attempt(
    `${view.kind} ${name}`,
    () => parseQuery(view.facts.definition, reading),
  );
  if (query === null) return [];
  if (view.kind === "materialized view") {
    notes.changed(`materialized view ${name}`, "a view", "it is computed whenever it is read");
    for (const member of membersOf(scope.snapshot, view.id)) {
      if (member.kind === "index") {
        notes.dropped(`index ${flatName(member.name)}`, "a view has no indexes");
      }
    }
  }
  return [{ name, columns: null, query }];
}

/** One that numbers no column. */
function readSequence(sequence: ObjectOf<"sequence">): readonly NeutralSequence[] {
  const { owned_by, start, increment, cycle } = sequence.facts;
  if (owned_by !== undefined) return [];
  return [{
    name: flatName(sequence.name),
    start: start ?? null,
    increment: increment ?? null,
    isCycled: cycle === true,
  }];
}
