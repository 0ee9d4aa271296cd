/** What ALTER TABLE does to the columns of a table, and what stands around it for their values. */

import { lastName } from "../../../core/name.ts";
import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import {
  attributeSet,
  becomes,
  ceases,
  created,
  dropped,
  recreated,
  rowReason,
  statement,
  type StatementFacts,
  subjectOf,
} from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { type ColumnFacts, factsOf } from "../facts.ts";
import { isMariadb } from "../family.ts";
import { quote } from "../quote.ts";
import { valueForNulls, valueOfNew } from "./backfill.ts";
import { placesOf } from "./column_order.ts";
import { type ColumnPlace, columnText, definitionOf } from "./column_text.ts";
import { conversionOf } from "./convert.ts";
import { isGenerated, nameOf } from "./member.ts";
import { mentions } from "./mentioned_names.ts";
import { alterText, definition } from "./statement.ts";

/** What is to be done, in this order. */
export interface ColumnWork {
  /** Statements over the rows before the columns change. */
  readonly before: readonly PlannedStatement[];
  /** DROP COLUMN, then ADD and MODIFY in the order of the columns. */
  readonly clauses: readonly string[];
  /** Statements over the rows after it. */
  readonly after: readonly PlannedStatement[];
  /** MODIFY once those have run. */
  readonly finish: readonly string[];
  /** ALTER COLUMN that cannot stand in the same statement as the others. */
  readonly alone: readonly string[];
  /** Names of columns that are dropped and added again. */
  readonly recreated: ReadonlySet<string>;
  /** Names of columns that have their values only after `after`. */
  readonly late: ReadonlySet<string>;
  readonly reasons: readonly Reason[];
  readonly facts: readonly StatementFacts[];
  /** All columns that change. */
  readonly served: readonly SchemaObject[];
}

/** Settles it for a table that is there on both sides; columns that are ROW START or ROW END come and go with versioning. */
export function columnWork(change: TableChange, context: PlanContext): ColumnWork {
  const worker = new Worker(change, context);
  worker.drop();
  worker.put();
  return worker.work();
}

class Worker {
  readonly #change: TableChange;
  readonly #context: PlanContext;
  readonly #place: ColumnPlace;
  readonly #recreated: ReadonlySet<string>;
  readonly #before: PlannedStatement[] = [];
  readonly #clauses: string[] = [];
  readonly #after: PlannedStatement[] = [];
  readonly #finish: string[] = [];
  readonly #alone: string[] = [];
  readonly #late = new Set<string>();
  readonly #reasons: Reason[] = [];
  readonly #facts: StatementFacts[] = [];
  readonly #served: SchemaObject[] = [];

  constructor(change: TableChange, context: PlanContext) {
    this.#change = change;
    this.#context = context;
    this.#place = {
      table: factsOf(change.after, "table"),
      isMariadb: isMariadb(context.to),
    };
    this.#recreated = recreatedColumns(change);
  }

  drop(): void {
    const { columns } = this.#change;
    for (const column of columns.dropped.filter(isOwn)) {
      this.#clauses.push(`DROP COLUMN ${nameOf(column)}`);
      this.#reasons.push(dropped(column));
      this.#served.push(column);
      if (!isGenerated(column)) {
        this.#facts.push({ destroys: `the values of column ${column.name}` });
      }
    }
    for (const column of columns.from.filter((one) => this.#isRecreated(one))) {
      this.#clauses.push(`DROP COLUMN ${nameOf(column)}`);
    }
  }

  put(): void {
    const { columns, order } = this.#change;
    const before = new Map(columns.from.map((column) => [column.id, column]));
    const changed = new Set(columns.changed.map(({ after }) => after.id));
    const places = placesOf({
      kept: [
        ...columns.from.filter((one) =>
          isOwn(one) && columns.to.some(({ id }) => id === one.id) && !this.#isRecreated(one)
        ),
        // Versioning puts them at the end.
        ...columns.to.filter((one) => !isOwn(one)),
      ],
      wanted: columns.to,
      moves: order,
    });
    for (const column of columns.to.filter(isOwn)) {
      const had = before.get(column.id);
      const place = places.get(column.id) ?? "";
      if (had === undefined) this.#add(column, place);
      else if (this.#isRecreated(column)) this.#addAgain(had, column, place);
      else if (changed.has(column.id)) this.#modify(had, column, place);
      else if (place !== "") {
        this.#clauses.push(`MODIFY COLUMN ${columnText(column, this.#place)}${place}`);
        this.#served.push(column);
        this.#reasons.push(attributeSet(column, "position"));
      }
    }
  }

  work(): ColumnWork {
    return {
      before: this.#before,
      clauses: this.#clauses,
      after: this.#after,
      finish: this.#finish,
      alone: this.#alone,
      recreated: this.#recreated,
      late: this.#late,
      reasons: this.#reasons,
      facts: this.#facts,
      served: this.#served,
    };
  }

  #isRecreated({ name }: SchemaObject): boolean {
    return this.#recreated.has(lastName(name));
  }

  #add(column: SchemaObject, place: string): void {
    const value = valueOfNew(column, this.#context);
    const facts = factsOf(column, "column");
    this.#served.push(column);
    this.#reasons.push(created(column));
    if (value === null) this.#clauses.push(`ADD COLUMN ${columnText(column, this.#place)}${place}`);
    else {
      this.#clauses.push(`ADD COLUMN ${this.#text(column, { ...facts, not_null: false })}${place}`);
      this.#fillLate(column, value);
    }
    if (facts.no_default === true) this.#dropDefault(column);
  }

  /** Drops it and adds it: the server does not change how it is generated. What was computed becomes a value of its own by way of STORED. */
  #addAgain(before: SchemaObject, after: SchemaObject, place: string): void {
    const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
    this.#served.push(after);
    this.#reasons.push(recreated("recreate", after, "alter"));
    if (had.generated === undefined) {
      this.#facts.push({ destroys: `the values of column ${before.name}` });
    }
    if (has.generated !== undefined) {
      this.#clauses.push(`ADD COLUMN ${columnText(after, this.#place)}${place}`);
      return;
    }
    const stored: ColumnFacts = {
      type: has.type,
      ...has.charset === undefined ? {} : { charset: has.charset },
      ...has.collation === undefined ? {} : { collation: has.collation },
      generated: had.generated ?? "NULL",
      stored: true,
    };
    this.#clauses.push(`ADD COLUMN ${this.#text(after, stored)}${place}`);
    this.#finish.push(`MODIFY COLUMN ${columnText(after, this.#place)}`);
    this.#late.add(lastName(after.name));
    this.#facts.push({
      failsOn: `values of ${after.name} that its expression does not give`,
    });
  }

  #modify(before: SchemaObject, after: SchemaObject, place: string): void {
    const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
    this.#served.push(after);
    this.#reasons.push(...reasonsOf(after, had, has));
    if (has.no_default === true) this.#dropDefault(after);
    if (onlyDropsDefault(had, has) && place === "") return;
    const conversion = conversionOf(before, after, this.#context);
    this.#facts.push(conversion.facts);
    if (conversion.expression !== null) this.#convert(before, conversion.expression);
    if (had.generated === undefined && has.generated !== undefined) {
      this.#facts.push({ destroys: `the values of column ${before.name}` });
    }
    if (had.generated !== undefined && has.generated === undefined) {
      this.#facts.push({ failsOn: `values of ${after.name} that its expression does not give` });
    }
    const asks = had.not_null !== true && has.not_null === true && !isGenerated(before) &&
      !isGenerated(after);
    const value = asks ? valueForNulls(after, this.#context) : null;
    const isLate = value !== null && had.type !== has.type;
    if (value !== null) {
      const [table, column] = [this.#change.after.name, lastName(after.name)];
      this.#facts.push({ destroys: `which rows of ${table} had no value in ${column}` });
    }
    if (value !== null && !isLate) this.#before.push(this.#fill(after, value));
    if (isLate) {
      this.#clauses.push(
        `MODIFY COLUMN ${this.#text(after, { ...has, not_null: false })}${place}`,
      );
      this.#fillLate(after, value);
    } else this.#clauses.push(`MODIFY COLUMN ${columnText(after, this.#place)}${place}`);
  }

  #text(column: SchemaObject, facts: ColumnFacts): string {
    return `${nameOf(column)} ${definitionOf(column, this.#place, facts)}`;
  }

  #dropDefault(column: SchemaObject): void {
    this.#alone.push(`ALTER COLUMN ${nameOf(column)} DROP DEFAULT`);
  }

  #fillLate(column: SchemaObject, value: string): void {
    this.#after.push(this.#fill(column, value));
    this.#finish.push(`MODIFY COLUMN ${columnText(column, this.#place)}`);
    this.#late.add(lastName(column.name));
  }

  #fill(column: SchemaObject, value: string): PlannedStatement {
    const name = nameOf(column);
    return statement(
      `UPDATE ${quote(this.#change.after.name)} SET ${name} = ${value} WHERE ${name} IS NULL`,
      column,
      { action: "backfill", object: subjectOf(column), value },
      { rewrites: this.#change.after.name },
    );
  }

  /** Values by an expression, while the column still holds texts, or is made to. */
  #convert(column: SchemaObject, expression: string): void {
    const table = this.#change.after.name;
    const { type, not_null } = factsOf(column, "column");
    if (!/^(?:var)?char|text/.test(type)) {
      const text = `MODIFY COLUMN ${nameOf(column)} varchar(255)${
        not_null === true ? " NOT NULL" : ""
      }`;
      const reason = attributeSet(column, "type", "varchar(255)");
      this.#before.push(definition(alterText(table, [text]), column, reason));
    }
    this.#before.push(statement(
      `UPDATE ${quote(table)} SET ${nameOf(column)} = ${expression}`,
      column,
      rowReason("convert_values", column),
      { rewrites: table },
    ));
  }
}

/** False for the columns of system versioning. */
function isOwn(column: SchemaObject): boolean {
  return factsOf(column, "column").row === undefined;
}

/** Columns that go from or to VIRTUAL, and the generated ones that read them. */
function recreatedColumns({ columns }: TableChange): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { before, after } of columns.changed) {
    const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
    if (isVirtual(had) !== isVirtual(has)) names.add(lastName(after.name));
  }
  const kept = columns.from.filter(({ id }) => columns.to.some((column) => column.id === id));
  for (let size = -1; size !== names.size && names.size > 0;) {
    size = names.size;
    for (const column of kept) {
      const { generated } = factsOf(column, "column");
      if (generated === undefined) continue;
      if ([...names].some((name) => mentions(generated, name))) names.add(lastName(column.name));
    }
  }
  return names;
}

function isVirtual({ generated, stored }: ColumnFacts): boolean {
  return generated !== undefined && stored !== true;
}

/** True where nothing but the loss of a default is left to do, which has a clause of its own. */
function onlyDropsDefault(had: ColumnFacts, has: ColumnFacts): boolean {
  const { default: _, no_default: __, ...before } = had;
  const { default: ___, no_default: ____, ...after } = has;
  return has.no_default === true && JSON.stringify(before) === JSON.stringify(after);
}

function reasonsOf(column: SchemaObject, had: ColumnFacts, has: ColumnFacts): readonly Reason[] {
  const reasons: Reason[] = [];
  if (had.type !== has.type) reasons.push(attributeSet(column, "type", has.type));
  if (had.charset !== has.charset) {
    reasons.push(attributeSet(column, "character set", has.charset ?? null));
  }
  if (had.collation !== has.collation) {
    reasons.push(attributeSet(column, "collation", has.collation ?? null));
  }
  if (had.not_null !== has.not_null) {
    reasons.push((has.not_null === true ? becomes : ceases)(column, "NOT NULL"));
  }
  if (had.default !== has.default || had.no_default !== has.no_default) {
    reasons.push(attributeSet(column, "default", has.default ?? null));
  }
  return reasons.length > 0 ? reasons : [{ action: "replace", object: subjectOf(column) }];
}
