/** Messages of servers that people use, without the values of rows that some of them quote: an error goes into logs that many may read. */

import { DatabaseError } from "../../core/error.ts";

/** What takes values out of a text; a pattern's first two groups stay, and what stands between them goes. */
export type Masks = readonly RegExp[];

/** The same error with `...` in place of values; the server's own one is no part of it. */
export function withoutValues(
  error: DatabaseError,
  { message, detail }: { readonly message: Masks; readonly detail: Masks },
): DatabaseError {
  const { code, offset, hint, statement } = error;
  return new DatabaseError(masked(error.message, message), {
    code,
    ...offset === undefined ? {} : { offset },
    ...hint === undefined ? {} : { hint },
    ...statement === undefined ? {} : { statement },
    ...error.detail === undefined ? {} : { detail: masked(error.detail, detail) },
  });
}

function masked(text: string, masks: Masks): string {
  return masks.reduce((rest, mask) => rest.replace(mask, "$1...$2"), text);
}
