/** Operators and how tightly they bind. */

import type { Operator } from "./reading.ts";

/** How tightly operators bind. */
export const BINDS = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  other: 6,
  shift: 7,
  add: 8,
  times: 9,
  unary: 11,
};

/** Operators that every dialect has. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  "OR": { binds: BINDS.or, as: { binary: "or" } },
  "AND": { binds: BINDS.and, as: { binary: "and" } },
  "=": { binds: BINDS.compare, as: { binary: "=" } },
  "<>": { binds: BINDS.compare, as: { binary: "<>" } },
  "!=": { binds: BINDS.compare, as: { binary: "<>" } },
  "<": { binds: BINDS.compare + 1, as: { binary: "<" } },
  "<=": { binds: BINDS.compare + 1, as: { binary: "<=" } },
  ">": { binds: BINDS.compare + 1, as: { binary: ">" } },
  ">=": { binds: BINDS.compare + 1, as: { binary: ">=" } },
  "+": { binds: BINDS.add, as: { binary: "+" } },
  "-": { binds: BINDS.add, as: { binary: "-" } },
  "*": { binds: BINDS.times, as: { binary: "*" } },
  "/": { binds: BINDS.times, as: { binary: "/" } },
  "%": { binds: BINDS.times, as: { binary: "%" } },
  "&": { binds: BINDS.shift, as: { binary: "&" } },
  "|": { binds: BINDS.shift, as: { binary: "|" } },
  "<<": { binds: BINDS.shift, as: { binary: "<<" } },
  ">>": { binds: BINDS.shift, as: { binary: ">>" } },
  "LIKE": { binds: BINDS.compare, as: { match: "like", not: false } },
};
