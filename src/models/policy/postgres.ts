/** The policy for Postgres, over its own parse tree. What is not named here as harmless is refused. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { type Allowance, isAmong, isChanged, type Policy } from "./policy.ts";
import { type ParsePostgres, postgresParser, type Tree } from "./postgres_parser.ts";
import { scanningPolicy } from "./scanner.ts";

/** Loads the parser and gives the policy. */
export async function postgresPolicy(lexicon: Lexicon): Promise<Policy> {
  const parse = await postgresParser();
  const scanner = scanningPolicy(lexicon);
  return {
    statements: (sql, allowance) => {
      const made = new Set<string>();
      for (const [index, text] of sql.entries()) {
        const trees = parse(text);
        // A newer grammar than the parser's: the words must do.
        const reason = typeof trees === "string"
          ? scanner.statements([text], withMade(allowance, made))?.reason ?? null
          : refusal(trees, allowance, made);
        if (reason !== null) return { statement: index + 1, reason };
      }
      return null;
    },
    expression: (sql) => expressionRefusal(parse, sql),
  };
}

function withMade(allowance: Allowance, made: ReadonlySet<string>): Allowance {
  return { ...allowance, tables: new Set([...allowance.tables, ...made]) };
}

/** Kinds of statements that only shape the schema; the proof compares all that they do. */
const SHAPING = new Set([
  "CreateStmt",
  "CreateTableAsStmt",
  "AlterTableStmt",
  "IndexStmt",
  "ViewStmt",
  "CreateSeqStmt",
  "AlterSeqStmt",
  "CreateEnumStmt",
  "AlterEnumStmt",
  "CompositeTypeStmt",
  "CreateRangeStmt",
  "CreateDomainStmt",
  "AlterDomainStmt",
  "AlterTypeStmt",
  "DefineStmt",
  "CreateTrigStmt",
  "RuleStmt",
  "CreatePolicyStmt",
  "AlterPolicyStmt",
  "RenameStmt",
  "AlterObjectSchemaStmt",
  "AlterObjectDependsStmt",
  "DropStmt",
  "CreateFunctionStmt",
  "AlterFunctionStmt",
  "CreateCastStmt",
  "CreateConversionStmt",
  "CreateOpClassStmt",
  "CreateOpFamilyStmt",
  "AlterOpFamilyStmt",
  "AlterOperatorStmt",
  "CreateStatsStmt",
  "AlterStatsStmt",
  "CreateSchemaStmt",
  "AlterTSConfigurationStmt",
  "AlterTSDictionaryStmt",
  "AlterCollationStmt",
  "RefreshMatViewStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
]);

/** Kinds of statements that are allowed when an object of one of the kinds changes. */
const WITH_KIND: Readonly<Record<string, readonly string[]>> = {
  CreateExtensionStmt: ["extension", "language"],
  AlterExtensionStmt: ["extension"],
  AlterExtensionContentsStmt: ["extension"],
  CreatePLangStmt: ["language"],
  CreateTransformStmt: ["transform"],
  CreateAmStmt: ["access method"],
  CreateEventTrigStmt: ["event trigger"],
  AlterEventTrigStmt: ["event trigger"],
  CreatePublicationStmt: ["publication"],
  AlterPublicationStmt: ["publication", "publication table", "publication schema"],
  CreateSubscriptionStmt: ["subscription"],
  AlterSubscriptionStmt: ["subscription"],
  DropSubscriptionStmt: ["subscription"],
  CreateFdwStmt: ["foreign data wrapper"],
  AlterFdwStmt: ["foreign data wrapper"],
  CreateForeignServerStmt: ["server"],
  AlterForeignServerStmt: ["server"],
  CreateUserMappingStmt: ["user mapping"],
  AlterUserMappingStmt: ["user mapping"],
  DropUserMappingStmt: ["user mapping"],
  CreateForeignTableStmt: ["foreign table"],
  AlterDefaultPrivilegesStmt: ["default privileges"],
};

/** Kinds of statements that are allowed when one of the facts changes. */
const WITH_FACT: Readonly<Record<string, readonly string[]>> = {
  GrantStmt: ["grants", "revokes"],
  AlterOwnerStmt: ["owner"],
  CommentStmt: ["comment"],
};

/** What may be dropped only when an object of the kind changes. */
const DROPS: Readonly<Record<string, string>> = {
  OBJECT_EXTENSION: "extension",
  OBJECT_LANGUAGE: "language",
  OBJECT_TRANSFORM: "transform",
  OBJECT_ACCESS_METHOD: "access method",
  OBJECT_EVENT_TRIGGER: "event trigger",
  OBJECT_PUBLICATION: "publication",
  OBJECT_FDW: "foreign data wrapper",
  OBJECT_FOREIGN_SERVER: "server",
  OBJECT_FOREIGN_TABLE: "foreign table",
  OBJECT_SCHEMA: "schema",
};

/** Why other kinds are refused. */
const REASONS: Readonly<Record<string, string>> = {
  TransactionStmt: "the runner opens and ends transactions",
  CopyStmt: "COPY reads or writes files and programs",
  DoStmt: "DO hides what it does; write the statements themselves",
  CallStmt: "CALL hides what it does; write the statements themselves",
  ExecuteStmt: "EXECUTE hides what it does; write the statements themselves",
  PrepareStmt: "PREPARE hides what is done; write the statements themselves",
  VariableSetStmt: "no change asks for a setting",
  AlterSystemStmt: "it changes the server",
  CreateRoleStmt: "it makes a role",
  AlterRoleStmt: "it changes a role",
  AlterRoleSetStmt: "it changes a role",
  DropRoleStmt: "it removes a role",
  GrantRoleStmt: "it changes a role",
  DropOwnedStmt: "it removes what a role owns",
  ReassignOwnedStmt: "it changes what a role owns",
  TruncateStmt: "it destroys rows that no change asks for",
  SelectStmt: "a query changes nothing",
  LoadStmt: "it loads programs",
  ImportForeignSchemaStmt: "it reaches another server",
};

function refusal(
  trees: readonly Tree[],
  allowance: Allowance,
  made: Set<string>,
): string | null {
  if (trees.length === 0) return "it is empty";
  const [tree] = trees;
  if (trees.length > 1 || tree === undefined) return "it is more than one statement";
  const [[type, body] = ["", null]] = Object.entries(tree);
  const node = record(body);
  return kindRefusal(type, node, allowance) ?? callRefusal(tree) ?? innerRefusal(tree, allowance) ??
    tableRefusal(tree, allowance, made);
}

function kindRefusal(type: string, node: Tree, allowance: Allowance): string | null {
  if (type === "SelectStmt" && isSetval(node)) return null;
  const dropped = type === "DropStmt" ? DROPS[String(node.removeType)] : undefined;
  const kinds = dropped === undefined ? WITH_KIND[type] : [dropped];
  if (kinds !== undefined) {
    return kinds.some((kind) => allowance.kinds.has(kind))
      ? null
      : `no change asks for ${/^[aeiou]/.test(kinds[0] ?? "") ? "an" : "a"} ${kinds[0]}`;
  }
  const facts = WITH_FACT[type];
  if (facts !== undefined) {
    return facts.some((fact) => allowance.facts.has(fact))
      ? null
      : `no change asks for ${WORDS[type]}`;
  }
  if (SHAPING.has(type)) return null;
  return REASONS[type] ?? "a migration has no business with it";
}

const WORDS: Readonly<Record<string, string>> = {
  GrantStmt: "a privilege",
  AlterOwnerStmt: "another owner",
  CommentStmt: "a comment",
};

/** `SELECT setval(...)`: how a sequence is set after rows were moved. */
function isSetval(node: Tree): boolean {
  const targets = list(node.targetList);
  const only = record(record(record(targets[0]).ResTarget).val).FuncCall;
  return targets.length === 1 && only !== undefined && list(node.fromClause).length === 0 &&
    nameOf(record(only).funcname) === "setval";
}

/** Functions that reach out of the database, run SQL from a string, or wait. */
const REACHING =
  /^(?:pg_read_|pg_stat_file|pg_ls_|pg_file_|pg_write_|pg_execute_|lo_import|lo_export|lo_put|lowrite|dblink|pg_terminate|pg_cancel|pg_reload|pg_rotate|pg_promote|pg_switch_|pg_create_|pg_drop_replication|pg_logical|pg_replication|pg_sleep|pg_advisory|set_config|query_to_xml|cursor_to_xml|table_to_xml|schema_to_xml|database_to_xml|xpath_table|pg_import_|pg_wal_|pg_backup|pg_start_backup|pg_stop_backup|pg_log_|pg_notify|ts_stat|crosstab|connectby)/;

const SECRET_TABLES =
  /^(?:pg_authid|pg_shadow|pg_user_mapping|pg_hba_file_rules|pg_file_settings|pg_ident_file_mappings)$/;

function callRefusal(tree: unknown): string | null {
  let found: string | null = null;
  walk(tree, (type, node) => {
    if (type !== "FuncCall") return;
    const name = nameOf(node.funcname);
    if (REACHING.test(name)) found ??= `it calls ${name}`;
  });
  return found;
}

/** What stands inside statements that are harmless as such. */
function innerRefusal(tree: unknown, allowance: Allowance): string | null {
  let found: string | null = null;
  const refuse = (reason: string) => found ??= reason;
  walk(tree, (type, node) => {
    switch (type) {
      case "CopyStmt":
      case "DoStmt":
        return refuse(REASONS[type] ?? "");
      case "CreateFunctionStmt": {
        const name = nameOf(node.funcname, true);
        const known = ["function", "procedure", "routine", "window function"];
        if (!known.some((kind) => isChanged(kind, name, allowance))) {
          return refuse(`no change asks for a function ${name}`);
        }
        return;
      }
      case "AlterTableCmd": {
        const command = String(node.subtype ?? "");
        if (command === "AT_ChangeOwner" && !allowance.facts.has("owner")) {
          return refuse("no change asks for another owner");
        }
        if (
          /^AT_(?:Disable|Enable)(?:Trig|Rule)/.test(command) &&
          !/trigger|rule/.test([...allowance.kinds].join())
        ) {
          return refuse("no change asks to switch triggers or rules");
        }
        return;
      }
      case "CreateSchemaStmt":
        if (node.authrole !== undefined && !allowance.facts.has("owner")) {
          return refuse("no change asks for another owner");
        }
        return;
      case "RangeVar":
        if (node.relpersistence === "t") return refuse("a temporary table is not in the schema");
        if (SECRET_TABLES.test(String(node.relname ?? ""))) {
          return refuse(`${node.relname} holds secrets of the server`);
        }
        return;
    }
  });
  return found;
}

/** Rows and tables: only what a change touches, or what this draft made itself. */
function tableRefusal(tree: unknown, allowance: Allowance, made: Set<string>): string | null {
  let found: string | null = null;
  const check = (name: string) => {
    if (!isAmong(name, allowance.tables) && !isAmong(name, made)) {
      found ??= `no change touches the table ${name}`;
    }
  };
  walk(tree, (type, node) => {
    switch (type) {
      case "InsertStmt":
      case "UpdateStmt":
      case "DeleteStmt":
      case "MergeStmt":
        return check(relationName(node.relation));
      case "CreateStmt":
        return void made.add(relationName(node.relation));
      case "CreateTableAsStmt":
        return void made.add(relationName(record(node.into).rel));
      case "RenameStmt":
        if (node.renameType === "OBJECT_TABLE") {
          check(relationName(node.relation));
          made.add(String(node.newname ?? ""));
        }
        return;
      case "AlterTableStmt":
        if (node.objtype === "OBJECT_TABLE") check(relationName(node.relation));
        return;
      case "DropStmt":
        if (node.removeType !== "OBJECT_TABLE") return;
        for (const object of list(node.objects)) {
          check(nameOf(record(record(object).List).items, true));
        }
        return;
    }
  });
  return found;
}

/** `SELECT (expression)` must be one query of one column and nothing else. */
function expressionRefusal(parse: ParsePostgres, sql: string): string | null {
  const trees = parse(`SELECT (${sql}\n)`);
  if (typeof trees === "string") return trees;
  const select = record(record(trees[0]).SelectStmt);
  const bare = Object.keys(select).every((key) =>
    ["targetList", "limitOption", "op"].includes(key)
  );
  if (trees.length !== 1 || list(select.targetList).length !== 1 || !bare) {
    return "it is more than one expression";
  }
  let found = callRefusal(trees[0]);
  walk(trees[0], (type) => {
    if (/^(?:Insert|Update|Delete|Merge)Stmt$/.test(type)) found ??= "it changes rows";
  });
  return found;
}

/** Calls `visit` with every node of a tree: the values of keys that begin with a capital, by those keys. */
function walk(value: unknown, visit: (type: string, node: Tree) => unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (/^[A-Z]/.test(key) && typeof inner === "object" && inner !== null) {
      visit(key, inner as Tree);
    } else if (key === "relation" || key === "rel" || key === "view") {
      visit("RangeVar", record(inner));
    }
    walk(inner, visit);
  }
}

function relationName(value: unknown): string {
  const { schemaname, relname } = record(value);
  return schemaname === undefined ? String(relname ?? "") : `${schemaname}.${relname}`;
}

/** The last part of a list of String nodes, or all of them with dots between. */
function nameOf(value: unknown, whole = false): string {
  const parts = list(value).map((part) => String(record(record(part).String).sval ?? ""));
  return whole ? parts.join(".") : parts.at(-1) ?? "";
}

function record(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Tree : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
