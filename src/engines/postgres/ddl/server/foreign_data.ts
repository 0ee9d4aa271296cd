/** Foreign-data wrappers, servers and user mappings. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { literal, reference } from "../../quote.ts";
import { optionsChange, optionsClause } from "../clauses/fdw_options.ts";
import { type BelongingRefs, belongings } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";

/** CREATE FOREIGN DATA WRAPPER. */
export const foreignDataWrapper: ObjectKind = {
  kind: "foreign data wrapper",
  rank: 42,
  slots: (object) => [`foreign data wrapper ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE FOREIGN DATA WRAPPER ${reference(object.name)}${functions(null, object)}${
        optionsClause(object)
      }`,
      `Foreign-data wrapper ${object.name} is new`,
    ),
    ...belongings(null, object, wrapperRefs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP FOREIGN DATA WRAPPER ${reference(object.name)}`,
      `Foreign-data wrapper ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after }, context) => {
    const changes = functions(before, after) + optionsChange(before, after);
    return {
      statements: [
        ...changes === "" ? [] : [planned(
          after,
          `ALTER FOREIGN DATA WRAPPER ${reference(after.name)}${changes}`,
          `Foreign-data wrapper ${after.name} differs`,
        )],
        ...belongings(before, after, wrapperRefs(after), context),
      ],
    };
  },
  rename: (before, after) => renameGlobal("FOREIGN DATA WRAPPER", before, after),
};

/** CREATE SERVER. */
export const server: ObjectKind = {
  kind: "server",
  rank: 43,
  slots: (object) => [`server ${object.name}`],
  create: (object, _members, context) => {
    const type = text(object, "type");
    const version = text(object, "version");
    return [
      planned(
        object,
        [
          `CREATE SERVER ${reference(object.name)}`,
          ...type === null ? [] : [`TYPE ${literal(type)}`],
          ...version === null ? [] : [`VERSION ${literal(version)}`],
          `FOREIGN DATA WRAPPER ${reference(text(object, "wrapper") ?? "")}`,
        ].join(" ") + optionsClause(object),
        `Server ${object.name} is new`,
      ),
      ...belongings(null, object, serverRefs(object), context),
    ];
  },
  drop: (object) => [
    planned(object, `DROP SERVER ${reference(object.name)}`, `Server ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("wrapper") || facts.includes("type")) return "replace";
    const version = text(after, "version");
    if (facts.includes("version") && version === null) return "replace";
    const changes = (facts.includes("version") ? ` VERSION ${literal(version ?? "")}` : "") +
      optionsChange(before, after);
    return {
      statements: [
        ...changes === "" ? [] : [planned(
          after,
          `ALTER SERVER ${reference(after.name)}${changes}`,
          `Server ${after.name} differs`,
        )],
        ...belongings(before, after, serverRefs(after), context),
      ],
    };
  },
  rename: (before, after) => renameGlobal("SERVER", before, after),
};

/** CREATE USER MAPPING. */
export const userMapping: ObjectKind = {
  kind: "user mapping",
  rank: 44,
  create: (object) => [
    planned(
      object,
      `CREATE ${mapping(object)}${optionsClause(object)}`,
      `User mapping ${object.name} is new`,
    ),
  ],
  drop: (object) => [
    planned(object, `DROP ${mapping(object)}`, `User mapping ${object.name} is gone`),
  ],
  alter: ({ before, after }) => ({
    statements: [
      planned(
        after,
        `ALTER ${mapping(after)}${optionsChange(before, after)}`,
        `User mapping ${after.name} differs`,
      ),
    ],
  }),
};

function wrapperRefs(object: SchemaObject): BelongingRefs {
  const ref = `FOREIGN DATA WRAPPER ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: { on: ref } };
}

function serverRefs(object: SchemaObject): BelongingRefs {
  const name = reference(object.name);
  return {
    comment: `SERVER ${name}`,
    owner: `SERVER ${name}`,
    grants: { on: `FOREIGN SERVER ${name}` },
  };
}

function functions(before: SchemaObject | null, after: SchemaObject): string {
  return (["handler", "validator"] as const).map((fact) => {
    const value = text(after, fact);
    if (value === (before === null ? null : text(before, fact))) return "";
    return value === null ? ` NO ${fact.toUpperCase()}` : ` ${fact.toUpperCase()} ${value}`;
  }).join("");
}

function mapping(object: SchemaObject): string {
  const name = reference(text(object, "server") ?? "");
  return `USER MAPPING FOR ${text(object, "role")} SERVER ${name}`;
}
