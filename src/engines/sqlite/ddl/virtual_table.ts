/** Virtual tables. */

import type { AlterChange } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import {
  created,
  dropped,
  recreated,
  rowReason,
  statement,
  type StatementFacts,
  subjectOf,
} from "../../common/statement.ts";
import { alterByFact } from "../../common/facts.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import type { VirtualTableFacts } from "../catalog/virtual_table_object.ts";
import { factsOf } from "../facts.ts";
import { quote, quoteList } from "../quote.ts";
import { fold, tokenize } from "../tokens.ts";
import { temporaryName } from "./temporary_name.ts";
import { renameTable } from "./renaming.ts";

/** A table of a module; its shadow tables are the module's own. */
export const virtualTable: ObjectKind = {
  kind: "virtual table",
  rank: 25,
  asksRename: true,
  reservedNames: (object) => [`relation ${fold(object.name)}`],
  create: (object, _members, context) => [
    statement(virtualTableText(object), object, created(object)),
    ...fromContent(object, context),
  ],
  drop: (object) => [
    statement(
      `DROP TABLE ${quote(object.name)}`,
      object,
      dropped(object),
      lossOfRows(object),
    ),
  ],
  alter: alterByFact<VirtualTableFacts>({ module: recreate, arguments: recreate }),
  rename: renameTable,
};

function recreate({ before, after }: AlterChange, context: PlanContext): Alteration {
  return {
    statements: recreation(before, after, context),
  };
}

function virtualTableText(object: SchemaObject): string {
  const { arguments: args, module } = factsOf(object, "virtual table");
  const list = args.length === 0 ? "" : `(${args.join(", ")})`;
  return `CREATE VIRTUAL TABLE ${quote(object.name)} USING ${quote(module)}${list}`;
}

/** Rows are copied where the module's columns are known on both sides; else the table is empty at first. */
function recreation(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const [old, wanted] = [columnsOf(before) ?? [], columnsOf(after) ?? []];
  const common = wanted.filter((column) => old.some((other) => fold(other) === fold(column)));
  const create = statement(virtualTableText(after), after, recreated("recreate", after, "alter"));
  if (common.length === 0 || !ownsRows(before) || !ownsRows(after)) {
    const reason = recreated("drop", after, "alter");
    return [
      statement(`DROP TABLE ${quote(before.name)}`, after, reason, lossOfRows(before)),
      create,
      ...fromContent(after, context),
    ];
  }
  const saved = quote(temporaryName("rows", before.name, context));
  const list = quoteList(isFullText(after) ? ["rowid", ...common] : common);
  const lost = old.filter((column) => !common.includes(column));
  // A renamed table of a module would have shadow tables that are written in another way than those of a new one.
  return [
    statement(
      `CREATE TABLE ${saved} AS SELECT ${list} FROM ${quote(before.name)}`,
      after,
      rowReason("save_rows", after, { cause: "unsupported", operation: "alter" }),
    ),
    statement(
      `DROP TABLE ${quote(before.name)}`,
      after,
      rowReason("drop_former", after),
      lost.length === 0 ? {} : loss(`the values of ${lost.join(", ")} in ${before.name}`),
    ),
    create,
    statement(
      `INSERT INTO ${quote(after.name)} (${list}) SELECT ${list} FROM ${saved}`,
      after,
      rowReason("restore_rows", after),
      { rewrites: after.name },
    ),
    statement(`DROP TABLE ${saved}`, after, rowReason("drop_saved_rows", after)),
  ];
}

function lossOfRows(object: SchemaObject): StatementFacts {
  return ownsRows(object) ? loss(`the rows of virtual table ${object.name}`) : {};
}

function loss(destroys: string): StatementFacts {
  return { destroys, reversible: "structure" };
}

function isFullText(object: SchemaObject): boolean {
  return /^fts[345]$/.test(factsOf(object, "virtual table").module);
}

/** Column names from the arguments of the modules that ship with SQLite; null for others. */
function columnsOf(object: SchemaObject): readonly string[] | null {
  const { arguments: args, module } = factsOf(object, "virtual table");
  if (!isFullText(object) && !/^rtree(?:_i32)?$/.test(module)) return null;
  return args.flatMap((argument) => {
    const [first, second] = tokenize(argument.replace(/^\+/, ""));
    return first === undefined || second?.text === "=" ? [] : [first.value];
  });
}

/** False for a full-text table whose text stands in another table, and for one that keeps no text. */
function ownsRows(object: SchemaObject): boolean {
  return !isFullText(object) || contentOption(object) === null;
}

/** The value of `content=`; null without it. */
function contentOption(object: SchemaObject): string | null {
  for (const argument of factsOf(object, "virtual table").arguments) {
    const [first, second, third] = tokenize(argument);
    if (fold(first?.value ?? "") === "content" && second?.text === "=") return third?.value ?? "";
  }
  return null;
}

/** An index over the text of another table is filled from it, unless that is as new. */
function fromContent(object: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const content = isFullText(object) ? contentOption(object) : null;
  if (content === null || content === "") return [];
  if (object.dependsOn.every((need) => context.action(need) === "create")) return [];
  const name = quote(object.name);
  return [
    statement(
      `INSERT INTO ${name} (${name}) VALUES ('rebuild')`,
      object,
      { action: "fill", object: subjectOf(object), from: content },
    ),
  ];
}
