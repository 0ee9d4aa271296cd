/** Code that a draft makes: functions, triggers, rules, and what calls functions by another name. */

import type { DraftTables } from "./draft_tables.ts";
import type { Allowance } from "./policy.ts";
import type { Tree } from "../../parsers/postgres.ts";
import { list, nameOf, record, walk } from "../../parsers/postgres_tree.ts";

/** What code is judged by. */
export interface CodeOptions {
  readonly allowance: Allowance;
  readonly tables: DraftTables;
  /** True for functions that reach out of the database. */
  readonly isReaching: (name: string) => boolean;
}

/** Why code is refused: it is not what the schema has in the end, it is not SQL, or it stands for a function that must not be called. */
export function codeRefusal(type: string, node: Tree, options: CodeOptions): string | null {
  switch (type) {
    case "CreateFunctionStmt":
      return functionRefusal(node, options);
    case "CreateTrigStmt":
      return options.tables.code("trigger", String(node.trigname ?? "")) ??
        standsFor(node.funcname, options);
    case "RuleStmt":
      return options.tables.code("rule", String(node.rulename ?? ""));
    case "CreateEventTrigStmt":
      return options.tables.code("event trigger", String(node.trigname ?? "")) ??
        standsFor(node.funcname, options);
    case "CreateExtensionStmt":
      return options.tables.code("extension", String(node.extname ?? ""));
    case "DefineStmt":
    case "CreateCastStmt":
    case "CreateConversionStmt":
    case "CreateOpClassStmt":
    case "AlterOpFamilyStmt":
    case "CreateRangeStmt":
    case "CreatePLangStmt":
    case "CreateTransformStmt":
    case "CreateFdwStmt":
    case "CreateAmStmt":
    case "AlterOperatorStmt":
      return standsFor(node, options);
    default:
      return null;
  }
}

/** Operators, aggregates, casts and their like call the functions that they name. */
function standsFor(node: unknown, { isReaching }: CodeOptions): string | null {
  let found: string | null = null;
  walk(node, (type, inner) => {
    const name = String(inner.sval ?? "");
    if (type === "String" && isReaching(name)) found ??= `it stands for ${name}`;
  });
  return found;
}

/** Languages whose functions are addresses of programs. */
const PROGRAMS = /^(?:c|internal)$/i;

function functionRefusal(node: Tree, { allowance, tables }: CodeOptions): string | null {
  const name = nameOf(node.funcname, true);
  let language = "";
  let body: string | null = null;
  for (const option of list(node.options)) {
    const { defname, arg } = record(record(option).DefElem);
    if (defname === "language") language = String(record(record(arg).String).sval ?? "");
    if (defname !== "as") continue;
    const parts = list(record(record(arg).List).items);
    body = String(record(record(parts[0]).String).sval ?? "");
    if (parts.length > 1) return "it loads programs";
  }
  if (PROGRAMS.test(language)) return `a function in ${language} is a program`;
  if (body === null || allowance.after === undefined) return null;
  if (!allowance.after.has(`body ${nameOf(node.funcname)} ${body}`)) {
    return `the body of function ${name} is not the one that it has in the end`;
  }
  const signature = JSON.stringify([node.parameters ?? [], name]);
  return tables.once(`function ${signature}`)
    ? null
    : `the function ${name} is made more than once`;
}
