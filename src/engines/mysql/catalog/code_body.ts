/**
 * The body of stored code as its SHOW CREATE has it: the information schema shows strings without what escaped in them (`'it's'`, and a
 * backslash where two were written).
 */

import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor } from "./cursor.ts";

/** The body in the text of an object of a kind (`procedure`, `package body`); `shown` is that of the information schema, which is taken where the text cannot be read. */
export function bodyIn(kind: string, text: string | null, shown: string): string {
  if (text === null) return shown;
  try {
    const body = readBody(kind, new Cursor(text));
    const [start = ""] = /^[^'"\\_`]*/.exec(shown.trimStart()) ?? [];
    return body.startsWith(start.trimEnd()) ? body : shown;
  } catch (error) {
    if (error instanceof UnreadableStatement) return shown;
    throw error;
  }
}

function readBody(kind: string, cursor: Cursor): string {
  if (kind === "trigger") {
    while (!cursor.takes("FOR", "EACH", "ROW")) cursor.token();
    if (cursor.takes("FOLLOWS") || cursor.takes("PRECEDES")) cursor.name();
  } else if (kind === "event") {
    while (!cursor.takes("DO")) cursor.token();
  } else if (kind.startsWith("package")) {
    while (!cursor.takes("PACKAGE")) cursor.token();
    cursor.takes("BODY");
    cursor.name();
    if (cursor.takesMark(".")) cursor.name();
    passCharacteristics(cursor);
  } else {
    while (!cursor.seesMark("(")) cursor.token();
    cursor.parenthesis();
    if (cursor.takes("RETURNS") || cursor.takes("RETURN")) cursor.restOfLine();
    passCharacteristics(cursor);
  }
  return cursor.rest();
}

function passCharacteristics(cursor: Cursor): void {
  for (;;) {
    if (cursor.takes("COMMENT")) cursor.string();
    else if (cursor.takes("LANGUAGE") || cursor.takes("SQL", "SECURITY")) cursor.word();
    else if (!PLAIN.some((words) => cursor.takes(...words))) return;
  }
}

const PLAIN = [
  ["NOT", "DETERMINISTIC"],
  ["DETERMINISTIC"],
  ["CONTAINS", "SQL"],
  ["NO", "SQL"],
  ["READS", "SQL", "DATA"],
  ["MODIFIES", "SQL", "DATA"],
];
