/** Names of indexes, constraints and triggers, each the only one where the dialect wants that. */

import type { Notes } from "./notes.ts";

/** Where names are the only ones, and how long they may be, in bytes. */
export interface NameRules {
  readonly longestName: number;
  readonly names: {
    readonly index: "schema" | "table";
    readonly constraint: "schema" | "table";
    readonly trigger: "schema" | "table";
  };
}

/** Gives names out. What gets another one is noted. */
export class Names {
  readonly #rules: NameRules;
  readonly #notes: Notes;
  readonly #relations: readonly string[];
  readonly #given = new Map<string, Set<string>>();

  constructor(rules: NameRules, notes: Notes, relations: readonly string[]) {
    this.#rules = rules;
    this.#notes = notes;
    this.#relations = relations;
  }

  /** Of an index or a unique key; null stays null. */
  index(name: string | null, table: string): string | null {
    return this.#name("index", name, table);
  }

  /** Of a check or a foreign key; null stays null. */
  constraint(name: string | null, table: string): string | null {
    return this.#name("constraint", name, table);
  }

  /** Of a trigger. */
  trigger(name: string, table: string): string {
    return this.#name("trigger", name, table) ?? name;
  }

  #name(
    kind: "index" | "constraint" | "trigger",
    name: string | null,
    table: string,
  ): string | null {
    if (name === null) return null;
    const place = this.#rules.names[kind] === "schema" ? kind : `${kind} ${table}`;
    const given = this.#given.get(place) ??
      new Set(kind === "index" && place === kind ? this.#relations.map(lower) : []);
    this.#given.set(place, given);
    const free = [name, `${table}_${name}`, ...numbered(`${table}_${name}`)]
      .map((one) => shortened(one, this.#rules.longestName))
      .find((one) => !given.has(lower(one))) ?? name;
    given.add(lower(free));
    if (free !== name) {
      this.#notes.renamed(`${kind} ${table}.${name}`, free, "its name is taken or too long there");
    }
    return free;
  }
}

function lower(name: string): string {
  return name.toLowerCase();
}

function* numbers(): Iterable<number> {
  for (let at = 2; at < 100; at++) yield at;
}

function numbered(name: string): readonly string[] {
  return [...numbers()].map((at) => `${name}_${at}`);
}

/** Within a number of bytes; one that is cut keeps its end, where numbers stand. */
function shortened(name: string, longest: number): string {
  const size = (text: string) => new TextEncoder().encode(text).length;
  if (size(name) <= longest) return name;
  const letters = [...name];
  while (size(letters.join("")) > longest) letters.splice(Math.floor(letters.length / 2), 1);
  return letters.join("");
}
