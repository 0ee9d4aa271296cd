/** GRANT and REVOKE: the fewest statements from the privileges that an object has to those that it is to have. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import type { CommonFacts, Grant } from "../../catalog/common.ts";
import { splitName } from "../../names.ts";
import type { ObjectOf, PostgresContext, PostgresSnapshot, With } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { ownerName } from "./owner.ts";
import { serverMajor } from "./relation.ts";
import { planned } from "./statement.ts";
import type { Reason } from "../../../../core/reason.ts";
import { subjectOf } from "../../../common/statement.ts";

/** What privileges are granted on. */
export interface GrantTarget {
  /** The object as GRANT names it: `TABLE users`, `FUNCTION f(integer)`, `TYPE mood`. */
  readonly on: string;
  /** The column, for privileges on one. */
  readonly column?: string;
  /** The owner as SQL, where it is not the object's own fact (a column's is its table's). */
  readonly owner?: string;
}

/**
 * Statements that turn the `grants` and `revokes` of `before` into those of `after`.
 * A new object (`before` null) starts from what ALTER DEFAULT PRIVILEGES gives it, so that it may need REVOKEs.
 */
export function grantStatements(
  before: With<CommonFacts> | null,
  after: With<CommonFacts>,
  target: GrantTarget,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const owner = target.owner ?? ownerName(after);
  const wanted = privilegesOf(after);
  const starts = before !== null
    ? [privilegesOf(before)]
    : target.column !== undefined
    ? [NONE]
    : [context.from, context.to].map((snapshot) =>
      defaultsFor(snapshot, after, { on: target.on, context })
    );
  const steps = new Map<string, Step>();
  for (const start of starts.map((privileges) => handedOver(privileges, after.facts.owner))) {
    for (const step of difference(start, wanted)) steps.set(JSON.stringify(step), step);
  }
  return grouped([...steps.values()]).flatMap((group) =>
    groupStatements(after, group, { target, owner, version: serverMajor(context) })
  );
}

/** The GRANTs and REVOKEs between two lists of privileges, with `clause` in the place of `ON ...`. */
export function privilegeClauses(
  before: With<CommonFacts> | null,
  after: With<CommonFacts>,
  options: { readonly on: string; readonly owner: string; readonly version: number },
): readonly string[] {
  const start = before === null ? NONE : privilegesOf(before);
  return grouped(difference(start, privilegesOf(after))).map((group) =>
    clause(group, { target: { on: options.on }, ...options })
  );
}

interface Privileges {
  /** Privileges beyond the built-in ones, by key; the value tells whether they can be passed on. */
  readonly added: ReadonlyMap<string, boolean>;
  /** Built-in privileges that are missing. */
  readonly removed: ReadonlySet<string>;
}

interface Step {
  readonly verb: "GRANT" | "REVOKE";
  readonly to: string;
  readonly by: string;
  readonly option: boolean;
  readonly privilege: string;
}

interface Group extends Omit<Step, "privilege"> {
  readonly privileges: readonly string[];
}

interface Writing {
  readonly target: GrantTarget;
  readonly owner: string;
  readonly version: number;
}

const NONE: Privileges = { added: new Map(), removed: new Set() };

function privilegesOf(object: With<CommonFacts>): Privileges {
  const added = new Map<string, boolean>();
  const removed = new Set<string>();
  for (const item of object.facts.grants ?? []) {
    for (const privilege of item.privileges ?? []) added.set(key(item, privilege), false);
    for (const privilege of item.grantable ?? []) added.set(key(item, privilege), true);
  }
  for (const item of object.facts.revokes ?? []) {
    for (const privilege of item.privileges ?? []) removed.add(key(item, privilege));
  }
  return { added, removed };
}

/** What is left of privileges once `owner` has become the owner: its own are then the owner's. */
function handedOver(privileges: Privileges, owner: string | undefined): Privileges {
  if (owner === undefined) return privileges;
  const added = new Map<string, boolean>();
  const removed = new Set(privileges.removed);
  for (const [name, option] of privileges.added) {
    const [role = "", by = "", privilege = ""] = JSON.parse(name) as string[];
    if (role === owner) removed.delete(JSON.stringify(["@owner", "", privilege]));
    else added.set(JSON.stringify([role, by === owner ? "" : by, privilege]), option);
  }
  return { added, removed };
}

/**
 * What a new object gets: the global entry stands for the built-in privileges, that of its schema adds to it. Entries that are
 * themselves new come after all objects and give them nothing.
 */
function defaultsFor(
  snapshot: PostgresSnapshot,
  object: Pick<SchemaObject, "name">,
  { on, context }: { readonly on: string; readonly context: PostgresContext },
): Privileges {
  const objects = DEFAULT_CLASSES[on.split(" ")[0] ?? ""];
  if (objects === undefined) return NONE;
  const [schema] = splitName(object.name);
  const added = new Map<string, boolean>();
  const removed = new Set<string>();
  for (const entry of defaultEntries(snapshot)) {
    if (entry.facts.objects !== objects) continue;
    if (entry.facts.role !== undefined || !context.from.objects.has(entry.id)) continue;
    const inSchema = entry.facts.schema;
    if (inSchema !== undefined && (objects === "schemas" || inSchema !== schema)) continue;
    const privileges = privilegesOf(entry);
    for (const [privilege, option] of privileges.added) {
      added.set(privilege, option || added.get(privilege) === true);
    }
    for (const privilege of privileges.removed) removed.add(privilege);
  }
  for (const privilege of added.keys()) removed.delete(privilege);
  return { added, removed };
}

const entriesOf = new WeakMap<PostgresSnapshot, readonly ObjectOf<"default privileges">[]>();

function defaultEntries(snapshot: PostgresSnapshot): readonly ObjectOf<"default privileges">[] {
  const known = entriesOf.get(snapshot) ??
    [...snapshot.objects.values()].filter((object) => object.kind === "default privileges");
  entriesOf.set(snapshot, known);
  return known;
}

const DEFAULT_CLASSES: Readonly<Record<string, string>> = {
  TABLE: "tables",
  SEQUENCE: "sequences",
  FUNCTION: "functions",
  PROCEDURE: "functions",
  ROUTINE: "functions",
  TYPE: "types",
  DOMAIN: "types",
  SCHEMA: "schemas",
};

function difference(from: Privileges, to: Privileges): Step[] {
  const steps: Step[] = [];
  const add = (verb: Step["verb"], name: string, option = false) => {
    const [role = "", by = "", privilege = ""] = JSON.parse(name) as string[];
    steps.push({ verb, to: role, by, option, privilege });
  };
  for (const [name, option] of from.added) {
    const wanted = to.added.get(name);
    const builtIn = name.startsWith('["@owner"') && !to.removed.has(name);
    if (wanted === undefined && !(builtIn && !option)) add("REVOKE", name, builtIn);
    else if (option && wanted === false) add("REVOKE", name, true);
  }
  for (const name of to.removed) {
    if (!from.removed.has(name) && !from.added.has(name)) add("REVOKE", name);
  }
  for (const [name, option] of to.added) {
    const had = from.added.get(name);
    if (had === undefined || (option && !had)) add("GRANT", name, option);
  }
  for (const name of from.removed) {
    if (!to.removed.has(name) && !to.added.has(name)) add("GRANT", name);
  }
  return steps;
}

/** One group for each statement: revokes first (of what others passed on before what they hold), then grants by the owner, then by others. */
function grouped(steps: readonly Step[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { privilege, ...rest } of steps) {
    const name = JSON.stringify(rest);
    const group = groups.get(name);
    groups.set(name, { ...rest, privileges: [...group?.privileges ?? [], privilege] });
  }
  const place = (group: Group) =>
    group.verb === "REVOKE" ? (group.by === "" ? 1 : 0) : (group.by === "" ? 2 : 3);
  return [...groups.values()].sort((a, b) => place(a) - place(b));
}

function groupStatements(
  object: Pick<SchemaObject, "id" | "kind" | "name">,
  group: Group,
  writing: Writing,
) {
  const reason: Reason = {
    action: group.verb === "GRANT" ? "grant" : "revoke",
    object: subjectOf(object),
    to: group.to === "@owner" ? "the owner" : group.to,
    ...group.by === "" ? {} : { by: group.by },
  };
  const sql = planned(object, clause(group, writing), reason);
  if (group.by === "") return [sql];
  return [
    planned(object, `SET ROLE ${ident(group.by)}`, reason),
    sql,
    planned(object, "RESET ROLE", reason),
  ];
}

function clause(group: Group, { target, owner, version }: Writing): string {
  const role = group.to === "@owner" ? owner : group.to === "public" ? "PUBLIC" : ident(group.to);
  const what = privilegeList(group.privileges, target, version);
  return group.verb === "GRANT"
    ? `GRANT ${what} ON ${target.on} TO ${role}${group.option ? " WITH GRANT OPTION" : ""}`
    : `REVOKE ${group.option ? "GRANT OPTION FOR " : ""}${what} ON ${target.on} FROM ${role}`;
}

function privilegeList(privileges: readonly string[], target: GrantTarget, version: number) {
  const { column } = target;
  if (column !== undefined) {
    return privileges.map((name) => `${name} (${ident(column)})`).join(", ");
  }
  const all = ALL[target.on.split(" ")[0] ?? ""] ?? [];
  const held = all.filter((name) => name !== "MAINTAIN" || version >= 17);
  return held.length > 1 && held.every((name) => privileges.includes(name))
    ? "ALL"
    : privileges.join(", ");
}

const TABLE = "SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER MAINTAIN".split(" ");
const SEQUENCE = ["SELECT", "UPDATE", "USAGE"];
const SCHEMA = ["CREATE", "USAGE"];
const LARGE_OBJECT = ["SELECT", "UPDATE"];

/** The privileges that ALL stands for. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  TABLE,
  TABLES: TABLE,
  SEQUENCE,
  SEQUENCES: SEQUENCE,
  SCHEMA,
  SCHEMAS: SCHEMA,
  LARGE: LARGE_OBJECT,
};

function key(item: Grant, privilege: string): string {
  return JSON.stringify([item.to, item.by ?? "", privilege]);
}
