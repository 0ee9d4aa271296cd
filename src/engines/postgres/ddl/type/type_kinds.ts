/** The kinds of types that can be made again on their own. */

import type { ObjectKind } from "../../../object_kind.ts";
import { composite } from "./composite.ts";
import { domain } from "./domain.ts";
import { enumType } from "./enum.ts";
import { range } from "./range.ts";

/** The kind by its name, where it is a kind of type. */
export function typeKind(kind: string): ObjectKind | undefined {
  return [enumType, domain, composite, range].find((candidate) => candidate.kind === kind);
}
