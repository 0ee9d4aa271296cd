/** Trees as the types of another dialect want them. */

import type { LogicalType, NeutralTable } from "./neutral.ts";
import { type Expression, mapTree } from "./tree.ts";

/** The kinds of all columns of a name. */
export type ColumnKinds = ReadonlyMap<string, ReadonlySet<string>>;

/** Kinds of the types of columns, by their names. */
export function columnKinds(tables: readonly NeutralTable[]): ColumnKinds {
  const kinds = new Map<string, Set<string>>();
  for (const { columns } of tables) {
    for (const { name, type } of columns) {
      const known = kinds.get(name) ?? new Set();
      kinds.set(name, known.add(type.kind));
    }
  }
  return kinds;
}

/** The tree with truth for 0 and 1 where a column is one of truth, and without casts to what a column is already. */
export function fitTree<T>(tree: T, kinds: ColumnKinds): T {
  return mapTree(tree, (one) => {
    if (one.node === "cast" && isAlready(one.of, one.type, kinds)) return one.of;
    if (one.node === "binary" && COMPARED.has(one.op)) {
      const { left, right } = one;
      if (isTruth(left, kinds)) return { ...one, right: truthOf(right) };
      if (isTruth(right, kinds)) return { ...one, left: truthOf(left) };
    }
    if (one.node === "in" && Array.isArray(one.list) && isTruth(one.of, kinds)) {
      return { ...one, list: one.list.map(truthOf) };
    }
    if (
      one.node === "call" && one.name === "coalesce" && one.args.some((arg) => isTruth(arg, kinds))
    ) {
      return { ...one, args: one.args.map(truthOf) };
    }
    return one;
  });
}

const COMPARED = new Set(["=", "<>", "same", "differs"]);

function isTruth(tree: Expression, kinds: ColumnKinds): boolean {
  if (tree.node !== "column") {
    return tree.node === "call" && tree.name === "coalesce" &&
      tree.args.some((arg) => arg.node === "bool");
  }
  return only(tree.path.at(-1) ?? "", kinds, ["bool"]);
}

function only(name: string, kinds: ColumnKinds, wanted: readonly string[]): boolean {
  const known = kinds.get(name);
  return known !== undefined && [...known].every((kind) => wanted.includes(kind));
}

function isAlready(of: Expression, type: LogicalType, kinds: ColumnKinds): boolean {
  if (of.node !== "column") {
    return type.kind === "text" && of.node === "call" && TEXTUAL.has(of.name);
  }
  const name = of.path.at(-1) ?? "";
  if (type.kind === "text") return only(name, kinds, ["text", "enum"]);
  if (type.kind === "bool" || type.kind === "int") return only(name, kinds, [type.kind]);
  return type.kind === "decimal" && only(name, kinds, ["decimal", "int"]);
}

const TEXTUAL = new Set([
  "lower",
  "upper",
  "trim",
  "substring",
  "left",
  "right",
  "replace",
  "lpad",
  "rpad",
]);

function truthOf(tree: Expression): Expression {
  if (tree.node !== "number" || !/^[01]$/.test(tree.text)) return tree;
  return { node: "bool", value: tree.text === "1" };
}

/** A default as a value of the type. */
export function fitValue(value: Expression, type: LogicalType, kinds: ColumnKinds): Expression {
  const tree = fitTree(value, kinds);
  if (type.kind === "bool") return truthOf(tree);
  if (tree.node === "bool" && ["int", "decimal", "bits"].includes(type.kind)) {
    return { node: "number", text: tree.value ? "1" : "0" };
  }
  if (tree.node === "number" && (type.kind === "text" || type.kind === "enum")) {
    return { node: "string", value: tree.text };
  }
  if (tree.node === "cast" && JSON.stringify(tree.type) === JSON.stringify(type)) return tree.of;
  return tree;
}
