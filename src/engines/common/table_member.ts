/** Kinds that are a part of their table, for dialects that change a table as a whole. */

import type { ObjectKind } from "../object_kind.ts";

/** What such a kind is: CREATE TABLE carries it, and the alteration of its table carries its changes out. */
export const tableMember: Pick<
  ObjectKind,
  "inline" | "create" | "drop" | "alter" | "alteredBy"
> = {
  inline: () => true,
  create: () => [],
  drop: () => [],
  alter: () => ({ statements: [] }),
  alteredBy: (change) => (change.op === "drop" ? change.before : change.after).parent,
};
