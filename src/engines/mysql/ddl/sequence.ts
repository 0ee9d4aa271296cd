/** Sequences of MariaDB. */

import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, renamed, replaced } from "../../common/statement.ts";
import type { Alteration, ObjectKind } from "../../object_kind.ts";
import { factsOf, type SequenceFacts } from "../facts.ts";
import { literal, quote } from "../quote.ts";
import { alterText, definition } from "./statement.ts";

/** A sequence. */
export const sequence: ObjectKind = {
  kind: "sequence",
  rank: 15,
  asksRename: true,
  reservedNames: ({ name }) => [`relation ${name}`],
  create: (object) => [definition(sequenceText(object), object, created(object))],
  drop: (object) => [
    definition(`DROP SEQUENCE ${quote(object.name)}`, object, dropped(object), {
      destroys: `the position of sequence ${object.name}`,
      reversible: "structure",
    }),
  ],
  alter,
  rename: (object, to) => [
    definition(
      `RENAME TABLE ${quote(object.name)} TO ${quote(to.name)}`,
      object,
      renamed(object, to),
    ),
  ],
};

function alter({ after, facts }: AlterChange): Alteration {
  const has = factsOf(after, "sequence");
  const options = [
    ...facts.includes("as") ? [`AS ${has.as ?? "bigint"}`] : [],
    ...facts.includes("start") ? [`START WITH ${has.start}`] : [],
    ...facts.includes("minimum") ? [`MINVALUE ${has.minimum}`] : [],
    ...facts.includes("maximum") ? [`MAXVALUE ${has.maximum}`] : [],
    ...facts.includes("increment") ? [`INCREMENT BY ${has.increment}`] : [],
    ...facts.includes("cache") ? [cacheText(has)] : [],
    ...facts.includes("cycle") ? [has.cycle === true ? "CYCLE" : "NOCYCLE"] : [],
  ];
  const table = [
    ...facts.includes("engine") ? [`ENGINE=${has.engine}`] : [],
    ...facts.includes("comment") ? [`COMMENT=${literal(has.comment ?? "")}`] : [],
  ];
  const texts = [
    ...options.length === 0 ? [] : [`ALTER SEQUENCE ${quote(after.name)} ${options.join(" ")}`],
    ...table.length === 0 ? [] : [alterText(after.name, table)],
  ];
  return { statements: texts.map((text) => definition(text, after, replaced(after))) };
}

function sequenceText(object: SchemaObject): string {
  const facts = factsOf(object, "sequence");
  return [
    `CREATE SEQUENCE ${quote(object.name)}`,
    ...facts.as === undefined ? [] : [`AS ${facts.as}`],
    `START WITH ${facts.start} MINVALUE ${facts.minimum} MAXVALUE ${facts.maximum} INCREMENT BY ${facts.increment}`,
    cacheText(facts),
    facts.cycle === true ? "CYCLE" : "NOCYCLE",
    `ENGINE=${facts.engine}`,
    ...facts.comment === undefined ? [] : [`COMMENT=${literal(facts.comment)}`],
  ].join(" ");
}

function cacheText({ cache }: SequenceFacts): string {
  return cache === "0" ? "NOCACHE" : `CACHE ${cache}`;
}
