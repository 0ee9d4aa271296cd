/** Names for tables that live as long as a migration. */

import type { PlanContext } from "../../object_kind.ts";
import { fold } from "../tokens.ts";

/** `_aim_new_users`, or with a number behind it when that is taken. */
export function temporaryName(purpose: string, table: string, context: PlanContext): string {
  const base = `_aim_${purpose}_${table}`;
  let name = base;
  for (let count = 2; isTaken(name, context); count++) name = `${base}_${count}`;
  return name;
}

function isTaken(name: string, { from, to }: PlanContext): boolean {
  return ["table", "view", "index", "virtual table"].some((kind) => {
    const id = `${kind}:${fold(name)}`;
    return from.objects.has(id) || to.objects.has(id);
  });
}
