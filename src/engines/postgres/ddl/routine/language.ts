/** Procedural languages, transforms and access methods. */

import type { KindOf, ObjectOf } from "../../objects.ts";
import { reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { allRefs, metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";

/** CREATE LANGUAGE; OR REPLACE changes its functions. */
export const language: KindOf<"language"> = {
  kind: "language",
  rank: 8,
  slots: (object) => [`language ${object.name}`],
  create: (object, _members, context) => [
    planned(object, `CREATE ${languageClause(object)}`, `Language ${object.name} is new`),
    ...metadata(null, object, languageRefs(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP LANGUAGE ${reference(object.name)}`, `Language ${object.name} is gone`),
  ],
  alter: alterBy({
    trusted: replaceLanguage,
    handler: replaceLanguage,
    inline: replaceLanguage,
    validator: replaceLanguage,
  }, languageRefs),
  rename: (before, after) => renameGlobal("LANGUAGE", before, after),
};

/** CREATE TRANSFORM; OR REPLACE changes its functions. */
export const transform: KindOf<"transform"> = {
  kind: "transform",
  rank: 45,
  create: (object, _members, context) => [
    planned(object, `CREATE ${transformClause(object)}`, `Transform ${object.name} is new`),
    ...metadata(null, object, transformRefs(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP ${transformRef(object)}`, `Transform ${object.name} is gone`),
  ],
  alter: alterBy({
    type: replaceTransform,
    language: replaceTransform,
    from_sql: replaceTransform,
    to_sql: replaceTransform,
  }, transformRefs),
};

/** CREATE ACCESS METHOD; Postgres can change nothing of it but the comment. */
export const accessMethod: KindOf<"access method"> = {
  kind: "access method",
  rank: 8,
  slots: (object) => [`access method ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ACCESS METHOD ${
        reference(object.name)
      } TYPE ${object.facts.type.toUpperCase()} HANDLER ${object.facts.handler}`,
      `Access method ${object.name} is new`,
    ),
    ...metadata(null, object, methodRefs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP ACCESS METHOD ${reference(object.name)}`,
      `Access method ${object.name} is gone`,
    ),
  ],
  alter: alterBy({ type: "replace", handler: "replace" }, methodRefs),
};

function replaceLanguage(_before: unknown, after: ObjectOf<"language">) {
  const sql = `CREATE OR REPLACE ${languageClause(after)}`;
  return [planned(after, sql, `Language ${after.name} differs`)];
}

function languageRefs(object: ObjectOf<"language">): MetadataRefs {
  return allRefs(`LANGUAGE ${reference(object.name)}`);
}

function replaceTransform(_before: unknown, after: ObjectOf<"transform">) {
  const sql = `CREATE OR REPLACE ${transformClause(after)}`;
  return [planned(after, sql, `Transform ${after.name} differs`)];
}

function languageClause(object: ObjectOf<"language">): string {
  const functions = (["handler", "inline", "validator"] as const).flatMap((fact) => {
    const value = object.facts[fact];
    return value === undefined ? [] : [`${fact.toUpperCase()} ${value}`];
  });
  const trusted = object.facts.trusted === true ? "TRUSTED " : "";
  return [`${trusted}LANGUAGE ${reference(object.name)}`, ...functions].join(" ");
}

function transformRef(object: ObjectOf<"transform">): string {
  return `TRANSFORM FOR ${object.facts.type} LANGUAGE ${reference(object.facts.language)}`;
}

function transformRefs(object: ObjectOf<"transform">): MetadataRefs {
  return { comment: transformRef(object), owner: null, grants: null };
}

function transformClause(object: ObjectOf<"transform">): string {
  const from = object.facts.from_sql;
  const to = object.facts.to_sql;
  const functions = [
    ...from === undefined ? [] : [`FROM SQL WITH FUNCTION ${from}`],
    ...to === undefined ? [] : [`TO SQL WITH FUNCTION ${to}`],
  ];
  return `${transformRef(object)} (${functions.join(", ")})`;
}

function methodRefs(object: ObjectOf<"access method">): MetadataRefs {
  return { comment: `ACCESS METHOD ${reference(object.name)}`, owner: null, grants: null };
}
