/** Who needs whom, from `pg_depend`. */

import type { SchemaObject } from "../../../schema.ts";
import type { Found } from "./reader.ts";

/**
 * One text of lines `classid objid objsubid refclassid refobjid refobjsubid deptype`, one round trip for thousands of rows.
 * Rows of the server's own objects are left out by their oid, which is below 16384.
 */
export const DEPENDS_SQL = `
  SELECT string_agg(
    concat_ws(' ', d.classid::regclass, d.objid, d.objsubid, d.refclassid::regclass, d.refobjid, d.refobjsubid, d.deptype),
    E'\\n') AS lines
  FROM pg_depend d
  WHERE d.objid >= 16384
    AND d.deptype <> 'p'`;

/** Resolves addresses to objects. */
export interface Resolver {
  /** Id of the object that an address belongs to, itself or by way of what owns it; null when none is known. */
  idOf(address: string): string | null;
  /** Objects with `needs` and `goesWith`. */
  objects(): readonly SchemaObject[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

/** Dependency types that say: part of. An object without an id of its own belongs to what it has such an edge to. */
const OWNING = ["e", "i", "a", "P", "S"];

/**
 * Builds the resolver over what the readers found and the text of `DEPENDS_SQL`. What a partition has as the copy of something of
 * its parent (a foreign key, a trigger) is no object; its edges must not count as those of the original.
 */
export function resolver(found: readonly Found[], lines: string): Resolver {
  const edges = parse(lines);
  const ids = new Map<string, string>();
  for (const { object, address, aliases } of found) {
    ids.set(address, object.id);
    for (const alias of aliases ?? []) ids.set(alias, object.id);
  }
  const owners = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (OWNING.includes(edge.type)) push(owners, edge.from, edge);
  }
  for (const list of owners.values()) {
    list.sort((a, b) => OWNING.indexOf(a.type) - OWNING.indexOf(b.type));
  }

  const walk = (address: string, seen: Set<string>): string | null => {
    const known = ids.get(address);
    if (known !== undefined) return known;
    if (seen.has(address)) return null;
    seen.add(address);
    const whole = wholeOf(address);
    if (whole !== address) {
      const id = walk(whole, seen);
      if (id !== null) return id;
    }
    for (const edge of owners.get(address) ?? []) {
      const id = walk(edge.to, seen);
      if (id !== null) return id;
    }
    return null;
  };
  const cache = new Map<string, string | null>();
  const idOf = (address: string) => {
    let id = cache.get(address);
    if (id === undefined) {
      id = walk(address, new Set());
      cache.set(address, id);
    }
    return id;
  };

  const clones = new Set(edges.filter(isCopy).map(({ from }) => from));
  const own = edges.filter(({ from }) => ids.has(from) || !clones.has(from));
  return { idOf, objects: () => withNeeds(found, own, { ids, idOf }) };
}

/** True for the edge from a copy to its original; on the referenced side a foreign key's copies are internal to it. */
function isCopy({ from, to, type }: Edge): boolean {
  return type === "P" ||
    (type === "i" && from.startsWith("pg_constraint/") && to.startsWith("pg_constraint/"));
}

function withNeeds(
  found: readonly Found[],
  edges: readonly Edge[],
  { ids, idOf }: { ids: ReadonlyMap<string, string>; idOf(address: string): string | null },
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
    const id = idOf(from);
    if (id === null) continue;
    const need = idOf(to);
    if (need === null || need === id || holds(need, id)) continue;
    link(needs, id, need);
    const silent = type !== "n" && ids.get(from) === id && !from.startsWith("pg_attrdef/");
    if (silent) link(carriers, id, need);
  }
  return found.map(({ object }) => ({
    ...object,
    parent: object.parent !== null && known.has(object.parent) ? object.parent : null,
    needs: [...needs.get(object.id) ?? []].sort(),
    goesWith: [...carriers.get(object.id) ?? []].filter((id) => id !== object.parent).sort(),
  }));
}

function parse(lines: string): readonly Edge[] {
  const edges: Edge[] = [];
  for (const line of lines.split("\n")) {
    const [catalog, oid, sub, refCatalog, refOid, refSub, type] = line.split(" ");
    if (type === undefined) continue;
    edges.push({
      from: `${catalog}/${oid}/${sub}`,
      to: `${refCatalog}/${refOid}/${refSub}`,
      type,
    });
  }
  return edges;
}

/** The address of the whole object that a sub-object is a part of. */
function wholeOf(address: string): string {
  return address.slice(0, address.lastIndexOf("/")) + "/0";
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
