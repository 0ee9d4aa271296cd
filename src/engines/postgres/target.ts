/** What a scratch Postgres must be for the scripts of a project. */

import { UsageError } from "../../core/error.ts";
import type { Target } from "../../runtimes/runtime.ts";
import { withoutComments } from "../../sql/ranges.ts";
import { KNOWN_EXTENSIONS } from "./known_extensions.ts";
import { lexicon } from "./lexicon.ts";
import { split } from "./split.ts";
import { standInFor, type WantedExtension } from "./stand_in.ts";

/**
 * Reads the version of an engine specifier (`16`, `16.4`, an image tag such as `16-alpine`; null for the bare name) and the
 * extensions that the scripts create.
 *
 * @throws {UsageError} for a version that no Postgres has or that is older than 10.
 */
export function target(
  version: string | null,
  scripts: readonly string[],
  anyVersion: boolean,
): Target {
  const needs = [...new Set(scripts.flatMap(extensions))].sort();
  return {
    dialect: "postgres",
    version: version === null ? null : checkedVersion(version),
    needs,
    subscriptions: scripts.some(makesSubscriptions),
    anyVersion,
    standIns: () => needs.flatMap((name) => standInFor(wanted(name, scripts)) ?? []),
  };
}

/** What the scripts say of an extension besides that it is created. */
function wanted(name: string, scripts: readonly string[]): WantedExtension {
  const quoted = `(?:"${escape(name)}"|${escape(name)}(?![\\w$]))`;
  const versioned = new RegExp(
    `EXTENSION\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${quoted}[^;]*?\\b(?:VERSION|UPDATE\\s+TO)\\s+(?:'([^']+)'|"([^"]+)"|([\\w.]+))`,
    "gi",
  );
  const comments = new RegExp(
    `COMMENT\\s+ON\\s+EXTENSION\\s+${quoted}\\s+IS\\s+'((?:[^']|'')*)'`,
    "i",
  );
  const about = scripts.filter((script) => script.toLowerCase().includes(name.toLowerCase()));
  const versions = about.flatMap((script) =>
    [...withoutComments(script, lexicon).matchAll(versioned)]
      .map(([, text, named, bare]) => text ?? named ?? bare ?? "")
  );
  const comment = about.map((script) => comments.exec(script)?.[1]).find((text) =>
    text !== undefined
  );
  return {
    name,
    versions: [...new Set(versions)],
    comment: comment?.replaceAll("''", "'") ?? null,
  };
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, "\\$&");
}

const OLDEST = 10;

function checkedVersion(version: string): string {
  const number = /^(\d{1,2}(?:\.\d{1,3})?)(?:-[a-z0-9.]+)?$/.exec(version)?.[1];
  if (number === undefined || Number.parseInt(number) < OLDEST) {
    throw new UsageError(`Cannot use Postgres version "${version}"`, {
      code: "engine-version",
      hint: `write a major version from ${OLDEST} on, such as postgres-17 or postgres-16.4`,
    });
  }
  return number;
}

function makesSubscriptions(script: string): boolean {
  return /subscription/i.test(script) &&
    statements(script).some((sql) => CREATE_SUBSCRIPTION.test(sql));
}

function extensions(script: string): string[] {
  if (!/extension/i.test(script)) return [];
  const names = statements(script).flatMap((sql) =>
    /^DO\b/i.test(sql) ? conditional(sql) : created(sql)
  );
  return names.flatMap((name) => [name, ...companions(name)]).filter((name) => name !== "plpgsql");
}

/** Extensions that `CASCADE` brings along. */
function companions(name: string): readonly string[] {
  const { requires = COMPANIONS[name] ?? [] } = KNOWN_EXTENSIONS[name] ?? {};
  return requires.flatMap((other) => [other, ...companions(other)]);
}

/** The statements without their comments. A script that cannot be cut is reported with its place when it is loaded. */
function statements(script: string): readonly string[] {
  try {
    return split(script).map(({ sql }) => withoutComments(sql, lexicon));
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

const CREATE_EXTENSION =
  /CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"((?:[^"]|"")+)"|([\w$\u0080-\uffff]+))/gi;
const CREATE_SUBSCRIPTION = /^CREATE\s+SUBSCRIPTION\b/i;

function created(sql: string): string[] {
  const match = [...sql.matchAll(CREATE_EXTENSION)].find(({ index }) => index === 0);
  return match === undefined ? [] : [extensionName(match)];
}

/**
 * A block usually asks first whether the extension can be had, or goes on without it: then only those are counted that every
 * installation brings.
 */
function conditional(block: string): string[] {
  const body = withoutComments(block.replaceAll(/\$[\w\u0080-\uffff]*\$/g, " "), lexicon);
  const asks = /pg_available_extension|\bEXCEPTION\b/i.test(body);
  return [...body.matchAll(CREATE_EXTENSION)].map(extensionName).filter((name) =>
    !asks || CONTRIB.has(name)
  );
}

function extensionName(match: RegExpExecArray): string {
  const name = match[1]?.replaceAll('""', '"') ?? (match[2] ?? "").toLowerCase();
  return name === "pgvector" ? "vector" : name;
}

const COMPANIONS: Readonly<Record<string, readonly string[] | undefined>> = {
  earthdistance: ["cube"],
};

/** The additional modules of the Postgres manual (appendix F) that are written in C or SQL alone. */
const CONTRIB: ReadonlySet<string> = new Set(
  `amcheck autoinc bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore
  insert_username intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_stat_statements pg_surgery
  pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple refint seg tablefunc tcn tsm_system_rows tsm_system_time
  unaccent uuid-ossp`.split(/\s+/),
);
