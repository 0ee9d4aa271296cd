/** Two snapshots compared without the names that nobody gave: the wanted one under the names that the database at hand has. */

import type { Snapshot } from "../../core/snapshot.ts";
import type { NameOptions } from "../engine.ts";
import type { ColumnFacts } from "./catalog/column.ts";
import type { Plain } from "./catalog/common.ts";
import { generatedName, isGeneratedDomainNotNull, isGeneratedNotNull } from "./generated_name.ts";
import { matchObjects } from "./match_objects.ts";
import { joinName, lastName, splitName } from "./names.ts";
import { type Column, type ObjectOf, type PostgresObject, postgresSnapshot } from "./objects.ts";

/**
 * The wanted snapshot with those names that the server generated as the actual one has them: of not-null constraints always, of other
 * constraints, indexes and owned sequences unless they are to follow, and where no such name counts those that somebody gave as well. The same snapshot where nothing is to be done.
 */
export function matchNames(
  wantedSnapshot: Snapshot,
  actualSnapshot: Snapshot,
  options: NameOptions,
): Snapshot {
  const wanted = postgresSnapshot(wantedSnapshot);
  const actual = postgresSnapshot(actualSnapshot);
  const { deployedVersion } = options;
  const isNameless = deployedVersion !== null && parseInt(deployedVersion) < 18;
  const follows = options.generatedNames === "follow";
  const changed = new Map<string, PostgresObject>();
  for (const [id, object] of wanted.objects) {
    const other = actual.objects.get(id);
    const matched = object.kind === "column"
      ? matchColumn(object, other?.kind === "column" ? other : undefined, { isNameless, follows })
      : object.kind === "domain" && other?.kind === "domain"
      ? matchDomain(object, other, isNameless)
      : object;
    if (matched !== object) changed.set(id, matched);
  }
  const known = changed.size === 0 ? wanted : {
    ...wanted,
    objects: new Map([...wanted.objects].map(([id, object]) => [id, changed.get(id) ?? object])),
  };
  const isAnyName = options.constraintNames === "ignore";
  return follows && !isAnyName ? known : matchObjects(known, actual, isAnyName);
}

interface Rules {
  /** Before version 18 a not-null constraint has no name, and none of its own beside that of a parent. */
  readonly isNameless: boolean;
  readonly follows: boolean;
}

function matchColumn(
  column: Column,
  actual: Column | undefined,
  { isNameless, follows }: Rules,
): Column {
  const { not_null_name: name, not_null_local: local, identity, ...rest } = column.facts;
  const has = actual?.facts.not_null === true && column.facts.not_null === true
    ? actual.facts
    : undefined;
  const isSame = has !== undefined &&
    (isNameless || (isGeneratedNotNull(name) && isGeneratedNotNull(has.not_null_name)));
  const nextName = isSame ? has.not_null_name : isNameless ? undefined : name;
  const nextLocal = isNameless && has !== undefined ? has.not_null_local : local;
  const nextIdentity = follows ? identity : matchIdentity(column, actual);
  if (nextName === name && nextLocal === local && nextIdentity === identity) return column;
  const facts: Plain<ColumnFacts> = {
    ...rest,
    ...nextName === undefined ? {} : { not_null_name: nextName },
    ...nextLocal === undefined ? {} : { not_null_local: nextLocal },
    ...nextIdentity === undefined ? {} : { identity: nextIdentity },
  };
  return { ...column, facts };
}

/** The identity under the actual name of its sequence, where both names are such as the server gives. */
function matchIdentity(column: Column, actual: Column | undefined): ColumnFacts["identity"] {
  const [wanted, has] = [column.facts.identity, actual?.facts.identity];
  if (wanted === undefined || has === undefined || wanted.name === has.name) return wanted;
  if (!isUsualSequence(wanted.name, column) && !isUsualSequence(has.name, column)) return wanted;
  if (![wanted.name, has.name].every((name) => looksGenerated(name, column))) return wanted;
  const { name: _, ...rest } = wanted;
  return has.name === undefined ? rest : { ...rest, name: has.name };
}

function isUsualSequence(name: string | undefined, column: Column): boolean {
  if (name === undefined) return true;
  const [, table = "", part = ""] = splitName(column.name);
  const number = /\d*$/.exec(name)?.[0] ?? "";
  return lastName(name) === generatedName(table, part, `seq${number}`);
}

/** True for a sequence in the schema of its table with a name that ends as those do that the server gives. */
function looksGenerated(name: string | undefined, column: Column): boolean {
  if (name === undefined) return true;
  const [schema = ""] = splitName(column.name);
  return name === joinName(schema, lastName(name)) && /_seq\d*$/.test(name);
}

function matchDomain(
  domain: ObjectOf<"domain">,
  actual: ObjectOf<"domain">,
  isNameless: boolean,
): ObjectOf<"domain"> {
  const { not_null_name: name, ...rest } = domain.facts;
  const has = actual.facts.not_null_name;
  if (name === has || domain.facts.not_null !== true || actual.facts.not_null !== true) {
    return domain;
  }
  const isSame = isNameless || (isGeneratedDomainNotNull(name) && isGeneratedDomainNotNull(has));
  if (!isSame) return domain;
  return { ...domain, facts: has === undefined ? rest : { ...rest, not_null_name: has } };
}
