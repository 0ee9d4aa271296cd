/** Owner, comment and privileges: the facts that objects of nearly every kind have. */

/** Where an object's owner, comment and privileges stand, as SQL expressions over the reader's FROM clause. */
export interface CommonSource {
  /** Catalog of the object: `pg_class`. */
  readonly catalog: string;
  /** `c.oid` */
  readonly oid: string;
  /** Column number, for comments on columns. */
  readonly column?: string;
  /** `c.relowner`; absent for kinds without owners. Columns give their table's owner and set `inherited`. */
  readonly owner?: string;
  /** True when the owner is not the object's own fact (a column's is its table's). */
  readonly inherited?: boolean;
  /** `c.relacl`; absent for kinds without privileges. */
  readonly acl?: string;
  /** The kind of `acldefault` (`'r'`), an SQL expression; null when nothing is granted by default. */
  readonly defaults?: string | null;
}

/** The columns that `commonColumns` selects. */
export interface CommonRow {
  readonly owner: string | null;
  readonly comment: string | null;
  readonly acl: readonly AclEntry[] | null;
  readonly acl_default: readonly AclEntry[] | null;
}

/** One privilege of one role. `to` is `@owner` for the object's owner and `public` for everybody; `by` is null when the owner granted it. */
export interface AclEntry {
  readonly to: string;
  readonly by: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** The select list for `commonFacts`: `owner`, `comment`, `acl`, `acl_default`. */
export function commonColumns(source: CommonSource): string {
  const owner = source.owner ?? "NULL::oid";
  const ownerName = source.owner === undefined || source.inherited === true
    ? "NULL"
    : `CASE WHEN pg_get_userbyid(${owner}) <> current_user THEN pg_get_userbyid(${owner})::text END`;
  const comment = commentOn(source.catalog, source.oid, source.column);
  const acl = source.acl ?? "NULL::aclitem[]";
  const defaults = source.defaults === undefined || source.defaults === null
    ? "'{}'::aclitem[]"
    : `acldefault(${source.defaults}, ${owner})`;
  return `${ownerName} AS owner,
    ${comment} AS comment,
    CASE WHEN ${acl} IS NOT NULL THEN ${aclJson(acl, owner)} END AS acl,
    CASE WHEN ${acl} IS NOT NULL THEN ${aclJson(defaults, owner)} END AS acl_default`;
}

/** The comment on an object, or on a column of it, an SQL expression: cheaper than the server's functions for thousands of rows. */
export function commentOn(catalog: string, oid: string, column = "0"): string {
  return `(SELECT remark.description FROM pg_description remark
      WHERE remark.objoid = ${oid} AND remark.classoid = 'pg_catalog.${catalog}'::regclass
        AND remark.objsubid = ${column})`;
}

/** The facts that objects of nearly every kind have. Privileges are told by how they differ from the built-in ones. */
export interface CommonFacts {
  /** Absent for the connected user. */
  readonly owner?: string;
  readonly comment?: string;
  readonly grants?: readonly Grant[];
  readonly revokes?: readonly Grant[];
  /** Names of extensions with which the object is dropped. */
  readonly depends_on_extensions?: readonly string[];
}

/** Privileges of one role. `to` is `@owner` for the object's owner and `public` for everybody. */
export type Grant = {
  readonly to: string;
  /** Absent when the owner granted them. */
  readonly by?: string;
  readonly privileges?: readonly string[];
  /** Those that the role can pass on. */
  readonly grantable?: readonly string[];
};

/** Facts as plain data that can be compared and printed. */
export type Plain<F> = { readonly [K in keyof F]: F[K] };

/** What a reader says of every fact of a kind: null, undefined, false and an empty list stand for nothing. */
export type Said<F> = {
  readonly [K in Exclude<keyof F, "depends_on_extensions">]-?: F[K] | null | undefined | false;
};

/** Privileges as facts. */
export type Privileges = Pick<CommonFacts, "grants" | "revokes">;

/** What a reader says of the facts that `commonColumns` tells. */
export function commonFacts(row: CommonRow): Said<CommonFacts> {
  return {
    owner: row.owner,
    comment: row.comment,
    ...privilegeFacts(row.acl, row.acl_default),
  };
}

/** What is said of an object that has nothing of the kind but a comment. */
export function commentFacts(comment: string | null): Said<CommonFacts> {
  return { owner: null, comment, grants: null, revokes: null };
}

/** What is granted beyond `base` (`grants`) and what `base` has and is missing (`revokes`), grouped by role and sorted. */
export function privilegeFacts(
  acl: readonly AclEntry[] | null,
  base: readonly AclEntry[] | null,
): Said<Privileges> {
  if (acl === null) return { grants: null, revokes: null };
  const inBase = new Set((base ?? []).map((entry) => key(entry) + entry.grantable));
  const held = new Set(acl.map(key));
  return {
    grants: grouped(acl.filter((entry) => !inBase.has(key(entry) + entry.grantable))),
    revokes: grouped((base ?? []).filter((entry) => !held.has(key(entry)))),
  };
}

/** Facts without the keys of which nothing is said. */
export function compact<F>(facts: Said<F>): Plain<F> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    kept[name] = value;
  }
  return kept as Plain<F>;
}

/** An acl as a list of `AclEntry`, an SQL expression. */
export function aclJson(acl: string, owner: string): string {
  return `(SELECT coalesce(json_agg(json_build_object(
      'to', CASE WHEN item.grantee = ${owner} THEN '@owner' WHEN item.grantee = 0 THEN 'public' ELSE pg_get_userbyid(item.grantee) END,
      'by', CASE WHEN item.grantor <> ${owner} THEN pg_get_userbyid(item.grantor) END,
      'privilege', item.privilege_type,
      'grantable', item.is_grantable)), '[]'::json) FROM aclexplode(${acl}) item)`;
}

function key(entry: AclEntry): string {
  return JSON.stringify([entry.to, entry.by, entry.privilege]);
}

/** As statements list them. */
const ORDER = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

function grouped(entries: readonly AclEntry[]): readonly Grant[] {
  const groups = new Map<string, AclEntry[]>();
  for (const entry of entries) {
    const group = JSON.stringify([entry.to, entry.by ?? ""]);
    groups.set(group, [...groups.get(group) ?? [], entry]);
  }
  return [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([, group]) =>
    compact<Grant>({
      to: group[0]?.to,
      by: group[0]?.by,
      privileges: sorted(group.filter((entry) => !entry.grantable)),
      grantable: sorted(group.filter((entry) => entry.grantable)),
    })
  );
}

function sorted(entries: readonly AclEntry[]): string[] {
  const place = (name: string) => (ORDER.indexOf(name) + ORDER.length) % ORDER.length;
  return entries.map((entry) => entry.privilege).sort((a, b) =>
    place(a) - place(b) || (a < b ? -1 : 1)
  );
}
