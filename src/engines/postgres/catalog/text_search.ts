/** Text search parsers, templates, dictionaries and configurations. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
  type Said,
} from "./common.ts";
import type { Options } from "./options.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
}

interface ParserRow extends Row {
  readonly functions: Said<ParserFunctions>;
}

/** The facts of a `text search parser`. */
export interface TextSearchParserFacts extends CommonFacts, ParserFunctions {}

/** The functions that a parser is made of. */
export interface ParserFunctions {
  readonly start: string;
  readonly gettoken: string;
  readonly end: string;
  readonly lextypes: string;
  readonly headline?: string;
}

/** Reads `text search parser`s. */
export const textSearchParsers: Reader<ParserRow> = {
  kinds: ["text search parser"],
  rare: true,
  sql: () => `
    SELECT p.oid::int8::text AS oid, n.nspname AS schema, p.prsname AS name,
      json_build_object('start', p.prsstart::regproc::text, 'gettoken', p.prstoken::regproc::text,
        'end', p.prsend::regproc::text, 'lextypes', p.prslextype::regproc::text,
        'headline', nullif(p.prsheadline, 0)::regproc::text) AS functions,
      ${commonColumns({ catalog: "pg_ts_parser", oid: "p.oid" })}
    FROM pg_ts_parser p
    JOIN pg_namespace n ON n.oid = p.prsnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_ts_parser", "p.oid")}
    ORDER BY n.nspname, p.prsname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("text search parser", name),
        kind: "text search parser",
        name,
        parent: null,
        facts: compact<TextSearchParserFacts>({ ...row.functions, ...commonFacts(row) }),
      },
      address: `pg_ts_parser/${row.oid}/0`,
    };
  },
};

interface TemplateRow extends Row {
  readonly functions: Said<TemplateFunctions>;
}

/** The facts of a `text search template`. */
export interface TextSearchTemplateFacts extends CommonFacts, TemplateFunctions {}

/** The functions that a template is made of. */
export interface TemplateFunctions {
  readonly init?: string;
  readonly lexize: string;
}

/** Reads `text search template`s. */
export const textSearchTemplates: Reader<TemplateRow> = {
  kinds: ["text search template"],
  rare: true,
  sql: () => `
    SELECT t.oid::int8::text AS oid, n.nspname AS schema, t.tmplname AS name,
      json_build_object('init', nullif(t.tmplinit, 0)::regproc::text,
        'lexize', t.tmpllexize::regproc::text) AS functions,
      ${commonColumns({ catalog: "pg_ts_template", oid: "t.oid" })}
    FROM pg_ts_template t
    JOIN pg_namespace n ON n.oid = t.tmplnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_ts_template", "t.oid")}
    ORDER BY n.nspname, t.tmplname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("text search template", name),
        kind: "text search template",
        name,
        parent: null,
        facts: compact<TextSearchTemplateFacts>({ ...row.functions, ...commonFacts(row) }),
      },
      address: `pg_ts_template/${row.oid}/0`,
    };
  },
};

interface DictionaryRow extends Row {
  readonly template: readonly [string, string];
  readonly options: string | null;
}

/** The facts of a `text search dictionary`. */
export interface TextSearchDictionaryFacts extends CommonFacts {
  readonly template: string;
  /** By name, each as SQL. */
  readonly options?: Options;
}

/** Reads `text search dictionary`s. */
export const textSearchDictionaries: Reader<DictionaryRow> = {
  kinds: ["text search dictionary"],
  rare: true,
  sql: () => `
    SELECT d.oid::int8::text AS oid, n.nspname AS schema, d.dictname AS name,
      json_build_array(tn.nspname, t.tmplname) AS template, d.dictinitoption AS options,
      ${commonColumns({ catalog: "pg_ts_dict", oid: "d.oid", owner: "d.dictowner" })}
    FROM pg_ts_dict d
    JOIN pg_namespace n ON n.oid = d.dictnamespace
    JOIN pg_ts_template t ON t.oid = d.dicttemplate
    JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_ts_dict", "d.oid")}
    ORDER BY n.nspname, d.dictname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("text search dictionary", name),
        kind: "text search dictionary",
        name,
        parent: null,
        facts: compact<TextSearchDictionaryFacts>({
          template: joinName(...row.template),
          options: dictionaryOptions(row.options),
          ...commonFacts(row),
        }),
      },
      address: `pg_ts_dict/${row.oid}/0`,
    };
  },
};

interface ConfigurationRow extends Row {
  readonly parser: readonly [string, string];
  readonly mappings: readonly (readonly [string, readonly (readonly [string, string])[]])[] | null;
}

/** The facts of a `text search configuration`. */
export interface TextSearchConfigurationFacts extends CommonFacts {
  readonly parser: string;
  /** Dictionaries by token type. */
  readonly mappings: Readonly<Record<string, readonly string[]>>;
}

/** Reads `text search configuration`s. */
export const textSearchConfigurations: Reader<ConfigurationRow> = {
  kinds: ["text search configuration"],
  rare: true,
  sql: () => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.cfgname AS name,
      json_build_array(pn.nspname, p.prsname) AS parser,
      (SELECT json_agg(json_build_array(m.alias, m.dictionaries) ORDER BY m.alias) FROM (
        SELECT t.alias, json_agg(json_build_array(dn.nspname, d.dictname) ORDER BY x.mapseqno) AS dictionaries
        FROM pg_ts_config_map x
        JOIN ts_token_type(c.cfgparser) t ON t.tokid = x.maptokentype
        JOIN pg_ts_dict d ON d.oid = x.mapdict
        JOIN pg_namespace dn ON dn.oid = d.dictnamespace
        WHERE x.mapcfg = c.oid
        GROUP BY t.alias
      ) m) AS mappings,
      ${commonColumns({ catalog: "pg_ts_config", oid: "c.oid", owner: "c.cfgowner" })}
    FROM pg_ts_config c
    JOIN pg_namespace n ON n.oid = c.cfgnamespace
    JOIN pg_ts_parser p ON p.oid = c.cfgparser
    JOIN pg_namespace pn ON pn.oid = p.prsnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_ts_config", "c.oid")}
    ORDER BY n.nspname, c.cfgname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("text search configuration", name),
        kind: "text search configuration",
        name,
        parent: null,
        facts: compact<TextSearchConfigurationFacts>({
          parser: joinName(...row.parser),
          mappings: Object.fromEntries(
            (row.mappings ?? []).map((
              [token, dictionaries],
            ) => [token, dictionaries.map((name) => joinName(...name))]),
          ),
          ...commonFacts(row),
        }),
      },
      address: `pg_ts_config/${row.oid}/0`,
    };
  },
};

/** `name = 'value', ...` as the catalog writes it, by name. */
function dictionaryOptions(text: string | null): Options | null {
  if (text === null || text === "") return null;
  const entries = [...text.matchAll(/("(?:[^"]|"")*"|[^\s=,]+)\s*=\s*(E?'(?:[^']|'')*'|[^\s,]+)/g)]
    .map(([, name = "", value = ""]): [string, string] => [name, value]);
  return Object.fromEntries(entries);
}
