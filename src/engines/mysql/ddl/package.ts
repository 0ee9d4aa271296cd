/** Packages of MariaDB and their bodies. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, replaced } from "../../common/statement.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { literal, quote } from "../quote.ts";
import { definerWords, inItsSession } from "./code.ts";
import { definition } from "./statement.ts";

/** What a package declares. Its body goes with it, and so is created again when it changes. */
export const packageHead: ObjectKind = {
  kind: "package",
  rank: 42,
  mentions: (object) => factsOf(object, "package").body,
  create: (object) => creation(object, "package", "CREATE"),
  drop: (object) => [definition(`DROP PACKAGE ${quote(object.name)}`, object, dropped(object))],
  alter: () => "replace",
};

/** The code of a package. */
export const packageBody: ObjectKind = {
  kind: "package body",
  rank: 46,
  mentions: (object) => factsOf(object, "package body").body,
  create: (object) => creation(object, "package body", "CREATE"),
  drop: (object) => [
    definition(`DROP PACKAGE BODY ${quote(object.name)}`, object, dropped(object)),
  ],
  alter: ({ after }) => ({
    statements: creation(after, "package body", "CREATE OR REPLACE"),
  }),
};

function creation(object: SchemaObject, kind: "package" | "package body", create: string) {
  const facts = factsOf(object, kind);
  const text = [
    [create, ...definerWords(facts), `${kind.toUpperCase()} ${quote(object.name)}`].join(" "),
    ...facts.security === undefined ? [] : [`SQL SECURITY ${facts.security.toUpperCase()}`],
    ...facts.comment === undefined ? [] : [`COMMENT ${literal(facts.comment)}`],
    facts.body,
  ].join("\n");
  const reason = create === "CREATE" ? created(object) : replaced(object);
  return inItsSession(object, facts, [definition(text, object, reason)]);
}
