/** What a SQLite scratch database must be. */

import { UsageError } from "../../core/error.ts";
import type { Target } from "../../runtimes/runtime.ts";
import { split } from "./split.ts";
import { fold, isMark, isWord, tokenize } from "./tokens.ts";

/**
 * The target for a version as in `sqlite-3.35` and for scripts: the modules that they create tables of.
 * @throws {UsageError} for a version that SQLite does not have.
 */
export function target(
  version: string | null,
  scripts: readonly string[],
  anyVersion: boolean,
): Target {
  if (version !== null && !/^3(?:\.\d+){0,2}$/.test(version)) {
    throw new UsageError(`Cannot use SQLite version "${version}"`, {
      code: "engine",
      hint: "Write the version that is deployed as 3.35 or 3.45.1: sqlite-3.45.1",
    });
  }
  const needs = new Set(scripts.flatMap(modulesIn));
  return { dialect: "sqlite", version, needs: [...needs].sort(), anyVersion };
}

/** Modules named by CREATE VIRTUAL TABLE. */
function modulesIn(script: string): readonly string[] {
  if (!/virtual/i.test(script)) return [];
  return statementsOf(script).flatMap((sql) => {
    const tokens = tokenize(sql);
    if (!["create", "virtual", "table"].every((word, at) => isWord(tokens[at], word))) return [];
    const using = tokens.findIndex((token, at) => at > 3 && isWord(token, "using"));
    const module = using < 0 ? undefined : tokens[using + 1];
    return module === undefined || isMark(module, ";") ? [] : [fold(module.value)];
  });
}

/** A script that cannot be cut is refused later, with its place. */
function statementsOf(script: string): readonly string[] {
  try {
    return split(script).map((statement) => statement.sql);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}
