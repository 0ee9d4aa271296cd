/** What a trigger is of, as its text says it. */

import { quote } from "../quote.ts";
import { Cursor } from "./cursor.ts";

/** `insert`; `insert or update of a, b` where the server takes several events and columns. Throws UnreadableStatement. */
export function triggerEvent(text: string): string {
  const cursor = new Cursor(text);
  while (!cursor.sees("TRIGGER")) cursor.token();
  cursor.expect("TRIGGER");
  cursor.takes("IF") && cursor.takes("NOT") && cursor.takes("EXISTS");
  cursor.name();
  if (cursor.takesMark(".")) cursor.name();
  // BEFORE or AFTER.
  cursor.word();
  const events = [eventIn(cursor)];
  while (cursor.takes("OR")) events.push(eventIn(cursor));
  return events.join(" or ");
}

function eventIn(cursor: Cursor): string {
  const event = cursor.word().toLowerCase();
  if (!cursor.takes("OF")) return event;
  const columns = [cursor.name()];
  while (cursor.takesMark(",")) columns.push(cursor.name());
  return `${event} of ${columns.map(quote).join(", ")}`;
}
