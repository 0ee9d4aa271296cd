/** Text search parsers, templates, dictionaries and configurations. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { block } from "../clauses/list.ts";
import { metadata, type MetadataRefs, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { collationRef } from "../type/collate.ts";
import { attributeSet, created, dropped } from "../../../common/statement.ts";

/** CREATE TEXT SEARCH PARSER. */
export const textSearchParser: KindOf<"text search parser"> = {
  ...madeOfFunctions("text search parser"),
  kind: "text search parser",
};

/** CREATE TEXT SEARCH TEMPLATE. */
export const textSearchTemplate: KindOf<"text search template"> = {
  ...madeOfFunctions("text search template"),
  kind: "text search template",
};

/** CREATE TEXT SEARCH DICTIONARY; options are changed in place. */
export const textSearchDictionary: KindOf<"text search dictionary"> = {
  kind: "text search dictionary",
  rank: 47,
  reservedNames: (object) => [`text search dictionary ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ${ref(object)} ${
        block([
          `TEMPLATE = ${collationRef(object.facts.template)}`,
          ...Object.entries(object.facts.options ?? {}).map(([name, value]) =>
            `${name} = ${value}`
          ),
        ])
      }`,
      created(object),
    ),
    ...metadata(null, object, owned(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP ${ref(object)}`, dropped(object)),
  ],
  alter: alterBy({ template: "replace", options: optionChanges }, owned),
  rename: (before, after) => renameInSchema("TEXT SEARCH DICTIONARY", before, after),
};

/** CREATE TEXT SEARCH CONFIGURATION with its mappings; these are changed in place. */
export const textSearchConfiguration: KindOf<"text search configuration"> = {
  kind: "text search configuration",
  rank: 48,
  reservedNames: (object) => [`text search configuration ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ${ref(object)} (PARSER = ${collationRef(object.facts.parser)})`,
      created(object),
    ),
    ...mappingChanges(null, object),
    ...metadata(null, object, owned(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP ${ref(object)}`, dropped(object)),
  ],
  alter: alterBy({ parser: "replace", mappings: mappingChanges }, owned),
  rename: (before, after) => renameInSchema("TEXT SEARCH CONFIGURATION", before, after),
};

type ParserOrTemplate = ObjectOf<"text search parser" | "text search template">;

/** A kind that is made of functions. */
function madeOfFunctions(
  kind: ParserOrTemplate["kind"],
): KindOf<ParserOrTemplate["kind"]> {
  const refs = (object: ParserOrTemplate): MetadataRefs => ({
    comment: ref(object),
    owner: null,
    grants: null,
  });
  return {
    kind,
    rank: 46,
    reservedNames: (object) => [`${kind} ${object.name}`],
    create: (object, _members, context) => [
      planned(
        object,
        `CREATE ${ref(object)} ${
          block(
            Object.entries(functionsOf(object)).flatMap(([option, value]) =>
              value === undefined ? [] : [`${option.toUpperCase()} = ${value}`]
            ),
          )
        }`,
        created(object),
      ),
      ...metadata(null, object, refs(object), context),
    ],
    drop: (object) => [planned(object, `DROP ${ref(object)}`, dropped(object))],
    alter: ({ before, after, facts }, context) =>
      otherFacts(facts).length > 0
        ? "replace"
        : { statements: metadata(before, after, refs(after), context) },
    rename: (before, after) => renameInSchema(kind.toUpperCase(), before, after),
  };
}

/** The functions by the names of their options. */
function functionsOf(object: ParserOrTemplate): Readonly<Record<string, string | undefined>> {
  if (object.kind === "text search template") {
    const { init, lexize } = object.facts;
    return { init, lexize };
  }
  const { start, gettoken, end, lextypes, headline } = object.facts;
  return { start, gettoken, end, lextypes, headline };
}

function ref(object: Pick<SchemaObject, "kind" | "name">): string {
  return `${object.kind.toUpperCase()} ${reference(object.name)}`;
}

function owned(object: Pick<SchemaObject, "kind" | "name">): MetadataRefs {
  return { comment: ref(object), owner: ref(object), grants: null };
}

/** Options that are set, and the names alone of those that are not any more. */
function optionChanges(
  before: ObjectOf<"text search dictionary">,
  after: ObjectOf<"text search dictionary">,
) {
  const had = before.facts.options ?? {};
  const has = after.facts.options ?? {};
  const items = [
    ...Object.entries(has).filter(([name, value]) => had[name] !== value)
      .map(([name, value]) => `${name} = ${value}`),
    ...Object.keys(had).filter((name) => !(name in has)),
  ];
  return [planned(
    after,
    `ALTER ${ref(after)} (${items.join(", ")})`,
    attributeSet(after, "options"),
  )];
}

/** ADD, ALTER and DROP MAPPING, token types with equal dictionaries together. */
function mappingChanges(
  before: ObjectOf<"text search configuration"> | null,
  after: ObjectOf<"text search configuration">,
): readonly PlannedStatement[] {
  const had = before?.facts.mappings ?? {};
  const has = after.facts.mappings;
  const groups = new Map<string, string[]>();
  for (const [token, dictionaries] of Object.entries(has)) {
    const list = dictionaries.map(collationRef).join(", ");
    if (had[token]?.map(collationRef).join(", ") === list) continue;
    const group = `${token in had ? "ALTER" : "ADD"} MAPPING FOR @ WITH ${list}`;
    groups.set(group, [...groups.get(group) ?? [], token]);
  }
  const gone = Object.keys(had).filter((token) => !(token in has));
  return [
    ...gone.length === 0 ? [] : [
      planned(
        after,
        `ALTER ${ref(after)} DROP MAPPING FOR ${gone.map(ident).join(", ")}`,
        attributeSet(after, "mappings"),
      ),
    ],
    ...[...groups].map(([group, tokens]) =>
      planned(
        after,
        `ALTER ${ref(after)} ${group.replace("@", () => tokens.map(ident).join(", "))}`,
        attributeSet(after, "mappings"),
      )
    ),
  ];
}
