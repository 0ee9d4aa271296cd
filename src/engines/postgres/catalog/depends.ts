/** Who needs whom, from `pg_depend`. */

import type { SchemaObject } from "../../../schema.ts";
import type { Found } from "./reader.ts";

/**
 * One text of lines `from to type`, one round trip for thousands of rows; `from` and `to` are addresses, `catalog/oid/number` with
 * the number of a column or 0. Rows of the server's own objects are left out by their oid, which is below 16384, and those of the
 * triggers that carry out a constraint, which has the same needs itself.
 */
export const DEPENDS_SQL = `
  SELECT string_agg(
    concat(d.classid::regclass, '/', d.objid, '/', d.objsubid, ' ',
      d.refclassid::regclass, '/', d.refobjid, '/', d.refobjsubid, ' ', d.deptype),
    E'\\n') AS lines
  FROM pg_depend d
  WHERE d.objid >= 16384
    AND d.deptype <> 'p'
    AND (d.classid <> 'pg_trigger'::regclass OR d.objid NOT IN (
      SELECT t.oid FROM pg_trigger t WHERE t.tgisinternal AND t.tgconstraint <> 0))`;

/** Resolves addresses to objects. */
export interface Resolver {
  /** Id of the object that an address belongs to, itself or by way of what owns it; null when none is known. */
  idOf(address: string): string | null;
  /** Objects with `needs` and `goesWith`. */
  objects(): readonly SchemaObject[];
}

/** What stands at one address. */
interface Node {
  readonly address: string;
  /** The object that a reader found there; null when there is none. */
  id: string | null;
  /** The object that the address belongs to; undefined until it is asked for. */
  owner: string | null | undefined;
  /** Edges to what this is a part of. */
  readonly parts: Edge[];
  /** True for the copy that a partition has of something of its parent. */
  copy: boolean;
}

interface Edge {
  readonly from: Node;
  readonly to: Node;
  readonly type: string;
}

/** Dependency types that say: part of. An object without an id of its own belongs to what it has such an edge to. */
const OWNING = ["e", "i", "a", "P", "S"];

/**
 * Builds the resolver over what the readers found and the text of `DEPENDS_SQL`. What a partition has as the copy of something of
 * its parent (a foreign key, a trigger) is no object; its edges must not count as those of the original.
 */
export function resolver(found: readonly Found[], lines: string): Resolver {
  const nodes = new Map<string, Node>();
  const nodeAt = (address: string): Node => {
    const known = nodes.get(address);
    if (known !== undefined) return known;
    const node = { address, id: null, owner: undefined, parts: [], copy: false };
    nodes.set(address, node);
    return node;
  };
  for (const { object, address, aliases } of found) {
    nodeAt(address).id = object.id;
    for (const alias of aliases ?? []) nodeAt(alias).id = object.id;
  }
  const edges = parse(lines, nodeAt);
  for (const edge of edges) {
    if (OWNING.includes(edge.type)) edge.from.parts.push(edge);
    if (isCopy(edge)) edge.from.copy = true;
  }

  const ownerOf = (node: Node): string | null => {
    if (node.owner === undefined) node.owner = walk(node, new Set());
    return node.owner;
  };
  const walk = (node: Node, seen: Set<Node>): string | null => {
    if (node.id !== null) return node.id;
    if (seen.has(node)) return null;
    seen.add(node);
    const whole = wholeOf(node.address);
    if (whole !== node.address) {
      const id = walk(nodeAt(whole), seen);
      if (id !== null) return id;
    }
    const nearest = node.parts.sort((a, b) => OWNING.indexOf(a.type) - OWNING.indexOf(b.type));
    for (const edge of nearest) {
      const id = walk(edge.to, seen);
      if (id !== null) return id;
    }
    return null;
  };

  const own = edges.filter(({ from }) => from.id !== null || !from.copy);
  return {
    idOf: (address) => ownerOf(nodeAt(address)),
    objects: () => withNeeds(found, own, ownerOf),
  };
}

/** True for the edge from a copy to its original; on the referenced side a foreign key's copies are internal to it. */
function isCopy({ from, to, type }: Edge): boolean {
  return type === "P" ||
    (type === "i" && from.address.startsWith(CONSTRAINT) && to.address.startsWith(CONSTRAINT));
}

const CONSTRAINT = "pg_constraint/";

function withNeeds(
  found: readonly Found[],
  edges: readonly Edge[],
  ownerOf: (node: Node) => string | null,
): readonly SchemaObject[] {
  const known = new Set(found.map(({ object }) => object.id));
  const needs = new Map<string, Set<string>>();
  const carriers = new Map<string, Set<string>>();
  const link = (map: Map<string, Set<string>>, id: string, need: string | null) => {
    if (need === null || need === id || !known.has(need)) return;
    const list = map.get(id);
    if (list === undefined) map.set(id, new Set([need]));
    else list.add(need);
  };
  for (const { object, needs: more, goesWith } of found) {
    link(needs, object.id, object.parent);
    link(carriers, object.id, object.parent);
    for (const need of more ?? []) link(needs, object.id, need);
    for (const need of goesWith ?? []) {
      link(needs, object.id, need);
      link(carriers, object.id, need);
    }
  }
  const parents = new Map(found.map(({ object }) => [object.id, object.parent]));
  const holds = (inner: string | null, outer: string) => {
    for (let id = inner; id !== null; id = parents.get(id) ?? null) if (id === outer) return true;
    return false;
  };
  for (const { from, to, type } of edges) {
    const id = ownerOf(from);
    if (id === null) continue;
    const need = ownerOf(to);
    if (need === null || need === id || holds(need, id)) continue;
    link(needs, id, need);
    const silent = type !== "n" && from.id === id && !from.address.startsWith("pg_attrdef/");
    if (silent) link(carriers, id, need);
  }
  return found.map(({ object }) => ({
    ...object,
    parent: object.parent !== null && known.has(object.parent) ? object.parent : null,
    needs: [...needs.get(object.id) ?? []].sort(),
    goesWith: [...carriers.get(object.id) ?? []].filter((id) => id !== object.parent).sort(),
  }));
}

function parse(lines: string, nodeAt: (address: string) => Node): readonly Edge[] {
  const edges: Edge[] = [];
  for (const line of lines.split("\n")) {
    const [from, to, type] = line.split(" ");
    if (from === undefined || to === undefined || type === undefined) continue;
    edges.push({ from: nodeAt(from), to: nodeAt(to), type });
  }
  return edges;
}

/** The address of the whole object that a sub-object is a part of. */
function wholeOf(address: string): string {
  return address.slice(0, address.lastIndexOf("/")) + "/0";
}
