/** Where Postgres' errors stand: at the offset that it gives, else at a name that the message quotes. */

import type { DatabaseError } from "../../core/error.ts";
import { firstNamed } from "../common/error_position.ts";
import type { ErrorPosition } from "../engine.ts";
import { lexicon } from "./lexicon.ts";

/** The position of an error; null when nothing tells. */
export function errorPosition(error: DatabaseError, statement: string): ErrorPosition | null {
  const quoted = [...error.message.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  const found = firstNamed(quoted, statement, lexicon);
  const offset = error.offset ?? found?.offset;
  if (offset === undefined) return null;
  const missing = found !== null && error.message.includes("does not exist") ? found.name : null;
  return { offset, missing };
}

/** Undefined tables, columns, functions, schemas, other objects, and keys to refer to. */
const MISSING: ReadonlySet<string> = new Set([
  "42P01",
  "42703",
  "42883",
  "3F000",
  "42704",
  "42830",
]);

/** Whether an error is that there is no such object, yet. */
export function isMissingObject({ code }: DatabaseError): boolean {
  return MISSING.has(code);
}
