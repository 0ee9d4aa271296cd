/** Text search parsers, templates, dictionaries and configurations. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { ident, reference } from "../../quote.ts";
import { block } from "../clauses/list.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { collationRef } from "../type/collate.ts";
import { record } from "../view/view_options.ts";

/** CREATE TEXT SEARCH PARSER. */
export const textSearchParser: ObjectKind = madeOfFunctions("text search parser");

/** CREATE TEXT SEARCH TEMPLATE. */
export const textSearchTemplate: ObjectKind = madeOfFunctions("text search template");

/** CREATE TEXT SEARCH DICTIONARY; options are changed in place. */
export const textSearchDictionary: ObjectKind = {
  kind: "text search dictionary",
  rank: 47,
  slots: (object) => [`text search dictionary ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ${ref(object)} ${
        block([
          `TEMPLATE = ${collationRef(text(object, "template") ?? "")}`,
          ...Object.entries(record(object.facts.options)).map(([name, value]) =>
            `${name} = ${value}`
          ),
        ])
      }`,
      `Text search dictionary ${object.name} is new`,
    ),
    ...belongings(null, object, owned(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP ${ref(object)}`, `Text search dictionary ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("template")) return "replace";
    const had = record(before.facts.options);
    const has = record(after.facts.options);
    const items = [
      ...Object.entries(has).filter(([name, value]) => had[name] !== value).map(([name, value]) =>
        `${name} = ${value}`
      ),
      ...Object.keys(had).filter((name) => !(name in has)),
    ];
    return {
      statements: [
        ...items.length === 0 ? [] : [planned(
          after,
          `ALTER ${ref(after)} (${items.join(", ")})`,
          `Options of text search dictionary ${after.name} differ`,
        )],
        ...belongings(before, after, owned(after), context),
      ],
    };
  },
  rename: (before, after) => renameInSchema("TEXT SEARCH DICTIONARY", before, after),
};

/** CREATE TEXT SEARCH CONFIGURATION with its mappings; these are changed in place. */
export const textSearchConfiguration: ObjectKind = {
  kind: "text search configuration",
  rank: 48,
  slots: (object) => [`text search configuration ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ${ref(object)} (PARSER = ${collationRef(text(object, "parser") ?? "")})`,
      `Text search configuration ${object.name} is new`,
    ),
    ...mappingChanges(null, object),
    ...belongings(null, object, owned(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP ${ref(object)}`, `Text search configuration ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) =>
    facts.includes("parser") ? "replace" : {
      statements: [
        ...mappingChanges(before, after),
        ...belongings(before, after, owned(after), context),
      ],
    },
  rename: (before, after) => renameInSchema("TEXT SEARCH CONFIGURATION", before, after),
};

function madeOfFunctions(kind: string): ObjectKind {
  const label = kind.charAt(0).toUpperCase() + kind.slice(1);
  const refs = (object: SchemaObject): BelongingRefs => ({
    comment: ref(object),
    owner: null,
    grants: null,
  });
  return {
    kind,
    rank: 46,
    slots: (object) => [`${kind} ${object.name}`],
    create: (object, _members, context) => [
      planned(
        object,
        `CREATE ${ref(object)} ${
          block(
            ["start", "gettoken", "end", "lextypes", "headline", "init", "lexize"].flatMap(
              (fact) => {
                const value = text(object, fact);
                return value === null ? [] : [`${fact.toUpperCase()} = ${value}`];
              },
            ),
          )
        }`,
        `${label} ${object.name} is new`,
      ),
      ...belongings(null, object, refs(object), context),
    ],
    drop: (object) => [planned(object, `DROP ${ref(object)}`, `${label} ${object.name} is gone`)],
    alter: ({ before, after, facts }, context) =>
      otherFacts(facts).length > 0
        ? "replace"
        : { statements: belongings(before, after, refs(after), context) },
    rename: (before, after) => renameInSchema(kind.toUpperCase(), before, after),
  };
}

function ref(object: SchemaObject): string {
  return `${object.kind.toUpperCase()} ${reference(object.name)}`;
}

function owned(object: SchemaObject): BelongingRefs {
  return { comment: ref(object), owner: ref(object), grants: null };
}

/** ADD, ALTER and DROP MAPPING, token types with equal dictionaries together. */
function mappingChanges(
  before: SchemaObject | null,
  after: SchemaObject,
): readonly PlannedStatement[] {
  const had = record(before?.facts.mappings);
  const has = record(after.facts.mappings);
  const groups = new Map<string, string[]>();
  for (const [token, dictionaries] of Object.entries(has)) {
    const list = dictionaryList(dictionaries);
    if (token in had && dictionaryList(had[token]) === list) continue;
    const group = `${token in had ? "ALTER" : "ADD"} MAPPING FOR @ WITH ${list}`;
    groups.set(group, [...groups.get(group) ?? [], token]);
  }
  const gone = Object.keys(had).filter((token) => !(token in has));
  const why = `Text search configuration ${after.name} treats words otherwise`;
  return [
    ...gone.length === 0
      ? []
      : [planned(after, `ALTER ${ref(after)} DROP MAPPING FOR ${gone.map(ident).join(", ")}`, why)],
    ...[...groups].map(([group, tokens]) =>
      planned(
        after,
        `ALTER ${ref(after)} ${group.replace("@", () => tokens.map(ident).join(", "))}`,
        why,
      )
    ),
  ];
}

function dictionaryList(value: unknown): string {
  return Array.isArray(value) ? value.map((name) => collationRef(String(name))).join(", ") : "";
}
