/** What a table takes after a change that it did not take before, as values to be written. */

import { lastName } from "../../../core/name.ts";
import type { NewData } from "../../../core/observation.ts";
import { objectId, type SchemaObject, type Snapshot } from "../../../core/snapshot.ts";
import { keepsValues } from "../ddl/affinity.ts";
import { checkFacts, foreignKeyFacts, isGenerated, keyFacts } from "../ddl/member.ts";
import { factsOf } from "../facts.ts";
import { fold, tokenize } from "../tokens.ts";
import { candidatesOf } from "./candidates.ts";
import type { Rule } from "./tables.ts";
import { ordinaryValues, shapedValues } from "./values.ts";

/** Something that is newly possible. */
export interface NewThing {
  /** Id of the table. */
  readonly table: string;
  readonly kind: NewData["kind"];
  /** Key of the column, or null. */
  readonly column: string | null;
  /** Values for columns, by key, of which one is to be taken; they count only if `refusedBy`, where it is not null, refuses them. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly refusedBy: string | null;
  /** Keys of columns that are as in a row that is there, and the condition that this row meets. */
  readonly copied: readonly string[];
  /** Small letters for capitals, and the other way round, in what is copied. */
  readonly swapsCase?: true;
  readonly where: string | null;
}

/** Number of the row whose values nothing else has. */
const NEW_ROW = 90;

/** All of them, in the order of the snapshot; of tables (ids, or all) and columns that are there before and after under the same names. */
export function newThings(
  before: Snapshot,
  after: Snapshot,
  tables?: ReadonlySet<string>,
): readonly NewThing[] {
  const members = ({ objects }: Snapshot) =>
    Map.groupBy(objects.values(), ({ parent }) => parent ?? "");
  const [had, has] = [members(before), members(after)];
  return [...after.objects.values()].filter(({ kind, id }) =>
    kind === "table" && before.objects.get(id)?.kind === "table" && tables?.has(id) !== false
  ).flatMap(({ id }) => {
    const scope = scopeOf(id, {
      before,
      after,
      had: had.get(id) ?? [],
      has: has.get(id) ?? [],
    });
    return [
      ...scope.columns.flatMap(([had, has]) => ofColumn(had, has, scope)),
      ...goneMembers(scope).flatMap((member) => ofMember(member, scope)),
    ];
  });
}

interface Scope {
  readonly table: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Members of the table before and after. */
  readonly had: readonly SchemaObject[];
  readonly has: readonly SchemaObject[];
  /** Columns that are there before and after, none of them generated. */
  readonly columns: readonly (readonly [SchemaObject, SchemaObject])[];
  /** Their keys. */
  readonly names: ReadonlySet<string>;
}

function scopeOf(table: string, given: Omit<Scope, "table" | "columns" | "names">): Scope {
  const columns = given.has.flatMap((has) => {
    const had = given.before.objects.get(has.id);
    return has.kind === "column" && had !== undefined && !isGenerated(has) && !isGenerated(had)
      ? [[had, has] as const]
      : [];
  });
  return { ...given, table, columns, names: new Set(columns.map(([column]) => keyOf(column))) };
}

/** The last part of a column's id. */
function keyOf({ id, parent }: SchemaObject): string {
  return id.slice(columnId((parent ?? "").slice("table:".length), "").length);
}

function columnId(table: string, column: string): string {
  return objectId("column", `${table}.${column}`);
}

function ofColumn(before: SchemaObject, after: SchemaObject, scope: Scope): readonly NewThing[] {
  const column = keyOf(after);
  const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
  const strict = ({ objects }: Snapshot) => objects.get(scope.table)?.facts.strict === true;
  const [wasStrict, isStrict] = [strict(scope.before), strict(scope.after)];
  const keeps = keepsValues(
    { type: has.type, isStrict },
    { type: had.type, isStrict: wasStrict },
  );
  const values = !keeps
    ? [foreignValue(had.type ?? "", has.type ?? "", isStrict)]
    : wasStrict && !isStrict && had.type !== "ANY"
    ? shapedValues("odd", wantedOf(has.type ?? "", false))
    : [];
  const base = { table: scope.table, column, refusedBy: null, copied: [], where: null };
  const isUnicase = (had.collate === "nocase" || had.collate === "rtrim") &&
    has.collate !== had.collate && isKeyed(column, scope);
  return [
    ...had.not_null === true && has.not_null !== true
      ? [{ ...base, kind: "null" as const, values: new Map([[column, ["NULL"]]]) }]
      : [],
    ...values.map((value) => ({
      ...base,
      kind: value === BEYOND_REAL ? "range" as const : "type" as const,
      values: new Map([[column, [value]]]),
    })),
    ...isUnicase
      ? [{
        ...base,
        kind: "duplicate" as const,
        values: new Map(),
        copied: [column],
        swapsCase: true as const,
      }]
      : [],
  ];
}

/** True for a column of a unique key. */
function isKeyed(column: string, { had }: Scope): boolean {
  return had.some((object) =>
    (meaningOf(object) ?? "").startsWith('["unique"') && columnsIn(object).includes(column)
  );
}

/** What a type holds and the former one does not: a text that looks like a number, digits beyond a floating point number. */
function foreignValue(had: string, has: string, isStrict: boolean): string {
  const isNumber = /INT|NUM|DEC|REAL|FLOA|DOUB/.test(has);
  if (/REAL|FLOA|DOUB/.test(had) && isNumber) return BEYOND_REAL;
  const text = /CHAR|CLOB|TEXT/.test(had);
  if (text && isNumber) return "501";
  const [odd = "NULL"] = shapedValues("odd", wantedOf(has, isStrict));
  return text || (isStrict && has === "BLOB") ? odd : "'00501'";
}

const BEYOND_REAL = "9007199254740993";

function wantedOf(type: string, isStrict: boolean) {
  return { type, isStrict, isRowid: false, salt: 9, row: NEW_ROW };
}

/** Constraints and unique indexes that are gone, or ask for less, though all their columns are left. */
function goneMembers({ table, before, had, has, names }: Scope): readonly SchemaObject[] {
  const left = new Set(has.map(meaningOf));
  return had.filter((object) => {
    const meaning = meaningOf(object);
    return meaning !== null && !left.has(meaning) &&
      columnsIn(object).every((name) => names.has(name) || !isColumn(before, table, name));
  });
}

function isColumn({ objects }: Snapshot, table: string, name: string): boolean {
  return objects.has(columnId(table.slice("table:".length), name));
}

/** What a member refuses, as one text; null for what refuses nothing. */
function meaningOf(object: SchemaObject): string | null {
  const key = keyFacts(object);
  if (key !== null) return JSON.stringify(["unique", key.columns.map(ascending), null]);
  const check = checkFacts(object);
  if (check !== null) return JSON.stringify(["check", check.expression]);
  const reference = foreignKeyFacts(object);
  if (reference !== null) return JSON.stringify(["reference", reference.columns, reference.table]);
  if (object.kind !== "index") return null;
  const { unique, columns, where } = factsOf(object, "index");
  if (unique !== true) return null;
  return JSON.stringify(["unique", columns.map(ascending), where ?? null]);
}

function ascending(term: string): string {
  return term.replace(/ DESC$/, "");
}

/** Keys of the columns that a member speaks of, and other words. */
function columnsIn(object: SchemaObject): readonly string[] {
  const reference = foreignKeyFacts(object);
  if (reference !== null) return reference.columns;
  const index = object.kind === "index" ? factsOf(object, "index") : null;
  const texts = keyFacts(object)?.columns ??
    [checkFacts(object)?.expression ?? "", ...index?.columns ?? [], index?.where ?? ""];
  return [
    ...new Set(
      texts.flatMap((text) => tokenize(text)).filter(({ kind }) =>
        kind === "name" || kind === "quoted"
      ).map(({ value }) => fold(value)),
    ),
  ];
}

function ofMember(object: SchemaObject, { table, names, before }: Scope): readonly NewThing[] {
  const columns = columnsIn(object).filter((name) => names.has(name));
  const [only] = columns;
  if (only === undefined) return [];
  const base = { table, column: columns.length === 1 ? only : null, refusedBy: null, where: null };
  if (foreignKeyFacts(object) !== null) {
    const values = new Map(columns.map((name) => [name, orphans(name, table, before)]));
    return [{ ...base, kind: "orphan", values, copied: [] }];
  }
  const check = checkFacts(object);
  if (check === null) {
    const where = object.kind === "index" ? factsOf(object, "index").where ?? null : null;
    return [{ ...base, kind: "duplicate", values: new Map(), copied: columns, where }];
  }
  const { expression } = check;
  const tokens = tokenize(expression);
  const rule: Rule = { kind: "check", name: null, text: "", tokens, columns: new Set(columns) };
  const values = new Map(
    columns.map((name) => [name, refusedValues(name, rule, { table, before })]),
  );
  const kind = /\blength\s*\(/i.test(expression) ? "length" : "check";
  return [{ ...base, kind, values, copied: [], refusedBy: expression }];
}

function typeOf(column: string, table: string, { objects }: Snapshot): string {
  const object = objects.get(columnId(table.slice("table:".length), column));
  return object === undefined ? "" : factsOf(object, "column").type ?? "";
}

function orphans(column: string, table: string, before: Snapshot): readonly string[] {
  const type = typeOf(column, table, before);
  return ordinaryValues({ type, isStrict: false, isRowid: false, salt: 9_000, row: NEW_ROW });
}

/** What a rule that is gone may have refused. */
function refusedValues(
  column: string,
  rule: Rule,
  { table, before }: Pick<Scope, "table" | "before">,
): readonly string[] {
  const wanted = wantedOf(typeOf(column, table, before), false);
  return [
    ...ordinaryValues(wanted),
    ...candidatesOf([rule], NEW_ROW),
    ...shapedValues("high", wanted),
    ...shapedValues("low", wanted),
    ...shapedValues("odd", wanted),
  ];
}

/** The name of a table for people. */
export function tableName(id: string, { objects }: Snapshot): string {
  return lastName(objects.get(id)?.name ?? id);
}
