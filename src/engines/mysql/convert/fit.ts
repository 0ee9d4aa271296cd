/** What MySQL and MariaDB can hold of a schema. */

import { columnOf } from "../../convert/adapt.ts";
import type { FittedType, Holding, TypePlace } from "../../convert/holding.ts";
import type {
  LogicalType,
  NeutralIndex,
  NeutralPart,
  NeutralTable,
} from "../../convert/neutral.ts";
import { call, type Expression } from "../../convert/tree.ts";
import { speechOf } from "./speech.ts";

/** What the family can hold. */
export function holdingOf(isMariadb: boolean): Holding {
  return {
    speech: speechOf(isMariadb),
    fitType: (type, place) => fitType(type, place, isMariadb),
    fitIndex: (index, table) => fitIndex(index, table, isMariadb),
    longestName: 64,
    names: { index: "table", constraint: "schema", trigger: "schema" },
    has: {
      touched: true,
      deferred: false,
      comments: true,
      sequences: isMariadb,
      caseless: true,
      assign: true,
      severalEvents: false,
      updateOf: false,
      sameTypes: true,
      setDefault: false,
      counters: "keyed",
      virtual: true,
    },
  };
}

/** The longest text, in characters, that a row and a key of several columns take. */
const LONGEST_TEXT = 16_383;
const IN_KEY = 255;

function fitType(type: LogicalType, place: TypePlace, isMariadb: boolean): FittedType {
  const text = (why: string): FittedType => ({
    type: place.isKey
      ? { kind: "text", length: IN_KEY, isFixed: false, most: null }
      : { kind: "text", length: null, isFixed: false, most: null },
    why,
  });
  switch (type.kind) {
    case "text":
      return fitText(type, place);
    case "binary":
      if (type.length !== null || !place.isKey) return { type, why: null };
      return {
        type: { kind: "binary", length: IN_KEY, isFixed: false, most: null },
        why: "a column of a key has a length there",
      };
    case "decimal":
      if (type.precision === null) {
        return {
          type: { kind: "decimal", precision: 65, scale: 30 },
          why: "a number without a precision has 65 digits there, 30 of them behind the point",
        };
      }
      if (type.precision > 65 || type.scale > 30) {
        return {
          type: { kind: "decimal", precision: 65, scale: Math.min(Math.max(type.scale, 0), 30) },
          why: "numbers have 65 digits at most, 30 of them behind the point",
        };
      }
      return {
        type: { ...type, scale: Math.max(type.scale, 0) },
        why: type.scale < 0 ? "digits before the point are not rounded there" : null,
      };
    case "time":
      return {
        type: { ...type, hasZone: false },
        why: type.hasZone ? "a time has no zone there" : null,
      };
    case "timestamp":
      if (!type.hasZone || type.fraction === 0) return { type, why: null };
      return {
        type: { ...type, hasZone: false },
        why: "TIMESTAMP ends in the year 2038 there: moments are kept in UTC",
      };
    case "interval":
      return text("an interval is kept as its text");
    case "uuid":
      return isMariadb
        ? { type, why: null }
        : { type: { kind: "text", length: 36, isFixed: true, most: null }, why: null };
    case "json":
      return { type: { kind: "json", isBinary: true }, why: null };
    case "enum":
      return { type: { ...type, name: null }, why: null };
    case "bits":
      if (!type.isVarying && (type.length ?? 65) <= 64) return { type, why: null };
      return text("bits of a varying length are kept as their text");
    case "array":
      return { type: { kind: "json", isBinary: true }, why: "an array is kept as JSON" };
    case "any":
      return text("a column without a type has no equal");
    case "other":
      return text(`${type.text} is a type of its dialect alone`);
    default:
      return { type, why: null };
  }
}

function fitText(
  type: Extract<LogicalType, { readonly kind: "text" }>,
  { isKey }: TypePlace,
): FittedType {
  const { length, isFixed } = type;
  if (length === null) {
    if (!isKey) return { type, why: null };
    return {
      type: { kind: "text", length: IN_KEY, isFixed: false, most: null },
      why: "a column of a key has a length there",
    };
  }
  if (isFixed && length > 255) {
    return { type: { ...type, isFixed: false }, why: "CHAR has 255 characters at most" };
  }
  if (length > LONGEST_TEXT) {
    return { type: { kind: "text", length: null, isFixed: false, most: null }, why: null };
  }
  return { type: { ...type, most: null }, why: null };
}

/** Bytes of a key; a character takes up to four. */
const KEY_BYTES = 3072;
const PREFIX = 191;

function fitIndex(index: NeutralIndex, table: NeutralTable, isMariadb: boolean) {
  if (index.kind === "inverted") return { index: null, why: "GIN has no equal" };
  if (index.kind === "spatial") return { index: null, why: "GiST has no equal" };
  const isExpression = index.parts.some(({ expression }) => columnOf(expression) === null);
  if (isExpression && isMariadb) {
    return { index: null, why: "an index of an expression has no equal in MariaDB" };
  }
  if (index.kind === "fulltext") return { index, why: null };
  const reasons: string[] = [];
  let { isUnique } = index;
  if (index.where !== null) {
    reasons.push(
      isUnique
        ? "it is no longer unique, and of all rows: a partial index has no equal"
        : "it is of all rows: a partial index has no equal",
    );
    isUnique = false;
  }
  const parts = index.parts.map((part) => shortPart(part, table, index.parts.length));
  const isShort = parts.some(({ length }, at) => length !== index.parts[at]?.length);
  if (isShort) reasons.push("a long text is indexed by its beginning");
  if (isShort && isUnique) {
    isUnique = false;
    reasons.push("it is no longer unique");
  }
  const none = table.columns.filter(({ type }) => type.kind === "json").map(({ name }) => name);
  if (parts.some(({ expression }) => none.includes(columnOf(expression) ?? "")) && !isMariadb) {
    return { index: null, why: "JSON cannot be indexed there" };
  }
  return {
    index: { ...index, isUnique, where: null, parts },
    why: reasons.length === 0 ? null : reasons.join("; "),
  };
}

function shortPart(part: NeutralPart, table: NeutralTable, count: number): NeutralPart {
  const column = table.columns.find(({ name }) => name === columnOf(part.expression));
  if (column === undefined || part.length !== null) return part;
  const { type } = column;
  if (type.kind !== "text" && type.kind !== "binary") {
    return type.kind === "json" ? { ...part, length: PREFIX } : part;
  }
  const bytes = type.kind === "text" ? 4 : 1;
  const most = Math.floor(KEY_BYTES / bytes / count);
  if (type.length !== null) return type.length > most ? { ...part, length: most } : part;
  return { ...part, length: Math.min(PREFIX, most) };
}

/** The moment now, to the digits that a column holds. */
export function nowOf(type: LogicalType): Expression {
  const fraction = type.kind === "timestamp" || type.kind === "time" ? type.fraction : 0;
  return fraction === 0 ? call("now") : call("now", { node: "number", text: String(fraction) });
}
