/** Functions and procedures. */

import type { Facts, Json, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { signatureOf, splitName } from "../../names.ts";
import { ident, literal, qualified } from "../../quote.ts";
import { unmarked } from "../clauses/extension_dependency.ts";
import { bracketed } from "../clauses/list.ts";
import { allRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { uncheckedWhereCircular } from "./unchecked_body.ts";

/** CREATE FUNCTION; CREATE OR REPLACE where Postgres lets the old one be replaced. */
export const functionKind: ObjectKind = routineKind("function");

/** CREATE PROCEDURE. */
export const procedureKind: ObjectKind = routineKind("procedure");

/** A routine as SQL: `add(integer, integer)`. */
export function routineRef(name: string): string {
  const [schema = "", routine = ""] = splitName(name);
  return `${qualified(schema, routine)}${signatureOf(name)}`;
}

function routineKind(kind: "function" | "procedure"): ObjectKind {
  const word = kind.toUpperCase();
  return {
    kind,
    rank: 40,
    slots: (object) => [`routine ${object.name}`],
    inline: (_, parent) => parent.kind === "base type" || parent.kind === "range",
    mentions: (object) => object.facts.atomic === true ? null : text(object, "body"),
    create: (object, _members, context) => [
      ...uncheckedWhereCircular(
        object,
        [planned(object, `CREATE ${definition(object)}`, `${capital(kind)} ${object.name} is new`)],
        context,
      ),
      ...belongings(null, object, allRefs(`${word} ${routineRef(object.name)}`), context),
    ],
    drop: (object) => [
      planned(
        object,
        `DROP ${word} ${routineRef(object.name)}`,
        `${capital(kind)} ${object.name} is gone`,
      ),
    ],
    alter: ({ before, after, facts }, context) => {
      const isReplaced = otherFacts(facts).length > 0;
      const rest = belongings(
        isReplaced ? unmarked(before) : before,
        after,
        allRefs(`${word} ${routineRef(after.name)}`),
        context,
      );
      if (!isReplaced) return { statements: rest };
      if (!canReplace(before, after)) return "replace";
      const sql = `CREATE OR REPLACE ${definition(after)}`;
      return {
        statements: [planned(after, sql, `${capital(kind)} ${after.name} differs`), ...rest],
      };
    },
    rename: (before, after) => {
      const signature = signatureOf(before.name);
      if (signature !== signatureOf(after.name)) return [];
      return renameInSchema(word, before, after, signature);
    },
  };
}

interface Argument {
  readonly name: string | null;
  readonly mode: string | null;
  readonly type: string;
  readonly default: string | null;
}

/** OR REPLACE can change neither what is returned, nor the kind, nor the names of arguments, nor take defaults away. */
function canReplace(before: SchemaObject, after: SchemaObject): boolean {
  if (before.facts.returns !== after.facts.returns) return false;
  if (before.facts.window !== after.facts.window) return false;
  const had = argumentsOf(before);
  const has = argumentsOf(after);
  return had.length === has.length && had.every((argument, at) => {
    const other = has[at];
    return other !== undefined && argument.mode === other.mode && argument.type === other.type &&
      (argument.name === null || argument.name === other.name) &&
      (argument.default === null || other.default !== null);
  });
}

function argumentsOf(object: SchemaObject): readonly Argument[] {
  const list = object.facts.arguments;
  if (!Array.isArray(list)) return [];
  const value = (item: Facts, key: string) => typeof item[key] === "string" ? item[key] : null;
  return (list as readonly Facts[]).map((item) => ({
    name: value(item, "name"),
    mode: value(item, "mode"),
    type: value(item, "type") ?? "",
    default: value(item, "default"),
  }));
}

function definition(object: SchemaObject): string {
  const [schema = "", name = ""] = splitName(object.name);
  const procedure = object.kind === "procedure";
  const returns = text(object, "returns");
  const list = argumentsOf(object).filter((argument) => argument.mode !== "table");
  return [
    `${procedure ? "PROCEDURE" : "FUNCTION"} ${qualified(schema, name)}${
      bracketed(list.map(argumentClause), 80)
    }`,
    ...returns === null ? [] : [`RETURNS ${returns}`],
    `LANGUAGE ${ident(text(object, "language") ?? "sql")}`,
    ...attributes(object),
    ...texts(object, "config").map(setClause),
    bodyClause(object),
  ].join("\n");
}

function argumentClause({ name, mode, type, default: value }: Argument): string {
  return [
    ...mode === null ? [] : [mode.toUpperCase()],
    ...name === null ? [] : [ident(name)],
    type,
    ...value === null ? [] : [`DEFAULT ${value}`],
  ].join(" ");
}

function attributes(object: SchemaObject): readonly string[] {
  const { facts } = object;
  const transforms = texts(object, "transforms").map((type) => `FOR TYPE ${type}`);
  const words = [
    ...facts.window === true ? ["WINDOW"] : [],
    ...word(facts.volatility),
    ...facts.strict === true ? ["STRICT"] : [],
    ...facts.security_definer === true ? ["SECURITY DEFINER"] : [],
    ...facts.leakproof === true ? ["LEAKPROOF"] : [],
    ...word(facts.parallel).map((safety) => `PARALLEL ${safety}`),
    ...typeof facts.cost === "number" ? [`COST ${facts.cost}`] : [],
    ...typeof facts.rows === "number" ? [`ROWS ${facts.rows}`] : [],
    ...typeof facts.support === "string" ? [`SUPPORT ${facts.support}`] : [],
  ];
  return [
    ...transforms.length === 0 ? [] : [`TRANSFORM ${transforms.join(", ")}`],
    ...words.length === 0 ? [] : [words.join(" ")],
  ];
}

function word(value: Json | undefined): readonly string[] {
  return typeof value === "string" ? [value.toUpperCase()] : [];
}

/** Settings whose value is a list of names, so that each is quoted on its own (`variable_is_guc_list_quote`). */
const LISTS: ReadonlySet<string> = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

function setClause(setting: string): string {
  const at = setting.indexOf("=");
  const name = setting.slice(0, at);
  const value = setting.slice(at + 1);
  const shown = LISTS.has(name.toLowerCase())
    ? listed(value).map((item) => item === "" ? "''" : listItem(item)).join(", ")
    : literal(value);
  return `SET ${name.split(".").map(ident).join(".")} TO ${shown === "" ? "''" : shown}`;
}

/** `$user` is an ordinary quoted name to a list. */
function listItem(item: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(item) ? ident(item) : literal(item);
}

/** The names of a list such as `a, "B c"`. */
function listed(value: string): readonly string[] {
  return [...value.matchAll(/"((?:[^"]|"")*)"|([^\s,][^,]*)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "").trim() : quoted.replaceAll('""', '"')
  );
}

function bodyClause(object: SchemaObject): string {
  const body = text(object, "body") ?? "";
  if (object.facts.atomic === true) return body;
  const binary = text(object, "binary");
  if (binary !== null) return `AS ${literal(binary)}, ${literal(body)}`;
  return `AS ${object.facts.language === "internal" ? literal(body) : dollarQuoted(body)}`;
}

/** With the first tag that ends where the body ends. */
function dollarQuoted(body: string): string {
  const fits = (tag: string) => `${body}$${tag}$`.indexOf(`$${tag}$`) === body.length;
  let tag = "";
  for (let count = 1; !fits(tag); count++) tag = count === 1 ? "body" : `body${count}`;
  return `$${tag}$${body}$${tag}$`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
