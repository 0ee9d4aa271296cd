/** Columns and constraints: parts of a CREATE TABLE, altered by the alteration of their table. */

import { renamed, statement } from "../../common/statement.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { tableMember } from "../../common/table_member.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { affinityOf } from "./affinity.ts";
import { localName, parentName } from "./member.ts";
import { renaming } from "./renaming.ts";

/** A column. */
export const column: ObjectKind = {
  kind: "column",
  rank: 30,
  ...tableMember,
  asksRename: true,
  isCompatible: (before, after) =>
    affinityOf(factsOf(before, "column").type) === affinityOf(factsOf(after, "column").type),
  rename: (object, to, from) =>
    renaming(
      statement(
        `ALTER TABLE ${quote(parentName(object))} RENAME COLUMN ${quote(localName(object))} TO ${
          quote(localName(to))
        }`,
        to,
        renamed(object, to),
      ),
      from,
    ),
};

/** A constraint: SQLite has no ALTER for most of them. */
export const constraint: ObjectKind = { kind: "constraint", rank: 31, ...tableMember };
