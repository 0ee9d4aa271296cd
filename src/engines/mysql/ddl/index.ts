/** Indexes and keys. */

import { quote } from "../quote.ts";
import { lastName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import { created, dropped, renamed } from "../../common/statement.ts";
import { tableMember } from "../../common/table_member.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { isMariadb } from "../family.ts";
import { dropIndex, indexText } from "./index_text.ts";
import { isPrimaryKey, nameOf } from "./member.ts";
import { alterText, definition } from "./statement.ts";

/** An index, a unique key or the primary key; its table's ALTER carries its changes out. */
export const index: ObjectKind = {
  kind: "index",
  rank: 31,
  ...tableMember,
  create: (object, _members, { to }) => [
    definition(
      alterText(tableName(object, to), [`ADD ${indexText(object, isMariadb(to))}`]),
      object,
      created(object),
    ),
  ],
  drop: (object, { from }) => [
    definition(alterText(tableName(object, from), [dropIndex(object)]), object, dropped(object)),
  ],
  rename: (object, to, from) =>
    isPrimaryKey(object) ? [] : [
      definition(
        alterText(tableName(object, from), [
          `RENAME INDEX ${nameOf(object)} TO ${quote(lastName(to.name))}`,
        ]),
        object,
        renamed(object, to),
      ),
    ],
};

/** The name of the table that a member belongs to. */
export function tableName(member: SchemaObject, snapshot: Snapshot): string {
  const parent = member.parent ?? "";
  return snapshot.objects.get(parent)?.name ?? parent.slice(parent.indexOf(":") + 1);
}
