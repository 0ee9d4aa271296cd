/** Canonical DDL: the same text for schemas that are the same. */

import type { Facts, Json, SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { describeWith } from "../planner/mod.ts";
import { KINDS } from "./ddl/mod.ts";
import { localName } from "./ddl/member.ts";
import type { SqliteFacts } from "./facts.ts";
import { quote } from "./quote.ts";
import { fold, isMark, tokenizeAll } from "./tokens.ts";

/** The DDL of every top-level object by id, written from the facts alone. */
export function describe(empty: Snapshot, snapshot: Snapshot): ReadonlyMap<string, string> {
  const spellings = mixedCase(snapshot);
  const objects = [...snapshot.objects.values()].map((object): SchemaObject => {
    const { style: _, ...plain } = object;
    return spellings.size === 0 ? plain : { ...plain, facts: respelled(plain, spellings) };
  });
  return describeWith(KINDS, empty, {
    ...snapshot,
    objects: new Map(objects.map((object) => [object.id, object])),
  });
}

/** Names that are not all lower case, by what facts call them. */
function mixedCase(snapshot: Snapshot): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  for (const object of snapshot.objects.values()) {
    if (object.kind === "constraint") continue;
    const name = object.kind === "column" ? localName(object) : object.name;
    if (fold(name) !== name) spellings.set(fold(name), name);
  }
  return spellings;
}

/** Facts that are texts of SQL or names, by kind; the others are words of the catalog. */
const SPELLED: { readonly [Kind in keyof SqliteFacts]: readonly FactsOf<SqliteFacts[Kind]>[] } = {
  table: [],
  column: ["generated"],
  constraint: ["columns", "expression", "references", "table"],
  index: ["columns", "table", "where"],
  view: ["columns", "query"],
  trigger: ["body", "columns", "on", "when"],
  "virtual table": ["arguments"],
};

/** The names of facts of each member of a union. */
type FactsOf<F> = F extends unknown ? keyof F : never;

const SPELLED_BY_KIND: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(SPELLED));

function respelled({ kind, facts }: SchemaObject, spellings: ReadonlyMap<string, string>): Facts {
  const respell = (value: Json): Json => {
    if (typeof value === "string") return respelledText(value, spellings);
    return Array.isArray(value) ? value.map(respell) : value;
  };
  const spelled = SPELLED_BY_KIND.get(kind) ?? [];
  return Object.fromEntries(
    Object.entries(facts).map((
      [key, value],
    ) => [key, spelled.includes(key) ? respell(value) : value]),
  );
}

function respelledText(text: string, spellings: ReadonlyMap<string, string>): string {
  const whole = spellings.get(text);
  if (whole !== undefined) return whole;
  const tokens = tokenizeAll(text);
  return tokens.map((token, at) => {
    if (token.kind !== "name" && token.kind !== "quoted") return token.text;
    const spelled = isMark(tokens[at + 1], "(") ? undefined : spellings.get(token.value);
    return spelled === undefined ? token.text : quote(spelled);
  }).join("");
}
