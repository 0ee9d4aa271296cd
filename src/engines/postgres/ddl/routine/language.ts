/** Procedural languages, transforms and access methods. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { reference } from "../../quote.ts";
import { allRefs, type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";

/** CREATE LANGUAGE; OR REPLACE changes its functions. */
export const language: ObjectKind = {
  kind: "language",
  rank: 8,
  slots: (object) => [`language ${object.name}`],
  create: (object, _members, context) => [
    planned(object, `CREATE ${languageClause(object)}`, `Language ${object.name} is new`),
    ...belongings(null, object, allRefs(`LANGUAGE ${reference(object.name)}`), context),
  ],
  drop: (object) => [
    planned(object, `DROP LANGUAGE ${reference(object.name)}`, `Language ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) => ({
    statements: [
      ...otherFacts(facts).length === 0 ? [] : [
        planned(
          after,
          `CREATE OR REPLACE ${languageClause(after)}`,
          `Language ${after.name} differs`,
        ),
      ],
      ...belongings(before, after, allRefs(`LANGUAGE ${reference(after.name)}`), context),
    ],
  }),
  rename: (before, after) => renameGlobal("LANGUAGE", before, after),
};

/** CREATE TRANSFORM; OR REPLACE changes its functions. */
export const transform: ObjectKind = {
  kind: "transform",
  rank: 45,
  create: (object, _members, context) => [
    planned(object, `CREATE ${transformClause(object)}`, `Transform ${object.name} is new`),
    ...belongings(null, object, transformRefs(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP ${transformRef(object)}`, `Transform ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) => ({
    statements: [
      ...otherFacts(facts).length === 0 ? [] : [
        planned(
          after,
          `CREATE OR REPLACE ${transformClause(after)}`,
          `Transform ${after.name} differs`,
        ),
      ],
      ...belongings(before, after, transformRefs(after), context),
    ],
  }),
};

/** CREATE ACCESS METHOD; Postgres can change nothing of it but the comment. */
export const accessMethod: ObjectKind = {
  kind: "access method",
  rank: 8,
  slots: (object) => [`access method ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ACCESS METHOD ${reference(object.name)} TYPE ${
        text(object, "type")?.toUpperCase()
      } HANDLER ${text(object, "handler")}`,
      `Access method ${object.name} is new`,
    ),
    ...belongings(null, object, methodRefs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP ACCESS METHOD ${reference(object.name)}`,
      `Access method ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) =>
    otherFacts(facts).length > 0
      ? "replace"
      : { statements: belongings(before, after, methodRefs(after), context) },
};

function languageClause(object: SchemaObject): string {
  const functions = (["handler", "inline", "validator"] as const).flatMap((fact) => {
    const value = text(object, fact);
    return value === null ? [] : [`${fact.toUpperCase()} ${value}`];
  });
  const trusted = object.facts.trusted === true ? "TRUSTED " : "";
  return [`${trusted}LANGUAGE ${reference(object.name)}`, ...functions].join(" ");
}

function transformRef(object: SchemaObject): string {
  return `TRANSFORM FOR ${text(object, "type")} LANGUAGE ${
    reference(text(object, "language") ?? "")
  }`;
}

function transformRefs(object: SchemaObject): BelongingRefs {
  return { comment: transformRef(object), owner: null, grants: null };
}

function transformClause(object: SchemaObject): string {
  const from = text(object, "from_sql");
  const to = text(object, "to_sql");
  const functions = [
    ...from === null ? [] : [`FROM SQL WITH FUNCTION ${from}`],
    ...to === null ? [] : [`TO SQL WITH FUNCTION ${to}`],
  ];
  return `${transformRef(object)} (${functions.join(", ")})`;
}

function methodRefs(object: SchemaObject): BelongingRefs {
  return { comment: `ACCESS METHOD ${reference(object.name)}`, owner: null, grants: null };
}
