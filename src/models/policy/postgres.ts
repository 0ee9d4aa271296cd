/** The policy for Postgres, over its own parse tree. What is not named here as harmless is refused. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { type Allowance, isChanged, type Policy } from "./policy.ts";
import { codeRefusal } from "./postgres_code.ts";
import { type ParsePostgres, postgresParser, type Tree } from "../../parsers/postgres.ts";
import { plainName, tableRefusal } from "./postgres_tables.ts";
import { list, nameOf, record, walk } from "../../parsers/postgres_tree.ts";
import { parsedStatements, type Place } from "./parsed.ts";

/** Loads the parser and gives the policy. */
export async function postgresPolicy(lexicon: Lexicon): Promise<Policy> {
  const parse = await postgresParser();
  return {
    statements: parsedStatements({ lexicon, parse, plain: plainName, refusal }),
    expression: (sql) => expressionRefusal(parse, sql),
  };
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
  "AlterDomainStmt",
  "AlterTypeStmt",
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
  CreateCastStmt: ["cast"],
  CreateConversionStmt: ["conversion"],
  CreateDomainStmt: ["domain"],
  CreateRangeStmt: ["range"],
  CreateOpClassStmt: ["operator class"],
  CreateOpFamilyStmt: ["operator family", "operator class"],
  AlterOpFamilyStmt: ["operator family", "operator class"],
  AlterOperatorStmt: ["operator"],
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

/** What DEFINE statements make, as the kinds of objects that must change. */
const DEFINES: Readonly<Record<string, readonly string[]>> = {
  OBJECT_AGGREGATE: ["aggregate"],
  OBJECT_OPERATOR: ["operator"],
  OBJECT_TYPE: ["base type", "type"],
  OBJECT_COLLATION: ["collation"],
  OBJECT_TSCONFIGURATION: ["text search configuration"],
  OBJECT_TSDICTIONARY: ["text search dictionary"],
  OBJECT_TSPARSER: ["text search parser"],
  OBJECT_TSTEMPLATE: ["text search template"],
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
  { allowance, tables, statement }: Place,
): string | null {
  if (trees.length === 0) return "it is empty";
  const [tree] = trees;
  if (trees.length > 1 || tree === undefined) return "it is more than one statement";
  const [[type, body] = ["", null]] = Object.entries(tree);
  const node = record(body);
  return kindRefusal(type, node, allowance) ?? callRefusal(tree) ?? innerRefusal(tree, allowance) ??
    codeRefusal(type, node, { allowance, tables, isReaching: (name) => REACHING.test(name) }) ??
    tableRefusal(tree, tables, statement);
}

function kindRefusal(type: string, node: Tree, allowance: Allowance): string | null {
  if (type === "SelectStmt" && isSetval(node)) return null;
  const dropped = type === "DropStmt" ? DROPS[String(node.removeType)] : undefined;
  const made = type === "DefineStmt" ? DEFINES[String(node.kind)] ?? ["object"] : WITH_KIND[type];
  const kinds = dropped === undefined ? made : [dropped];
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
  /^(?:pg_read_|pg_stat_file|pg_ls_|pg_file_|pg_write_|pg_execute_|lo_|loread|lowrite|dblink|pg_terminate|pg_cancel|pg_reload|pg_rotate|pg_promote|pg_switch_|pg_create_|pg_drop_replication|pg_logical|pg_replication|pg_sleep|pg_advisory|pg_try_advisory|pg_export_snapshot|pg_stat_reset|binary_upgrade_|ts_rewrite|set_config|query_to_xml|cursor_to_xml|table_to_xml|schema_to_xml|database_to_xml|xpath_table|pg_import_|pg_wal_|pg_backup|pg_start_backup|pg_stop_backup|pg_log_|pg_notify|ts_stat|crosstab|connectby)/;

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
