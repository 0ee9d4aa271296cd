/** The columns of an index, from its definition. */

import type { Index } from "../../../objects.ts";
import { signs } from "../../../signs.ts";

/** Names of the columns of an index. */
export function keysOf(index: Index): readonly string[] {
  return indexKeys(index.facts.definition);
}

/** Names that Postgres gives the columns of an index, from `btree (a, lower(b) DESC) INCLUDE (c)`: what its own generated name is made of. */
export function indexKeys(definition: string): readonly string[] {
  const lists: string[] = [];
  const open = definition.indexOf("(");
  const keys = inside(definition, open);
  lists.push(keys);
  const rest = definition.slice(open + keys.length + 2);
  if (rest.startsWith(" INCLUDE (")) lists.push(inside(rest, " INCLUDE ".length));
  const names: string[] = [];
  for (const item of lists.flatMap(items)) {
    const name = keyName(item.trim());
    let unique = name;
    for (let count = 1; names.includes(unique); count++) unique = `${name}${count}`;
    names.push(unique);
  }
  return names;
}

/** A column's name, a function's, or `expr`. */
function keyName(item: string): string {
  const [, quoted] = /^"((?:[^"]|"")*)"/.exec(item) ?? [];
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  const [, path, call] = /^((?:[\w$]+\.|"(?:[^"]|"")*"\.)*[\w$]+)(\()?/.exec(item) ?? [];
  if (path === undefined) return "expr";
  return call === undefined ? path : path.slice(path.lastIndexOf(".") + 1).toLowerCase();
}

/** The text between the parenthesis at `open` and the one that closes it. */
function inside(text: string, open: number): string {
  let depth = 0;
  for (const { sign, at } of signs(text, open)) {
    if (sign === "(") depth++;
    else if (sign === ")" && --depth === 0) return text.slice(open + 1, at);
  }
  return text.slice(open + 1);
}

/** The pieces between the commas that stand outside parentheses. */
function items(list: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { sign, at } of signs(list, 0)) {
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (sign === "," && depth === 0) {
      pieces.push(list.slice(start, at));
      start = at + 1;
    }
  }
  return [...pieces, list.slice(start)];
}
