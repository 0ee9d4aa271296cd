/** SET (...) and RESET (...) of storage parameters. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { With } from "../../objects.ts";
import { planned } from "./statement.ts";
import { attributeSet } from "../../../common/statement.ts";

/** Facts that are lists of `key=value`. */
export interface StorageOptions {
  readonly options?: readonly string[];
  readonly toast_options?: readonly string[];
}

/** Statements between two lists of `key=value` under `fact`; `alter` is the statement up to SET, `prefix` stands before each key. */
export function optionStatements(
  before: With<StorageOptions> | null,
  after: With<StorageOptions>,
  fact: keyof StorageOptions,
  alter: string,
  prefix = "",
): readonly PlannedStatement[] {
  const was = before?.facts[fact] ?? [];
  const is = after.facts[fact] ?? [];
  const keys = new Set(is.map(keyOf));
  const set = is.filter((option) => !was.includes(option));
  const reset = was.map(keyOf).filter((key) => !keys.has(key));
  return [
    ...reset.length === 0 ? [] : [planned(
      after,
      `${alter} RESET (${reset.map((key) => prefix + key).join(", ")})`,
      attributeSet(after, "options"),
    )],
    ...set.length === 0 ? [] : [
      planned(after, `${alter} SET (${optionList(set, prefix)})`, attributeSet(after, "options")),
    ],
  ];
}

/** `fillfactor = 70, autovacuum_enabled = false` */
export function optionList(options: readonly string[], prefix = ""): string {
  return options.map((option) => {
    const value = option.slice(option.indexOf("=") + 1);
    const plain = /^(-?\d+(\.\d+)?|[a-z][a-z_]*)$/i.test(value);
    return `${prefix}${keyOf(option)} = ${plain ? value : `'${value.replaceAll("'", "''")}'`}`;
  }).join(", ");
}

function keyOf(option: string): string {
  return option.slice(0, option.indexOf("="));
}
