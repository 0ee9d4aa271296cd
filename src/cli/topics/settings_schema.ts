/** docs/aim.schema.json: the keys of aim.toml as a JSON schema, for editors. */

import { CONFIG_KEYS, type ConfigKey } from "../../config/keys.ts";
import { MASKS } from "../../core/row_mask.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The schema, draft 7, which editors of TOML read; a key that aim does not know is an error, as to aim. */
export function settingsSchema(): Schema {
  const properties: Record<string, unknown> = {};
  const tables = new Map<string, Record<string, unknown>>();
  for (const row of CONFIG_KEYS) {
    const [first = "", second] = row.key.split(".");
    if (second === undefined) {
      properties[first] = keySchema(row);
      continue;
    }
    const table = tables.get(first) ?? {};
    table[second] = keySchema(row);
    tables.set(first, table);
    properties[first] = { type: "object", properties: table, additionalProperties: false };
  }
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "aim.toml",
    description: "Settings of aim",
    type: "object",
    properties,
    additionalProperties: false,
  };
}

function keySchema(row: ConfigKey): Schema {
  const { summary, more, fallback, example } = row;
  return {
    description: [`${summary}.`, ...(more ? [more] : [])].join(" "),
    ...(fallback === null ? {} : { default: fallback }),
    ...(example === undefined ? {} : { examples: [row.type === "list" ? [example] : example] }),
    ...typeSchema(row),
  };
}

function typeSchema(row: ConfigKey): Schema {
  const filled = { type: "string", minLength: 1 };
  switch (row.type) {
    case "count":
      return { type: "integer", minimum: 0 };
    case "amount":
      return { type: "number", minimum: 0 };
    case "switch":
      return { type: "boolean" };
    case "path":
      return filled;
    case "paths":
      return {
        anyOf: [filled, {
          type: "array",
          items: filled,
          ...(row.key === "schema" ? { minItems: 1 } : {}),
        }],
      };
    case "list":
      return { type: "array", items: itemSchema(row) };
    case "command":
      return { anyOf: [filled, { type: "array", items: { type: "string" }, minItems: 1 }] };
    case "texts":
      return { type: "object", additionalProperties: valueSchema(row) };
    case "prices":
      return { type: "object", additionalProperties: PRICE };
    case "checks":
      return { type: "array", maxItems: 200, items: CHECK };
    case "masks":
      return { type: "array", maxItems: 200, items: MASK };
    case "rules":
      return { type: "array", items: OWN_RULE };
    case "duration":
    case "size":
      return { type: ["string", "number"] };
    case "text":
      return { type: "string", ...(row.choices ? { enum: row.choices } : {}) };
  }
}

function itemSchema({ items }: ConfigKey): Schema {
  return {
    type: "string",
    minLength: 1,
    maxLength: 256,
    ...(items ? { pattern: items.pattern.source } : {}),
  };
}

/** What a table of texts holds: severities, answers that are not empty, any text. */
function valueSchema({ key }: ConfigKey): Schema {
  if (key === "lint") return { enum: ["off", "info", "warning", "error"] };
  return { type: "string", ...(key === "answers" ? { pattern: "\\S" } : {}) };
}

const OWN_RULE: Schema = {
  type: "object",
  properties: {
    code: { type: "string", pattern: "\\S" },
    sql: { type: "string", pattern: "\\S" },
    message: { type: "string", pattern: "\\S" },
    severity: { enum: ["info", "warning", "error"] },
  },
  required: ["code", "sql", "message"],
  additionalProperties: false,
};

const CHECK: Schema = {
  type: "object",
  properties: {
    name: { type: "string", pattern: "\\S", maxLength: 200 },
    sql: { type: "string", pattern: "\\S", maxLength: 20_000 },
    after: { type: "string", pattern: "\\S", maxLength: 20_000 },
    expect: { type: ["string", "number", "boolean"] },
  },
  required: ["name", "sql", "expect"],
  additionalProperties: false,
};

const MASK: Schema = {
  type: "object",
  properties: {
    columns: {
      anyOf: [{ type: "string", pattern: "\\S" }, {
        type: "array",
        items: { type: "string", pattern: "\\S", maxLength: 256 },
        minItems: 1,
      }],
    },
    how: { enum: MASKS },
  },
  required: ["columns", "how"],
  additionalProperties: false,
};

const PRICE: Schema = {
  type: "object",
  properties: Object.fromEntries(
    ["input", "output", "cached"].map((name) => [name, { type: "number", minimum: 0 }]),
  ),
  required: ["input", "output"],
  additionalProperties: false,
};
