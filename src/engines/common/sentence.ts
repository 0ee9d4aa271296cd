/** Reasons that a dialect still writes as a sentence. */

import type { Reason } from "../../reason.ts";
import type { SchemaObject } from "../../schema.ts";
import { created, dropped } from "./statement.ts";

/** The reason that a sentence about an object gives: what `is new` or `is gone` is created or dropped, the rest is a description. */
export function reasonOf(object: SchemaObject, sentence: string): Reason {
  if (sentence.endsWith(" is new")) return created(object);
  if (sentence.endsWith(" is gone")) return dropped(object);
  return { action: "describe", text: sentence };
}
