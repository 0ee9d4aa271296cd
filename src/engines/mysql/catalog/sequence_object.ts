/** A sequence of MariaDB as an object. */

import { joinName } from "../../../core/name.ts";
import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { makeObject } from "../facts.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor } from "./cursor.ts";

/** Reads `CREATE SEQUENCE \`s\` start with 1 minvalue 1 ... ENGINE=InnoDB`. Throws UnreadableStatement. */
export function sequenceObject(name: string, text: string): SchemaObject {
  const cursor = new Cursor(text);
  cursor.expect("CREATE", "SEQUENCE");
  cursor.name();
  const facts = {
    start: "",
    minimum: "",
    maximum: "",
    increment: "",
    cache: "0",
    cycle: false,
    engine: "",
    as: null as string | null,
    comment: null as string | null,
  };
  while (!cursor.done) {
    if (cursor.takes("START", "WITH")) facts.start = number(cursor);
    else if (cursor.takes("MINVALUE")) facts.minimum = number(cursor);
    else if (cursor.takes("MAXVALUE")) facts.maximum = number(cursor);
    else if (cursor.takes("INCREMENT", "BY")) facts.increment = number(cursor);
    else if (cursor.takes("CACHE")) facts.cache = number(cursor);
    else if (cursor.takes("NOCACHE")) facts.cache = "0";
    else if (cursor.takes("CYCLE")) facts.cycle = true;
    else if (cursor.takes("NOCYCLE")) facts.cycle = false;
    else if (cursor.takes("AS")) {
      const type = cursor.word().toLowerCase();
      facts.as = cursor.takes("UNSIGNED") ? `${type} unsigned` : type;
    } else if (cursor.takes("ENGINE")) {
      cursor.takesMark("=");
      facts.engine = cursor.name();
    } else if (cursor.takes("COMMENT")) {
      cursor.takesMark("=");
      facts.comment = cursor.string();
    } else throw new UnreadableStatement("an option of the sequence", cursor.peek());
  }
  return makeObject({
    id: objectId("sequence", joinName(name)),
    kind: "sequence",
    name: joinName(name),
    parent: null,
    facts: {
      ...facts,
      as: facts.as === "bigint" ? null : facts.as,
      comment: facts.comment === "" ? null : facts.comment,
    },
    dependsOn: [],
    droppedWith: [],
  });
}

function number(cursor: Cursor): string {
  const sign = cursor.takesMark("-") ? "-" : "";
  return `${sign}${cursor.token().text}`;
}
