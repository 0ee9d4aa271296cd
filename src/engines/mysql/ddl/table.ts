/** Tables. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { attributeSet, created, dropped, renamed } from "../../common/statement.ts";
import { columnsOf, tableChange } from "../../common/table_change.ts";
import type { ObjectKind } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { isMariadb } from "../family.ts";
import { quote } from "../quote.ts";
import { alterTable } from "./alter_table.ts";
import { keysAndChecks } from "./member.ts";
import { alterText, definition } from "./statement.ts";
import { tableText } from "./table_text.ts";

/** A table with its columns, keys and checks. */
export const table: ObjectKind = {
  kind: "table",
  rank: 20,
  asksRename: true,
  reservedNames: ({ name }) => [`relation ${name}`],
  create: (object, members, context) => [
    definition(
      tableText(object, members, isMariadb(context.to)),
      [object, ...members],
      created(object),
    ),
    ...columnsOf(members).filter((one) => factsOf(one, "column").no_default === true)
      .map((column) => withoutDefault(object, column)),
  ],
  drop: (object) => [
    definition(`DROP TABLE ${quote(object.name)}`, object, dropped(object), {
      destroys: `the rows of table ${object.name}`,
      reversible: "structure",
    }),
  ],
  alter: ({ before, after }, context) =>
    alterTable(tableChange({ before, after }, keysAndChecks, context), context),
  rename: (object, to) => [
    definition(
      `RENAME TABLE ${quote(object.name)} TO ${quote(to.name)}`,
      object,
      renamed(object, to),
    ),
  ],
};

function withoutDefault(object: SchemaObject, column: SchemaObject) {
  const clause = `ALTER COLUMN ${quote(lastName(column.name))} DROP DEFAULT`;
  return definition(
    alterText(object.name, [clause]),
    [object, column],
    attributeSet(column, "default", null),
  );
}
