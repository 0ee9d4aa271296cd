/** Foreign-data wrappers, servers and user mappings. */

import type { KindOf, ObjectOf } from "../../objects.ts";
import { literal, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { optionsChange, optionsClause } from "../clauses/fdw_options.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";

/** CREATE FOREIGN DATA WRAPPER. */
export const foreignDataWrapper: KindOf<"foreign data wrapper"> = {
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
    ...metadata(null, object, wrapperRefs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP FOREIGN DATA WRAPPER ${reference(object.name)}`,
      `Foreign-data wrapper ${object.name} is gone`,
    ),
  ],
  alter: alterBy({
    handler: changeWrapper,
    validator: changeWrapper,
    options: changeWrapper,
  }, wrapperRefs),
  rename: (before, after) => renameGlobal("FOREIGN DATA WRAPPER", before, after),
};

/** CREATE SERVER. */
export const server: KindOf<"server"> = {
  kind: "server",
  rank: 43,
  slots: (object) => [`server ${object.name}`],
  create: (object, _members, context) => {
    const type = object.facts.type;
    const version = object.facts.version;
    return [
      planned(
        object,
        [
          `CREATE SERVER ${reference(object.name)}`,
          ...type === undefined ? [] : [`TYPE ${literal(type)}`],
          ...version === undefined ? [] : [`VERSION ${literal(version)}`],
          `FOREIGN DATA WRAPPER ${reference(object.facts.wrapper)}`,
        ].join(" ") + optionsClause(object),
        `Server ${object.name} is new`,
      ),
      ...metadata(null, object, serverRefs(object), context),
    ];
  },
  drop: (object) => [
    planned(object, `DROP SERVER ${reference(object.name)}`, `Server ${object.name} is gone`),
  ],
  alter: alterBy({
    wrapper: "replace",
    type: "replace",
    version: changeServer,
    options: changeServer,
  }, serverRefs),
  rename: (before, after) => renameGlobal("SERVER", before, after),
};

/** CREATE USER MAPPING. */
export const userMapping: KindOf<"user mapping"> = {
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
  alter: alterBy({
    role: "replace",
    server: "replace",
    options: (before, after) => [
      planned(
        after,
        `ALTER ${mapping(after)}${optionsChange(before, after)}`,
        `User mapping ${after.name} differs`,
      ),
    ],
  }, () => NO_METADATA),
};

function changeWrapper(
  before: ObjectOf<"foreign data wrapper">,
  after: ObjectOf<"foreign data wrapper">,
) {
  const changes = functions(before, after) + optionsChange(before, after);
  const sql = `ALTER FOREIGN DATA WRAPPER ${reference(after.name)}${changes}`;
  return [planned(after, sql, `Foreign-data wrapper ${after.name} differs`)];
}

/** A version can be changed but not taken away. */
function changeServer(before: ObjectOf<"server">, after: ObjectOf<"server">) {
  const { version } = after.facts;
  const isOther = before.facts.version !== version;
  if (isOther && version === undefined) return "replace";
  const changes = (isOther ? ` VERSION ${literal(version ?? "")}` : "") +
    optionsChange(before, after);
  const sql = `ALTER SERVER ${reference(after.name)}${changes}`;
  return [planned(after, sql, `Server ${after.name} differs`)];
}

const NO_METADATA: MetadataRefs = { comment: null, owner: null, grants: null };

function wrapperRefs(object: ObjectOf<"foreign data wrapper">): MetadataRefs {
  const ref = `FOREIGN DATA WRAPPER ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: { on: ref } };
}

function serverRefs(object: ObjectOf<"server">): MetadataRefs {
  const name = reference(object.name);
  return {
    comment: `SERVER ${name}`,
    owner: `SERVER ${name}`,
    grants: { on: `FOREIGN SERVER ${name}` },
  };
}

function functions(
  before: ObjectOf<"foreign data wrapper"> | null,
  after: ObjectOf<"foreign data wrapper">,
): string {
  return (["handler", "validator"] as const).map((fact) => {
    const value = after.facts[fact];
    if (value === before?.facts[fact]) return "";
    return value === undefined ? ` NO ${fact.toUpperCase()}` : ` ${fact.toUpperCase()} ${value}`;
  }).join("");
}

function mapping(object: ObjectOf<"user mapping">): string {
  const name = reference(object.facts.server);
  return `USER MAPPING FOR ${object.facts.role} SERVER ${name}`;
}
