/** Functions as the tree names them, and what several dialects say of them. */

import { call, type Expression } from "./tree.ts";

/** Functions that mean the same in all dialects and have the same name. */
export const COMMON_FUNCTIONS: readonly string[] = [
  "coalesce",
  "nullif",
  "abs",
  "round",
  "lower",
  "upper",
  "trim",
  "ltrim",
  "rtrim",
  "replace",
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "row_number",
  "rank",
  "dense_rank",
  "percent_rank",
  "cume_dist",
  "ntile",
  "lag",
  "lead",
  "first_value",
  "last_value",
  "nth_value",
];

/** Names that stand for themselves. */
export function named(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** Arguments joined as texts; NULL where one is NULL. */
export function joined(args: readonly Expression[]): Expression {
  const [first = { node: "string", value: "" } as const, ...others] = args;
  return others.reduce<Expression>(
    (left, right) => ({ node: "binary", op: "||", left, right }),
    first,
  );
}

/** Arguments joined as texts, NULL as an empty one. */
export function joinedLoosely(args: readonly Expression[]): Expression {
  return joined(
    args.map((arg) =>
      arg.node === "string" ? arg : call("coalesce", arg, { node: "string", value: "" })
    ),
  );
}

/** `count(*)`, also of a constant. */
export function counted(args: readonly Expression[]): Expression {
  const [only] = args;
  return only?.node === "number"
    ? call("count", { node: "star", path: [] })
    : call("count", ...args);
}

/** A condition and two values. */
export function chosen(args: readonly Expression[]): Expression {
  const [when, then, otherwise] = args;
  if (when === undefined || then === undefined) throw new Error("if() has two arguments or more");
  return { node: "case", of: null, branches: [{ when, then }], otherwise: otherwise ?? null };
}
