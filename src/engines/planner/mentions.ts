/** What the text of an object names without the catalog knowing. */

import type { SchemaObject } from "../../core/snapshot.ts";
import { type Graph, type GraphInput, precede, type Step } from "./graph.ts";

/** Finds the steps that a text mentions, by the last part of the names of their objects. */
export class MentionIndex {
  readonly #input: GraphInput;
  readonly #graph: Graph;
  #names: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(input: GraphInput, graph: Graph) {
    this.#input = input;
    this.#graph = graph;
  }

  /** What the text of an object mentions comes before it, where nothing speaks against that. */
  addEdges(object: SchemaObject): void {
    const text = this.#input.kinds.get(object.kind)?.mentions?.(object) ?? null;
    const step = this.#stepOf(object.id);
    if (text === null || step === undefined) return;
    this.#names ??= idsByLastName(this.#input);
    for (const word of new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])) {
      for (const id of this.#names.get(word) ?? []) precede(this.#stepOf(id), step, false);
    }
  }

  #stepOf(id: string): Step | undefined {
    return this.#graph.creator(id) ?? this.#graph.alterer(id);
  }
}

/** Ids of what is created or altered, by the last part of their names in lower case. */
function idsByLastName({ decided, to }: GraphInput): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const [id, action] of decided.actions) {
    const object = to.objects.get(id);
    if (object === undefined || action === "drop" || object.parent !== null) continue;
    const name = object.name.replace(/\(.*$/s, "").split(".").pop()?.toLowerCase() ?? "";
    ids.set(name, [...(ids.get(name) ?? []), id]);
  }
  return ids;
}
