/** Sequences that are not those of identity columns. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import type { SequenceOptions } from "../../catalog/sequence.ts";
import { lastName } from "../../names.ts";
import {
  type Column,
  columnOf,
  type Default,
  type KindOf,
  type PostgresContext,
  type PostgresSnapshot,
  type Sequence,
  tableOf,
} from "../../objects.ts";
import { ident, literal, reference } from "../../quote.ts";
import { isDropped, isKept } from "../clauses/action.ts";
import { metadata } from "../clauses/metadata.ts";
import { ownerOf, relationOf, schemaOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import {
  changedSequenceClauses,
  mustRestart,
  raisedBound,
  SEQUENCE_OPTIONS,
  sequenceClauses,
} from "./sequence_options.ts";
import {
  attributeSet,
  becomes,
  ceases,
  created,
  dropped,
  renamed,
  subjectOf,
} from "../../../common/statement.ts";

/** `sequence`; one that a column owns is carried by the column. */
export const sequences: KindOf<"sequence"> = {
  kind: "sequence",
  rank: 22,
  inline: (_, parent) => parent.kind === "column",
  reservedNames: ({ name }) => [`relation ${name}`],
  create: (sequence, _, context) => [
    createSequence(sequence),
    ...setTableOwner(null, sequence, context),
    ...setOwnedBy(sequence),
    ...continueSequence(sequence, context),
    ...sequenceMetadata(sequence, context),
  ],
  drop: (sequence, context) => [
    planned(
      sequence,
      `DROP SEQUENCE ${reference(sequence.name)}`,
      dropped(sequence),
      numbersColumns(sequence, context) ? {} : {
        destroys: `the position of sequence ${sequence.name}`,
        reversible: "structure",
      },
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (changesOwningColumn(before, after, context)) return "replace";
    const ref = `SEQUENCE ${reference(after.name)}`;
    const statements: PlannedStatement[] = [];
    if (facts.includes("owned_by") && after.facts.owned_by === undefined) {
      statements.push(...setOwnedByNone(after));
    }
    if (SEQUENCE_OPTIONS.some((option) => facts.includes(option))) {
      const clauses = [
        ...changedSequenceClauses(before.facts, after.facts),
        ...mustRestart(before.facts, after.facts) ? ["RESTART"] : [],
      ];
      statements.push(...raiseToBound(after, after.name, before.facts, after.facts));
      statements.push(planned(
        after,
        `ALTER ${ref} ${clauses.join(" ")}`,
        attributeSet(after, "options"),
      ));
    }
    if (facts.includes("unlogged")) {
      statements.push(planned(
        after,
        `ALTER ${ref} SET ${after.facts.unlogged === true ? "UNLOGGED" : "LOGGED"}`,
        becomes(after, after.facts.unlogged === true ? "unlogged" : "logged"),
      ));
    }
    statements.push(...metadata(before, after, refs(after), context));
    if (facts.includes("owned_by")) {
      statements.push(...setTableOwner(before, after, context), ...setOwnedBy(after));
    }
    return { statements };
  },
  rename: (before, after) => {
    const statements: PlannedStatement[] = [];
    let name = before.name;
    if (schemaOf(name) !== schemaOf(after.name)) {
      if (before.facts.owned_by !== undefined) return [];
      const schema = schemaOf(after.name);
      statements.push(
        planned(
          after,
          `ALTER SEQUENCE ${reference(name)} SET SCHEMA ${ident(schema)}`,
          renamed(before, after),
        ),
      );
      name = `${schema}.${lastName(name)}`;
    }
    if (lastName(name) !== lastName(after.name)) {
      statements.push(planned(
        after,
        `ALTER SEQUENCE ${reference(name)} RENAME TO ${ident(lastName(after.name))}`,
        renamed(before, after),
      ));
    }
    return statements;
  },
};

/** True when the sequence is there for columns: it can go on behind their rows. */
function numbersColumns(sequence: Sequence, context: PostgresContext): boolean {
  return sequence.facts.owned_by !== undefined ||
    context.dependents(sequence.id).some(({ kind }) => kind === "default");
}

/** True when another column of the table owns the sequence in place of one that is dropped: the sequence is dropped with that. */
function changesOwningColumn(before: Sequence, after: Sequence, context: PostgresContext): boolean {
  const [old, now] = [before.facts.owned_by, after.facts.owned_by];
  return old !== undefined && now !== undefined && old !== now && ownerOf(old) === ownerOf(now) &&
    isDropped(`column:${old}`, context) &&
    context.action(`column:${now}`) === "create";
}

/** Moves the current value of a sequence up to a lower bound that is raised. */
export function raiseToBound(
  object: Pick<SchemaObject, "id">,
  sequence: string,
  before: SequenceOptions,
  after: SequenceOptions,
): readonly PlannedStatement[] {
  const bound = raisedBound(before, after);
  if (bound === null) return [];
  const ref = reference(sequence);
  return [planned(
    object,
    `SELECT setval(${
      literal(ref)
    }, greatest(last_value, ${bound}), is_called AND last_value >= ${bound}) FROM ${ref}`,
    attributeSet({ kind: "sequence", name: sequence }, "current value", bound),
  )];
}

/** CREATE SEQUENCE without its owner. */
export function createSequence(sequence: Sequence): PlannedStatement {
  const unlogged = sequence.facts.unlogged === true ? "UNLOGGED " : "";
  const clauses = [
    `CREATE ${unlogged}SEQUENCE ${reference(sequence.name)}`,
    ...sequenceClauses(sequence.facts),
  ];
  return planned(sequence, clauses.join(" "), created(sequence));
}

/** Gives a sequence the owner of the table that is to own it, which the server demands; `before` is null for one that was just created. */
export function setTableOwner(
  before: Sequence | null,
  after: Sequence,
  context: PostgresContext,
): readonly PlannedStatement[] {
  if (after.facts.owned_by === undefined) return [];
  const had = before === null ? undefined : ownerIn(context.from, before);
  const has = ownerIn(context.to, after);
  if (had === has) return [];
  return [planned(
    after,
    `ALTER SEQUENCE ${reference(after.name)} OWNER TO ${
      has === undefined ? "CURRENT_USER" : ident(has)
    }`,
    attributeSet(after, "owner", "that of its table"),
  )];
}

/** The owner of a sequence, or of the table that it belongs to; undefined for the connected user. */
function ownerIn(snapshot: PostgresSnapshot, sequence: Sequence): string | undefined {
  const column = sequence.facts.owned_by;
  const owner = column === undefined ? sequence : tableOf(snapshot, `table:${ownerOf(column)}`);
  return owner?.facts.owner;
}

/** OWNED BY, where a column owns the sequence. */
export function setOwnedBy(sequence: Sequence): readonly PlannedStatement[] {
  const column = sequence.facts.owned_by;
  if (column === undefined) return [];
  const owner = `${reference(ownerOf(column))}.${ident(lastName(column))}`;
  return [planned(
    sequence,
    `ALTER SEQUENCE ${reference(sequence.name)} OWNED BY ${owner}`,
    becomes(sequence, `owned by column ${column}`),
  )];
}

/** Comment, privileges and owner of a sequence that was just made. */
export function sequenceMetadata(
  sequence: Sequence,
  context: PostgresContext,
): readonly PlannedStatement[] {
  return metadata(null, sequence, refs(sequence), context);
}

function setOwnedByNone(sequence: Sequence): readonly PlannedStatement[] {
  return [planned(
    sequence,
    `ALTER SEQUENCE ${reference(sequence.name)} OWNED BY NONE`,
    ceases(sequence, "owned by a column"),
  )];
}

/** Sets a new sequence behind the values of an existing column. */
function continueSequence(
  sequence: Sequence,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const column = sequence.facts.owned_by;
  if (column === undefined) return [];
  const before = columnThatStays(`column:${column}`, context);
  return before === null ? [] : continueOwned(sequence, before);
}

/** A column whose rows are there before and after. */
function columnThatStays(id: string, context: PostgresContext): Column | null {
  return isKept(id, context) ? columnOf(context.from, id) ?? null : null;
}

/** Sets the new sequences that a default takes its values from behind the values of existing rows. */
export function continueForDefault(
  value: Default,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const column = columnThatStays(value.parent ?? "", context);
  if (column === null) return [];
  return value.dependsOn.flatMap((id) => {
    const sequence = context.to.objects.get(id);
    if (sequence?.kind !== "sequence" || context.action(id) !== "create") return [];
    if (sequence.facts.owned_by !== undefined) return [];
    // Another column may have moved it already.
    const ref = reference(sequence.name);
    const start = `(SELECT last_value FROM ${ref})`;
    const called = `(SELECT is_called FROM ${ref})`;
    return continueFrom(value, column, literal(ref), { ...sequence.facts, start }, called);
  });
}

/** Sets a sequence behind the values of the column that owns it. */
export function continueOwned(
  sequence: Sequence,
  column: Column,
): readonly PlannedStatement[] {
  return continueFrom(sequence, column, literal(reference(sequence.name)), sequence.facts);
}

/**
 * The same for a sequence that is given as SQL, with its options; nothing for one that counts down. `called` is whether it gave out the
 * number that it stands at, as SQL.
 */
export function continueFrom(
  object: Pick<SchemaObject, "id">,
  column: Column,
  sequence: string,
  options: SequenceOptions,
  called = "false",
): readonly PlannedStatement[] {
  if (options.increment?.startsWith("-") === true) return [];
  if (!/^(smallint|integer|bigint)$/.test(column.facts.type)) return [];
  const name = ident(lastName(column.name));
  const start = options.start ?? options.min ?? "1";
  // One more than the greatest number of a type would be none of it.
  return [planned(
    object,
    `SELECT setval(${sequence}, greatest(max(${name}), ${start}), coalesce(max(${name}) >= ${start}, false)${
      called === "false" ? "" : ` OR ${called}`
    }) FROM ${relationOf(column)}`,
    { action: "continue_numbers", object: subjectOf(column) },
  )];
}

function refs(sequence: Sequence) {
  const ref = `SEQUENCE ${reference(sequence.name)}`;
  return {
    comment: ref,
    owner: sequence.facts.owned_by === undefined ? ref : null,
    grants: { on: ref },
  };
}
