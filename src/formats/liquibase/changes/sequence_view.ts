/** Sequences and views. */

import {
  columnType,
  isSet,
  number,
  onlyKnows,
  optional,
  qualified,
  required,
  untranslated,
} from "../columns.ts";
import { textOf } from "../element.ts";
import type { Translate } from "./change.ts";

/** `createSequence`. */
export const createSequence: Translate = (change, context) => {
  onlyKnows(change, [
    "sequenceName",
    "schemaName",
    "dataType",
    "startValue",
    "incrementBy",
    "minValue",
    "maxValue",
    "cacheSize",
    "cycle",
  ]);
  if (!context.dialect.hasSequences) throw untranslated(change, " on this database");
  const name = qualified(required(change, "sequenceName"), optional(change, "schemaName"), context);
  const option = (key: string, words: string) => {
    const said = optional(change, key);
    return said === undefined ? "" : ` ${words} ${number(change, said)}`;
  };
  const type = optional(change, "dataType") === undefined
    ? ""
    : ` AS ${columnType(change, "dataType", context).sql}`;
  const options = option("startValue", "START WITH") + option("incrementBy", "INCREMENT BY") +
    option("minValue", "MINVALUE") + option("maxValue", "MAXVALUE") + option("cacheSize", "CACHE");
  return {
    up: [
      `CREATE SEQUENCE IF NOT EXISTS ${name}${type}${options}${
        isSet(change, "cycle") ? " CYCLE" : ""
      }`,
    ],
    down: [`DROP SEQUENCE ${name} CASCADE`],
  };
};

/** `dropSequence`. */
export const dropSequence: Translate = (change, context) => {
  onlyKnows(change, ["sequenceName", "schemaName"]);
  if (!context.dialect.hasSequences) throw untranslated(change, " on this database");
  const name = qualified(required(change, "sequenceName"), optional(change, "schemaName"), context);
  return { up: [`DROP SEQUENCE ${name} CASCADE`], down: null };
};

/** `createView`. */
export const createView: Translate = (change, context) => {
  onlyKnows(change, [
    "viewName",
    "schemaName",
    "replaceIfExists",
    "fullDefinition",
    "encoding",
    "selectQuery",
  ]);
  const query = (optional(change, "selectQuery") ?? textOf(change)).trim().replace(/;\s*$/, "");
  const name = qualified(required(change, "viewName"), optional(change, "schemaName"), context);
  if (isSet(change, "fullDefinition")) return { up: [query], down: [`DROP VIEW ${name}`] };
  if (!isSet(change, "replaceIfExists")) {
    return { up: [`CREATE VIEW ${name} AS ${query}`], down: [`DROP VIEW ${name}`] };
  }
  const up = context.dialect.alters === "none"
    ? [`DROP VIEW IF EXISTS ${name}`, `CREATE VIEW ${name} AS ${query}`]
    : [`CREATE OR REPLACE VIEW ${name} AS ${query}`];
  return { up, down: null };
};

/** `dropView`. */
export const dropView: Translate = (change, context) => {
  onlyKnows(change, ["viewName", "schemaName", "ifExists"]);
  const name = qualified(required(change, "viewName"), optional(change, "schemaName"), context);
  return { up: [`DROP VIEW ${isSet(change, "ifExists") ? "IF EXISTS " : ""}${name}`], down: null };
};
