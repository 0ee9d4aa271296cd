/** What ALTER TABLE does to the columns of a table, and what stands around it for their values. */

import { lastName } from "../../../core/name.ts";
import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import {
  attributeSet,
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
import { keptTimes, valueForNulls, valueOfNew } from "./backfill.ts";
import { placesOf } from "./column_order.ts";
import { type ColumnPlace, columnText, definitionOf } from "./column_text.ts";
import { onlyDropsDefault, reasonsOf } from "./column_reasons.ts";
import { recreatedColumns, storedColumns } from "./computed_columns.ts";
import { conversionOf } from "./convert.ts";
import { hasNoCast } from "./fit.ts";
import { isGenerated, nameOf } from "./member.ts";
import { mentions } from "./mentioned_names.ts";
import { alterText, definition } from "./statement.ts";

/** What is to be done, in this order. */
export interface ColumnWork {
  /** Statements over the rows before the columns change. */
  readonly before: readonly PlannedStatement[];
  /** What a statement before the others does: computed columns become stored ones while all that they read is there. */
  readonly first: readonly string[];
  /** Names of columns that become binary texts by it, since nothing else leads from one type to the other. */
  readonly untyped: ReadonlySet<string>;
  /** Names of the columns that it drops, if only to add them again. */
  readonly firstDropped: ReadonlySet<string>;
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
  readonly #stored: ReadonlySet<string>;
  readonly #first: string[] = [];
  readonly #firstDropped = new Set<string>();
  readonly #untyped = new Set<string>();
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
    this.#stored = storedColumns(change);
  }

  drop(): void {
    const { columns } = this.#change;
    for (const column of columns.dropped.filter(isOwn)) {
      this.#drop(column);
      this.#reasons.push(dropped(column));
      this.#served.push(column);
      if (!isGenerated(column)) {
        this.#facts.push({ destroys: `the values of column ${column.name}` });
      }
    }
    for (const column of columns.from.filter((one) => this.#isRecreated(one))) this.#drop(column);
    for (const column of columns.from) {
      const name = lastName(column.name);
      const isRead = this.#isReadByStored(column);
      if (isRead) this.#clauses.push(`DROP COLUMN ${nameOf(column)}`);
      if (!isRead && !this.#stored.has(name)) continue;
      const facts: ColumnFacts = { ...factsOf(column, "column"), stored: true };
      this.#first.push(
        `ADD COLUMN ${this.#text(column, facts)}${this.#placeIn(columns.from, column)}`,
      );
    }
  }

  /** By the statement before the others where it is to be stored first, or reads one that is. */
  #drop(column: SchemaObject): void {
    const name = lastName(column.name);
    const { generated = "" } = factsOf(column, "column");
    const isFirst = this.#stored.has(name) ||
      [...this.#stored].some((other) => mentions(generated, other));
    (isFirst ? this.#first : this.#clauses).push(`DROP COLUMN ${nameOf(column)}`);
    if (isFirst) this.#firstDropped.add(name);
  }

  /** True for a computed column that does not become a value, and from which one that does is computed. */
  #isReadByStored(column: SchemaObject): boolean {
    const name = lastName(column.name);
    if (!this.#firstDropped.has(name) || this.#stored.has(name)) return false;
    const { from } = this.#change.columns;
    return from.some((one) => {
      const isReader = mentions(factsOf(one, "column").generated ?? "", name);
      return isReader && (this.#stored.has(lastName(one.name)) || this.#isReadByStored(one));
    });
  }

  /** Behind the column that it stands behind now. */
  #placeIn(columns: readonly SchemaObject[], column: SchemaObject): string {
    const before = columns.slice(0, columns.indexOf(column)).findLast(({ name }) =>
      !this.#firstDropped.has(lastName(name)) ||
      this.#first.some((clause) => clause.startsWith(`ADD COLUMN ${quote(lastName(name))} `))
    );
    return before === undefined ? " FIRST" : ` AFTER ${nameOf(before)}`;
  }

  put(): void {
    const { columns, order } = this.#change;
    const before = new Map(columns.from.map((column) => [column.id, column]));
    const changed = new Set(columns.changed.map(({ after }) => after.id));
    const places = placesOf({
      kept: [
        ...columns.from.filter((one) =>
          isOwn(one) && columns.to.some(({ id }) => id === one.id) &&
          (!this.#isRecreated(one) || this.#stored.has(lastName(one.name)))
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
      else if (this.#stored.has(lastName(column.name))) this.#keepComputed(column, place);
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
      first: this.#first,
      untyped: this.#untyped,
      firstDropped: this.#firstDropped,
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
    const facts = factsOf(column, "column");
    const isByChance = this.#isByChance(facts);
    const value = isByChance ? facts.default ?? null : valueOfNew(column, this.#context);
    this.#served.push(column);
    this.#reasons.push(created(column));
    if (value === null) this.#clauses.push(`ADD COLUMN ${columnText(column, this.#place)}${place}`);
    else {
      const { default: usual, ...others } = facts;
      const first = { ...others, ...isByChance ? {} : { default: usual }, not_null: false };
      this.#clauses.push(`ADD COLUMN ${this.#text(column, first)}${place}`);
      this.#fillLate(column, value);
    }
    if (facts.no_default === true) this.#dropDefault(column);
  }

  /** True for a default that MySQL takes for none of a column that it adds, nor beside one: replicas would have other values. */
  #isByChance({ default: usual = "" }: ColumnFacts): boolean {
    return !this.#place.isMariadb && usual.startsWith("(") && BY_CHANCE.test(usual);
  }

  /** Drops it and adds it: the server does not change how it is generated. */
  #addAgain(before: SchemaObject, after: SchemaObject, place: string): void {
    this.#served.push(after);
    this.#reasons.push(recreated("recreate", after, "alter"));
    this.#clauses.push(`ADD COLUMN ${columnText(after, this.#place)}${place}`);
    if (factsOf(before, "column").generated === undefined) {
      this.#facts.push({ destroys: `the values of column ${before.name}` });
    }
  }

  /** What was computed, and is stored by now, becomes a value of its own. */
  #keepComputed(column: SchemaObject, place: string): void {
    this.#served.push(column);
    this.#reasons.push(ceases(column, "generated"));
    this.#clauses.push(`MODIFY COLUMN ${columnText(column, this.#place)}${place}`);
    this.#facts.push({ failsOn: `values of ${column.name} that its expression does not give` });
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
    else if (this.#place.isMariadb && !isGenerated(before) && hasNoCast(had, has)) {
      this.#first.push(`MODIFY COLUMN ${this.#text(before, untyped(had))}`);
      this.#untyped.add(lastName(after.name));
    }
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
    if (value !== null && !isLate) {
      this.#before.push(this.#fill(after, value, this.#change.columns.from));
    }
    if (isLate) {
      this.#clauses.push(
        `MODIFY COLUMN ${this.#text(after, { ...has, not_null: false })}${place}`,
      );
      this.#fillLate(after, value);
    } else {
      const isAlone = this.#isByChance(has) && this.#change.columns.added.length > 0;
      const clauses = isAlone ? this.#alone : this.#clauses;
      clauses.push(`MODIFY COLUMN ${columnText(after, this.#place)}${place}`);
    }
  }

  #text(column: SchemaObject, facts: ColumnFacts): string {
    return `${nameOf(column)} ${definitionOf(column, this.#place, facts)}`;
  }

  #dropDefault(column: SchemaObject): void {
    this.#alone.push(`ALTER COLUMN ${nameOf(column)} DROP DEFAULT`);
  }

  #fillLate(column: SchemaObject, value: string): void {
    this.#after.push(this.#fill(column, value, this.#change.columns.to));
    this.#finish.push(`MODIFY COLUMN ${columnText(column, this.#place)}`);
    this.#late.add(lastName(column.name));
  }

  /** `there` are the columns that the table has by then. */
  #fill(
    column: SchemaObject,
    value: string,
    there: readonly SchemaObject[],
  ): PlannedStatement {
    const name = nameOf(column);
    const set = [`${name} = ${value}`, ...keptTimes(column, there)].join(", ");
    return statement(
      `UPDATE ${quote(this.#change.after.name)} SET ${set} WHERE ${name} IS NULL`,
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
    const { from } = this.#change.columns;
    const set = [`${nameOf(column)} = ${expression}`, ...keptTimes(column, from)].join(", ");
    this.#before.push(statement(
      `UPDATE ${quote(table)} SET ${set}`,
      column,
      rowReason("convert_values", column),
      { rewrites: table },
    ));
  }
}

/** A text of bytes, which can be read as a value of any type; with nothing else that belongs to the former type. */
function untyped({ not_null }: ColumnFacts): ColumnFacts {
  return { type: "varbinary(255)", ...not_null === undefined ? {} : { not_null } };
}

const BY_CHANCE = /\b(?:uuid|uuid_short|rand|random_bytes|sysdate)\s*\(/i;

/** False for the columns of system versioning. */
function isOwn(column: SchemaObject): boolean {
  return factsOf(column, "column").row === undefined;
}
