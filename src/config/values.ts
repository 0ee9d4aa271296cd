/** Values of settings: read from text and from TOML, and checked. */

import { resolve } from "node:path";
import type { ModelPrice, OwnRule, RowCheck } from "./config.ts";
import { ASSUME_EMPTY } from "../core/choice.ts";
import { type Mask, MASKS, type RowMask } from "../core/row_mask.ts";
import { UsageError } from "../core/error.ts";
import { didYouMean } from "../text/nearest.ts";
import { headerFault } from "./header_fault.ts";
import { type ConfigKey } from "./keys.ts";
import { parseDuration, parseSize } from "./quantities.ts";
import { lastPart, type TomlFile } from "./toml.ts";

/** The schema that is read from stdin. */
export const STDIN_SCHEMA = "-";

/** The schema that the models of an application give. */
export const ORM_SCHEMA = "orm:";

/** A value of any key. */
export type Value =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, string>>
  | readonly OwnRule[]
  | Readonly<Record<string, ModelPrice>>
  | readonly RowCheck[]
  | readonly RowMask[];

/** The value of a flag or a variable; `origin` is its name. Throws UsageError for one that cannot be. */
export function fromText(
  key: ConfigKey,
  texts: readonly string[],
  origin: string,
  folder: string,
): Value {
  if (key.type === "list") return checkedList(key, texts, origin);
  if (key.type === "paths") {
    return texts.filter((text) => text !== "").map((text) => pathIn(key, text, folder));
  }
  const text = texts.at(-1) ?? "";
  const value = parseText(key, text, folder);
  const wrong = value === null ? expected(key) : refusal(key, value);
  if (value === null || wrong !== null) {
    throw new UsageError(`Cannot use ${origin} "${text}": ${wrong}`, {
      code: "config",
      hint: key.choices && didYouMean(text, key.choices),
    });
  }
  return value;
}

/** Tables have neither a flag nor a variable. */
export function isOfFile({ type }: ConfigKey): boolean {
  return type === "prices" || type === "texts" || type === "rules" || type === "checks" ||
    type === "masks";
}

function checkedList(key: ConfigKey, texts: readonly string[], origin: string): readonly string[] {
  const items = texts.filter((text) => text !== "");
  const wrong = refusal(key, items);
  if (wrong === null) return items;
  throw new UsageError(`Cannot use ${origin}: ${wrong}`, { code: "config" });
}

/** The value in a text; null when it is none. Paths are relative to `folder`. */
export function parseText(key: ConfigKey, text: string, folder: string): Value | null {
  switch (key.type) {
    case "count":
      return /^\d+$/.test(text) ? Number(text) : null;
    case "amount":
      return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
    case "switch":
      return /^(true|1|yes)$/.test(text) ? true : /^(false|0|no)$/.test(text) ? false : null;
    case "path":
      return text === "" ? null : resolve(folder, text);
    case "paths":
      return text === "" ? null : [pathIn(key, text, folder)];
    case "duration":
      return parseDuration(text);
    case "size":
      return atLeast(LEAST_SIZE, parseSize(text));
    default:
      return text;
  }
}

/** A path in full; what stands for another source of the schema stays as it is. */
function pathIn({ key }: ConfigKey, text: string, folder: string): string {
  const isSource = key === "schema" && (text === STDIN_SCHEMA || text === ORM_SCHEMA);
  return isSource ? text : resolve(folder, text);
}

/** The value in a file. Throws UsageError, with its place, for one that cannot be. */
export function fromToml(key: ConfigKey, written: unknown, file: TomlFile, root: string): Value {
  const value = ofType(key, written);
  const wrong = value === null ? expected(key) : refusal(key, value);
  if (value !== null && wrong === null) {
    if (key.type === "paths" && Array.isArray(value)) {
      return value.map((path) =>
        path === STDIN_SCHEMA ? resolve(root, path) : pathIn(key, path, root)
      );
    }
    return key.type === "path" && typeof value === "string" ? resolve(root, value) : value;
  }
  throw new UsageError(`Cannot use ${key.key} in ${file.path}: ${wrong}`, {
    code: "config",
    hint: key.choices && typeof written === "string" ? didYouMean(written, key.choices) : undefined,
    ...(file.locate(lastPart(key.key)) ?? {}),
  });
}

/** What an engine needs to start. */
const LEAST_SIZE = 256 * 1024 ** 2;

function atLeast(least: number, value: number | null): number | null {
  return value !== null && value >= least ? value : null;
}

/** The value when it has the key's type, else null. */
function ofType(key: ConfigKey, written: unknown): Value | null {
  switch (key.type) {
    case "count":
      return typeof written === "number" && Number.isInteger(written) && written >= 0
        ? written
        : null;
    case "amount":
      return typeof written === "number" && written >= 0 ? written : null;
    case "switch":
      return typeof written === "boolean" ? written : null;
    case "list":
      return areStrings(written) ? written : null;
    case "paths":
      if (typeof written === "string") return written === "" ? null : [written];
      return areStrings(written) && (written.length > 0 || key.key !== "schema") ? written : null;
    case "texts":
      return areTexts(written) ? written : null;
    case "command":
      return isCommand(written) ? written : null;
    case "rules":
      return rulesIn(written);
    case "prices":
      return arePrices(written) ? written : null;
    case "checks":
      return checksIn(written);
    case "masks":
      return masksIn(written);
    case "path":
      return typeof written === "string" && written !== "" ? written : null;
    case "duration":
    case "size":
      return typeof written === "string" || typeof written === "number"
        ? parseText(key, String(written), "")
        : null;
    default:
      return typeof written === "string" ? written : null;
  }
}

/** Whether a value is a table of prices. */
export function arePrices(written: unknown): written is Readonly<Record<string, ModelPrice>> {
  return isTable(written) &&
    Object.values(written).every((row) =>
      isTable(row) && typeof row.input === "number" && typeof row.output === "number" &&
      Object.entries(row).every(([name, price]) =>
        ["input", "output", "cached"].includes(name) && typeof price === "number" && price >= 0
      )
    );
}

/** The rules in a list of tables; null where one of them is none. */
function rulesIn(written: unknown): readonly OwnRule[] | null {
  if (!Array.isArray(written) || written.length > MOST_RULES) return null;
  const rules = written.flatMap((row: unknown): readonly OwnRule[] => {
    if (!isTable(row)) return [];
    const { code, sql, message, severity = "warning", ...others } = row;
    const isRule = Object.keys(others).length === 0 && typeof code === "string" &&
      /^[a-z][a-z0-9-]{1,60}$/.test(code) && typeof sql === "string" &&
      typeof message === "string" && message.trim() !== "" && message.length <= LONGEST_ITEM;
    return isRule && (severity === "info" || severity === "warning" || severity === "error")
      ? [{ code, sql, message, severity }]
      : [];
  });
  return rules.length === written.length ? rules : null;
}

/** Each is run twice a migration. */
const MOST_RULES = 50;

/** Whether a value is a list of rules, as `rulesIn` gives them. */
export function areRules(value: unknown): value is readonly OwnRule[] {
  return Array.isArray(value) && value.every((row) => isTable(row) && "sql" in row);
}

/** The most checks, and the most characters of each part of one. */
const MOST_CHECKS = 200;
const LONGEST_CHECK = { name: 200, sql: 20_000, after: 20_000, expect: 2000 } as const;

/** The checks in a list of tables; null for anything else. */
function checksIn(written: unknown): readonly RowCheck[] | null {
  if (!Array.isArray(written) || written.length > MOST_CHECKS) return null;
  const checks: RowCheck[] = [];
  for (const row of written) {
    if (!isTable(row) || Object.keys(row).some((key) => !Object.hasOwn(LONGEST_CHECK, key))) {
      return null;
    }
    const { name, sql, after, expect } = row;
    const wanted = typeof expect === "number" || typeof expect === "boolean"
      ? String(expect)
      : expect;
    if (![name, sql, wanted].every((part) => typeof part === "string")) return null;
    if (after !== undefined && typeof after !== "string") return null;
    const check = {
      name: String(name).trim(),
      sql: String(sql).trim(),
      ...after === undefined ? {} : { after: after.trim() },
      expect: String(wanted),
    };
    const fits = check.after !== "" && (check.after ?? "").length <= LONGEST_CHECK.after &&
      check.name !== "" && check.sql !== "" &&
      check.name.length <= LONGEST_CHECK.name && check.sql.length <= LONGEST_CHECK.sql &&
      check.expect.length <= LONGEST_CHECK.expect;
    if (!fits || checks.some((other) => other.name === check.name)) return null;
    checks.push(check);
  }
  return checks;
}

/** Whether a value is a list of checks. */
export function areChecks(value: unknown): value is readonly RowCheck[] {
  return Array.isArray(value) &&
    value.every((row) => isTable(row) && typeof row.expect === "string");
}

/** The masks in a list of tables; null for anything else. */
function masksIn(written: unknown): readonly RowMask[] | null {
  if (!Array.isArray(written) || written.length > MOST_CHECKS) return null;
  const masks: RowMask[] = [];
  for (const row of written) {
    if (!isTable(row)) return null;
    const { columns, how, ...others } = row;
    const names = typeof columns === "string" ? [columns] : columns;
    if (Object.keys(others).length > 0 || !isMask(how) || !areStrings(names)) return null;
    const fit = names.length > 0 && names.length <= MOST_CHECKS &&
      names.every((name) => name.trim() !== "" && name.length <= LONGEST_ITEM);
    if (!fit) return null;
    masks.push({ columns: names, how });
  }
  return masks;
}

function isMask(value: unknown): value is Mask {
  return MASKS.some((mask) => mask === value);
}

/** Whether a value is a list of masks. */
export function areMasks(value: unknown): value is readonly RowMask[] {
  return Array.isArray(value) && value.every((row) => isTable(row) && isMask(row.how));
}

/** Whether a value is a command: a text for the shell, or words of which the first is a program. */
function isCommand(written: unknown): written is string | readonly string[] {
  return typeof written === "string"
    ? written.trim() !== ""
    : areStrings(written) && written[0] !== undefined && written[0] !== "" &&
      !written.some((word) => word.includes("\0"));
}

/** Whether a value is a list of strings. */
export function areStrings(written: unknown): written is readonly string[] {
  return Array.isArray(written) && written.every((item) => typeof item === "string");
}

/** Whether a value is a table of strings. */
export function areTexts(written: unknown): written is Readonly<Record<string, string>> {
  return isTable(written) && Object.values(written).every((item) => typeof item === "string");
}

/** Whether a value is a table. */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function expected(key: ConfigKey): string {
  switch (key.type) {
    case "count":
      return "it must be a whole number, 0 or more";
    case "amount":
      return "it must be a number, 0 or more";
    case "switch":
      return "it must be true or false";
    case "list":
      return "it must be a list of strings";
    case "path":
      return "it must be a path";
    case "paths":
      return "it must be a path or a list of paths";
    case "texts":
      return 'it must be a table of strings such as { name = "value" }';
    case "command":
      return 'it must be a command such as "bin/models ddl", or its words such as ["python", "ddl.py"]';
    case "duration":
      return "it must be a number of seconds or a duration such as 500ms, 90s, 5min or 1h";
    case "size":
      return "it must be a size of 256MB or more, such as 512MB or 2GB";
    case "rules":
      return "each needs code (small letters, digits and -), sql and message, and may have severity: info, warning or error";
    case "checks":
      return 'each [[check]] needs a name of its own, sql, and expect: a value or "same"; after is another query for after UP';
    case "masks":
      return `each [[mask]] needs columns, a name or a list of names, and how: ${MASKS.join(", ")}`;
    case "prices":
      return "each model needs a table with input and output, and may have cached, in US dollars for a million tokens";
    default:
      return "it must be a string";
  }
}

/** The most characters of one in a list. */
const LONGEST_ITEM = 256;

/** Why a value of the right type will not do. */
function refusal(key: ConfigKey, value: Value): string | null {
  if (key.type === "list" && areStrings(value)) {
    const fits = value.every((item) => item !== "" && item.length <= LONGEST_ITEM);
    if (!fits) return `each must have 1 to ${LONGEST_ITEM} characters`;
    const wrong = value.find((item) => key.items?.pattern.test(item) === false);
    return wrong === undefined ? null : `"${wrong}" is not ${key.items?.form}`;
  }
  if (key.key === "answers" && areTexts(value)) {
    const fits = Object.values(value).every((answer) => answer.trim() !== "") &&
      (value.data ?? ASSUME_EMPTY) === ASSUME_EMPTY;
    return fits ? null : `data can be "${ASSUME_EMPTY}" alone, and no answer is empty`;
  }
  if (key.key === "headers" && areTexts(value)) {
    const faults = Object.entries(value).flatMap(([name, text]) => headerFault(name, text) ?? []);
    return faults[0] ?? null;
  }
  if (key.key === "lint" && areTexts(value)) {
    const wrong = Object.entries(value).find(([, severity]) =>
      !["off", "info", "warning", "error"].includes(severity)
    );
    return wrong === undefined ? null : `${wrong[0]} can be off, info, warning or error`;
  }
  if (key.type === "paths" && areStrings(value) && value.includes("")) return "a path is empty";
  if (key.choices === undefined || typeof value !== "string") return null;
  return key.choices.includes(value) ? null : `it must be ${key.choices.join(" or ")}`;
}
