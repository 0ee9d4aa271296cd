/** Who needs whom, from `pg_depend`. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { Found } from "./reader.ts";
import { LAST_SERVER_OID } from "./user_objects.ts";

/**
 * One row, for thousands of dependencies: `edges`, seven numbers for each in a JSON list (catalog, oid and column number of who
 * needs and of what is needed, the letter of the type as its code), and `catalogs`, names by oid. Rows of the server's own objects
 * are left out by their oid, and those of the triggers that carry out a constraint, which has the same needs
 * itself.
 */
export const DEPENDS_SQL = `
  SELECT
    '[' || string_agg(
      concat_ws(',', d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, ascii(d.deptype::text)),
      ',') || ']' AS edges,
    (SELECT json_object_agg(c.oid::int8, c.relname)
      FROM pg_class c
      WHERE c.oid <= ${LAST_SERVER_OID} AND c.relkind = 'r') AS catalogs
  FROM pg_depend d
  WHERE d.objid > ${LAST_SERVER_OID}
    AND d.deptype <> 'p'
    AND (d.classid <> 'pg_trigger'::regclass OR d.objid NOT IN (
      SELECT t.oid FROM pg_trigger t WHERE t.tgisinternal AND t.tgconstraint <> 0))`;

/** What `DEPENDS_SQL` gives; null where there are no dependencies. */
export interface Dependencies {
  readonly edges: string | null;
  readonly catalogs: Readonly<Record<string, string>>;
}

/** Resolves addresses to objects. */
export interface Resolver {
  /** Id of the object that an address belongs to, itself or by way of what owns it; null when none is known. */
  idOf(address: string): string | null;
  /** True when what has this oid in a catalog belongs to an object. */
  knows(catalog: string, oid: number): boolean;
  /** Objects with `dependsOn` and `droppedWith`. */
  objects(): readonly SchemaObject[];
}

/** An object and what it needs, as far as it is known. */
interface Member {
  readonly object: Found["object"];
  parent: Member | null;
  needs: readonly Member[];
  /** Those among the needs that take it away with them. */
  carriers: readonly Member[];
  /** Extensions that take it away because a script says so. */
  extensions: readonly Member[];
}

/** What stands at one address. */
interface Node {
  readonly catalog: string;
  /** The relation whose column it is; null for a relation. */
  readonly whole: Node | null;
  /** The object that a reader found there; null when there is none. */
  member: Member | null;
  /** The object that the address belongs to; undefined until it is asked for. */
  owner: Member | null | undefined;
  /** Edges to what this is a part of. */
  parts: readonly Edge[];
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
 * Builds the resolver over what the readers found and what `pg_depend` says. What a partition has as the copy of something of
 * its parent (a foreign key, a trigger) is no object; its edges must not count as those of the original.
 */
export function resolver(found: readonly Found[], dependencies: Dependencies): Resolver {
  const nodes = new Nodes();
  const members = membersOf(found);
  for (const { object, address, aliases } of found) {
    const member = members.get(object.id) ?? null;
    nodes.at(address).member = member;
    for (const alias of aliases ?? []) nodes.at(alias).member = member;
  }
  const edges = edgesIn(dependencies, nodes);
  edges.forEach((edge) => {
    const { from } = edge;
    if (OWNING.includes(edge.type)) from.parts = [...from.parts, edge];
    if (isCopy(edge)) from.copy = true;
  });
  edges.forEach((edge) => {
    if (edge.from.member !== null || !edge.from.copy) addNeed(edge);
  });
  const objects = found.map(({ object }) => withNeeds(object, members.get(object.id)));
  return {
    idOf: (address) => ownerOf(nodes.at(address))?.object.id ?? null,
    knows: (catalog, oid) => ownerOf(nodes.numbered(catalog, oid, 0)) !== null,
    objects: () => objects,
  };
}

/** The objects by id, with the needs that the readers told. */
function membersOf(found: readonly Found[]): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const { object } of found) {
    members.set(object.id, {
      object,
      parent: null,
      needs: NONE,
      carriers: NONE,
      extensions: NONE,
    });
  }
  const link = (member: Member, id: string | null, carries: boolean) => {
    const need = id === null ? undefined : members.get(id);
    if (need === undefined || need === member) return;
    member.needs = having(member.needs, need);
    if (carries) member.carriers = having(member.carriers, need);
  };
  for (const { object, dependsOn, droppedWith } of found) {
    const member = members.get(object.id);
    if (member === undefined) continue;
    member.parent = object.parent === null ? null : members.get(object.parent) ?? null;
    link(member, object.parent, true);
    dependsOn?.forEach((need) => link(member, need, false));
    droppedWith?.forEach((need) => link(member, need, true));
  }
  return members;
}

function addNeed({ from, to, type }: Edge): void {
  const member = ownerOf(from);
  const need = ownerOf(to);
  if (member === null || need === null || isWithin(need, member)) return;
  member.needs = having(member.needs, need);
  const silent = type !== "n" && from.member === member && from.catalog !== "pg_attrdef";
  if (silent) member.carriers = having(member.carriers, need);
  if (type === "x") member.extensions = having(member.extensions, need);
}

function withNeeds(object: Found["object"], member: Member | undefined): SchemaObject {
  const { needs = NONE, carriers = NONE, extensions = NONE } = member ?? {};
  return {
    ...object,
    ...extensions.length === 0 ? {} : {
      facts: {
        ...object.facts,
        depends_on_extensions: extensions.map(({ object }) => object.name).sort(),
      },
    },
    parent: member?.parent?.object.id ?? null,
    dependsOn: idsOf(needs),
    droppedWith: idsOf(carriers.filter((carrier) => carrier.object.id !== object.parent)),
  };
}

function idsOf(members: readonly Member[]): readonly string[] {
  if (members.length === 0) return NONE;
  const ids = members.map(({ object }) => object.id);
  return ids.length === 1 ? ids : ids.sort();
}

/** The list with this member in it. Most have one or two, for which a copy takes less memory than a list that can grow. */
function having(list: readonly Member[], member: Member): readonly Member[] {
  if (list.length === 0) return [member];
  return list.includes(member) ? list : [...list, member];
}

const NONE: readonly never[] = [];

/** True for the outer one itself, its parts and theirs. */
function isWithin(inner: Member, outer: Member): boolean {
  for (let at: Member | null = inner; at !== null; at = at.parent) if (at === outer) return true;
  return false;
}

function ownerOf(node: Node): Member | null {
  if (node.owner === undefined) node.owner = node.member ?? walk(node, new Set());
  return node.owner;
}

function walk(node: Node, seen: Set<Node>): Member | null {
  if (node.member !== null) return node.member;
  if (seen.has(node)) return null;
  seen.add(node);
  const whole = node.whole === null ? null : walk(node.whole, seen);
  if (whole !== null) return whole;
  const nearest = node.parts.toSorted((a, b) => OWNING.indexOf(a.type) - OWNING.indexOf(b.type));
  for (const edge of nearest) {
    const member = walk(edge.to, seen);
    if (member !== null) return member;
  }
  return null;
}

/** True for the edge from a copy to its original; on the referenced side a foreign key's copies are internal to it. */
function isCopy({ from, to, type }: Edge): boolean {
  return type === "P" ||
    (type === "i" && from.catalog === "pg_constraint" && to.catalog === "pg_constraint");
}

function edgesIn({ edges, catalogs }: Dependencies, nodes: Nodes): readonly Edge[] {
  const numbers: readonly number[] = edges === null ? [] : JSON.parse(edges);
  const number = (at: number) => numbers[at] ?? 0;
  const node = (at: number) =>
    nodes.numbered(catalogs[number(at)] ?? "", number(at + 1), number(at + 2));
  const list: Edge[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    list.push({ from: node(at), to: node(at + 3), type: String.fromCharCode(number(at + 6)) });
  }
  return list;
}

/** How many numbers stand for an edge. */
const NUMBERS = 7;

/** All nodes, by catalog and then by oid and column number. */
class Nodes {
  readonly #catalogs = new Map<string, Map<number | string, Node>>();

  /** The node at an address, `catalog/oid/number`. Some have a name or a word for one of the numbers. */
  at(address: string): Node {
    const first = address.indexOf("/");
    const second = address.indexOf("/", first + 1);
    const catalog = address.slice(0, first);
    const oid = Number(address.slice(first + 1, second));
    const number = Number(address.slice(second + 1));
    return Number.isNaN(oid) || Number.isNaN(number)
      ? this.#known(catalog, address) ?? this.#add(catalog, address, null)
      : this.numbered(catalog, oid, number);
  }

  numbered(catalog: string, oid: number, number: number): Node {
    const key = oid * COLUMNS + number;
    const known = this.#known(catalog, key);
    if (known !== undefined) return known;
    return this.#add(catalog, key, number === 0 ? null : this.numbered(catalog, oid, 0));
  }

  #known(catalog: string, key: number | string): Node | undefined {
    return this.#catalogs.get(catalog)?.get(key);
  }

  #add(catalog: string, key: number | string, whole: Node | null): Node {
    const node = { catalog, whole, member: null, owner: undefined, parts: NONE, copy: false };
    const nodes = this.#catalogs.get(catalog);
    if (nodes === undefined) this.#catalogs.set(catalog, new Map([[key, node]]));
    else nodes.set(key, node);
    return node;
  }
}

/** More than a relation can have. */
const COLUMNS = 2048;
