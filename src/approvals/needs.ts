/** Which approvals a migration needs: a pure function of the policy and of what is known of it. */

import type { Finding } from "../core/finding.ts";
import type { Operation } from "../core/operation.ts";
import { wildcard } from "../text/wildcard.ts";
import { type ApprovalRule, ownerOf, peopleOf, type Policy } from "./policy.ts";

/** What is known of a migration. */
export interface Examined {
  readonly findings: readonly Pick<Finding, "code" | "severity">[];
  readonly operations: readonly Operation[];
}

/** When and where it is to run. */
export interface Circumstances {
  readonly environment: string | null;
  readonly now: Date;
}

/** Approvals that are needed. */
export interface Need {
  /** The group, owner or person that the policy names. */
  readonly by: string;
  /** Addresses, any `count` of which do. */
  readonly people: readonly string[];
  readonly count: number;
  /** Why: `destroys`, `table-rewrite`. */
  readonly because: string;
}

/** All needs, each group once with the greatest count. */
export function needsOf(
  policy: Policy,
  examined: Examined,
  circumstances: Circumstances,
): readonly Need[] {
  const tables = tablesOf(examined.operations);
  const needs = new Map<string, Need>();
  for (const rule of policy.approvals) {
    if (!holds(rule, circumstances)) continue;
    const touched = touchedBy(policy, rule, tables);
    if (touched === null) continue;
    const because = rule.when.find((one) => isSo(one, examined));
    if (because === undefined) continue;
    for (const by of askedBy(policy, rule, touched)) {
      const known = needs.get(by);
      if (known !== undefined && known.count >= rule.count) continue;
      needs.set(by, { by, people: peopleOf(policy, by), count: rule.count, because });
    }
  }
  return [...needs.values()];
}

function holds(
  { environments, hours }: ApprovalRule,
  { environment, now }: Circumstances,
): boolean {
  // Where nobody says which environment is meant, it may be any.
  if (environments.length > 0 && environment !== null && !environments.includes(environment)) {
    return false;
  }
  if (hours === null) return true;
  const [from, to] = hours;
  const hour = now.getUTCHours();
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** The tables of a migration that a rule is about; null where it is about none of them. */
function touchedBy(
  policy: Policy,
  { tables: patterns, owner }: ApprovalRule,
  tables: readonly string[],
): readonly string[] | null {
  const fits = patterns.map(wildcard);
  const touched = tables.filter((table) =>
    (fits.length === 0 || fits.some((fit) => fit(table) || fit(lastPart(table)))) &&
    (owner === null || ownerOf(policy, table) === owner)
  );
  return touched.length === 0 && (fits.length > 0 || owner !== null) ? null : touched;
}

/** Whose approvals a rule asks for: itself named, or the owners of the tables. */
function askedBy(
  policy: Policy,
  { by }: ApprovalRule,
  touched: readonly string[],
): readonly string[] {
  if (by !== "owner") return [by];
  return [
    ...new Set(touched.flatMap((table) => {
      const owner = ownerOf(policy, table);
      return owner === null ? [] : [owner];
    })),
  ];
}

const ORDER: readonly string[] = ["info", "warning", "error"];

function isSo(when: string, { findings, operations }: Examined): boolean {
  if (when === "any") return true;
  if (when === "destroys") {
    return operations.some(isDestroying) || findings.some(({ code }) => LOSSY.has(code));
  }
  const rank = ORDER.indexOf(when);
  if (rank >= 0) return findings.some(({ severity }) => ORDER.indexOf(severity) >= rank);
  return findings.some(({ code }) => code === when);
}

const LOSSY: ReadonlySet<string> = new Set(["lossy-type-change", "rows-lost"]);

function isDestroying({ action, kind }: Operation): boolean {
  return action === "drop-column" || action === "truncate" || action === "delete" ||
    action === "drop" && ["table", "schema", "database", "materialized view"].includes(kind) ||
    action === "run-code";
}

/** The tables that a migration touches, as it names them. */
function tablesOf(operations: readonly Operation[]): readonly string[] {
  return [...new Set(operations.flatMap(({ on }) => on === "" ? [] : [on]))];
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
