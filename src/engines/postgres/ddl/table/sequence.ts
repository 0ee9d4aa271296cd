/** Sequences that are not those of identity columns. */

import type { Facts, PlannedStatement, SchemaObject, Snapshot } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident, literal, reference } from "../../quote.ts";
import { goes, stays } from "../clauses/action.ts";
import { belongings } from "../clauses/metadata.ts";
import { ownerOf, relationOf, schemaOf } from "../clauses/relation.ts";
import { planned, text } from "../clauses/statement.ts";
import {
  changedSequenceClauses,
  mustRestart,
  raisedBound,
  SEQUENCE_OPTIONS,
  sequenceClauses,
} from "./sequence_options.ts";

/** `sequence`; one that a column owns is carried by the column. */
export const sequences: ObjectKind = {
  kind: "sequence",
  rank: 22,
  inline: (_, parent) => parent.kind === "column",
  slots: ({ name }) => [`relation ${name}`],
  create: (sequence, _, context) => [
    createSequence(sequence),
    ...joinOwner(null, sequence, context),
    ...ownSequence(sequence),
    ...continueNumbers(sequence, context),
    ...sequenceExtras(sequence, context),
  ],
  drop: (sequence, context) => [
    planned(
      sequence,
      `DROP SEQUENCE ${reference(sequence.name)}`,
      `Sequence ${sequence.name} is gone`,
      numbersColumns(sequence, context) ? {} : {
        destroys: `the position of sequence ${sequence.name}`,
        reversible: "structure",
      },
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (passesOn(before, after, context)) return "replace";
    const ref = `SEQUENCE ${reference(after.name)}`;
    const statements: PlannedStatement[] = [];
    if (facts.includes("owned_by") && text(after, "owned_by") === null) {
      statements.push(...disownSequence(after));
    }
    if (facts.some((fact) => (SEQUENCE_OPTIONS as readonly string[]).includes(fact))) {
      const clauses = [
        ...changedSequenceClauses(before.facts, after.facts),
        ...mustRestart(before.facts, after.facts) ? ["RESTART"] : [],
      ];
      statements.push(...moveInside(after, after.name, before.facts, after.facts));
      statements.push(planned(
        after,
        `ALTER ${ref} ${clauses.join(" ")}`,
        `Sequence ${after.name} has other options`,
      ));
    }
    if (facts.includes("unlogged")) {
      statements.push(planned(
        after,
        `ALTER ${ref} SET ${after.facts.unlogged === true ? "UNLOGGED" : "LOGGED"}`,
        `Sequence ${after.name} is ${
          after.facts.unlogged === true ? "not " : ""
        }written to the log`,
      ));
    }
    statements.push(...belongings(before, after, refs(after), context));
    if (facts.includes("owned_by")) {
      statements.push(...joinOwner(before, after, context), ...ownSequence(after));
    }
    return { statements };
  },
  rename: (before, after) => {
    const statements: PlannedStatement[] = [];
    let name = before.name;
    const why = `Sequence ${before.name} is called ${after.name}`;
    if (schemaOf(name) !== schemaOf(after.name)) {
      if (text(before, "owned_by") !== null) return [];
      const schema = schemaOf(after.name);
      statements.push(
        planned(after, `ALTER SEQUENCE ${reference(name)} SET SCHEMA ${ident(schema)}`, why),
      );
      name = `${schema}.${lastName(name)}`;
    }
    if (lastName(name) !== lastName(after.name)) {
      statements.push(planned(
        after,
        `ALTER SEQUENCE ${reference(name)} RENAME TO ${ident(lastName(after.name))}`,
        why,
      ));
    }
    return statements;
  },
};

/** True when the sequence is there for columns: it can go on behind their rows. */
function numbersColumns(sequence: SchemaObject, context: PlanContext): boolean {
  return text(sequence, "owned_by") !== null ||
    context.dependents(sequence.id).some(({ kind }) => kind === "default");
}

/** True when another column of the table owns the sequence in place of one that leaves: it leaves with that. */
function passesOn(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  const [old, now] = [text(before, "owned_by"), text(after, "owned_by")];
  return old !== null && now !== null && old !== now && ownerOf(old) === ownerOf(now) &&
    goes(`column:${old}`, context) &&
    context.fate(`column:${now}`) === "create";
}

/** Moves the current value of a sequence up to a lower bound that is raised. */
export function moveInside(
  object: SchemaObject,
  sequence: string,
  before: Facts,
  after: Facts,
): readonly PlannedStatement[] {
  const bound = raisedBound(before, after);
  if (bound === null) return [];
  const ref = reference(sequence);
  return [planned(
    object,
    `SELECT setval(${
      literal(ref)
    }, greatest(last_value, ${bound}), is_called AND last_value >= ${bound}) FROM ${ref}`,
    `The current value of ${sequence} must not lie below its new bound`,
  )];
}

/** CREATE SEQUENCE without its owner. */
export function createSequence(sequence: SchemaObject): PlannedStatement {
  const unlogged = sequence.facts.unlogged === true ? "UNLOGGED " : "";
  const clauses = [
    `CREATE ${unlogged}SEQUENCE ${reference(sequence.name)}`,
    ...sequenceClauses(sequence.facts),
  ];
  return planned(sequence, clauses.join(" "), `Sequence ${sequence.name} is new`);
}

/** Hands a sequence over to the owner of the table that it is to belong to, without which it cannot; `before` is null for one that was just made. */
export function joinOwner(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  if (text(after, "owned_by") === null) return [];
  const had = before === null ? null : ownerIn(context.from, before);
  const has = ownerIn(context.to, after);
  if (had === has) return [];
  return [planned(
    after,
    `ALTER SEQUENCE ${reference(after.name)} OWNER TO ${
      has === null ? "CURRENT_USER" : ident(has)
    }`,
    `Sequence ${after.name} must have the owner of its table`,
  )];
}

/** The owner of a sequence, or of the table that it belongs to; null for the connected user. */
function ownerIn(snapshot: Snapshot, sequence: SchemaObject): string | null {
  const column = text(sequence, "owned_by");
  const owner = column === null ? sequence : snapshot.objects.get(`table:${ownerOf(column)}`);
  return owner === undefined ? null : text(owner, "owner");
}

/** OWNED BY, where a column owns the sequence. */
export function ownSequence(sequence: SchemaObject): readonly PlannedStatement[] {
  const column = text(sequence, "owned_by");
  if (column === null) return [];
  const owner = `${reference(ownerOf(column))}.${ident(lastName(column))}`;
  return [planned(
    sequence,
    `ALTER SEQUENCE ${reference(sequence.name)} OWNED BY ${owner}`,
    `Sequence ${sequence.name} belongs to column ${column}`,
  )];
}

/** Comment, privileges and owner of a sequence that was just made. */
export function sequenceExtras(
  sequence: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  return belongings(null, sequence, refs(sequence), context);
}

function disownSequence(sequence: SchemaObject): readonly PlannedStatement[] {
  return [planned(
    sequence,
    `ALTER SEQUENCE ${reference(sequence.name)} OWNED BY NONE`,
    `Sequence ${sequence.name} belongs to no column`,
  )];
}

/** Sets a new sequence behind the numbers that the rows of an existing column already have. */
function continueNumbers(
  sequence: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const column = text(sequence, "owned_by");
  if (column === null) return [];
  const before = columnThatStays(`column:${column}`, context);
  return before === null ? [] : ownedNumbersGoOn(sequence, before);
}

/** A column whose rows are there before and after. */
function columnThatStays(id: string, context: PlanContext): SchemaObject | null {
  return stays(id, context) ? context.from.objects.get(id) ?? null : null;
}

/** Sets the new sequences that a default takes its values from behind the numbers that the rows already have. */
export function numbersOfDefaultGoOn(
  value: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const column = columnThatStays(value.parent ?? "", context);
  if (column === null) return [];
  return value.needs.flatMap((id) => {
    const sequence = context.to.objects.get(id);
    if (sequence?.kind !== "sequence" || context.fate(id) !== "create") return [];
    if (text(sequence, "owned_by") !== null) return [];
    // Another column may have moved it already.
    const ref = reference(sequence.name);
    const start = `(SELECT last_value FROM ${ref})`;
    return numbersGoOn(value, column, literal(ref), { ...sequence.facts, start });
  });
}

/** Sets a sequence behind the numbers that the rows have in the column that owns it. */
export function ownedNumbersGoOn(
  sequence: SchemaObject,
  column: SchemaObject,
): readonly PlannedStatement[] {
  return numbersGoOn(sequence, column, literal(reference(sequence.name)), sequence.facts);
}

/** The same for a sequence that is given as SQL, with its options; nothing for one that counts down. */
export function numbersGoOn(
  object: SchemaObject,
  column: SchemaObject,
  sequence: string,
  options: Facts,
): readonly PlannedStatement[] {
  if (String(options.increment ?? "1").startsWith("-")) return [];
  if (!/^(smallint|integer|bigint)$/.test(text(column, "type") ?? "")) return [];
  const name = ident(lastName(column.name));
  const start = String(options.start ?? options.min ?? "1");
  return [planned(
    object,
    `SELECT setval(${sequence}, greatest(max(${name}) + 1, ${start}), false) FROM ${
      relationOf(column)
    }`,
    "Numbers go on after those that the rows have",
  )];
}

function refs(sequence: SchemaObject) {
  const ref = `SEQUENCE ${reference(sequence.name)}`;
  return {
    comment: ref,
    owner: text(sequence, "owned_by") === null ? ref : null,
    grants: { on: ref },
  };
}
