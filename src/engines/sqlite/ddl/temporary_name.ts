/** Names for tables that live as long as a migration. */

import { temporaryName as freeName } from "../../common/temporary_name.ts";
import type { PlanContext } from "../../object_kind.ts";
import { fold } from "../tokens.ts";

/** `_aim_new_users`, or with a number behind it when that is taken. */
export function temporaryName(purpose: string, table: string, { from, to }: PlanContext): string {
  return freeName(purpose, table, (name) =>
    RELATIONS.some((kind) => {
      const id = `${kind}:${fold(name)}`;
      return from.objects.has(id) || to.objects.has(id);
    }));
}

const RELATIONS = ["table", "view", "index", "virtual table"];
