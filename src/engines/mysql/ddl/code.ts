/** Code that is stored with the settings of the session that made it. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { statement } from "../../common/statement.ts";
import { literal, quote } from "../quote.ts";

/** The statements between those that give the session the modes and time zone of the code, and its own back; alone where it has no others. */
export function inItsSession(
  object: SchemaObject,
  { sql_mode, time_zone }: { readonly sql_mode?: string; readonly time_zone?: string },
  statements: readonly PlannedStatement[],
): readonly PlannedStatement[] {
  const settings = Object.entries({ sql_mode, time_zone }).filter(([, value]) =>
    value !== undefined
  );
  const set = (assignments: string) =>
    statement(
      `SET ${assignments}`,
      object,
      {
        action: "describe",
        text: `The code of ${object.kind} ${object.name} is stored with this setting`,
      },
    );
  return [
    ...settings.map(([name, value = ""]) =>
      set(`@aim_${name} = @@SESSION.${name}, SESSION ${name} = ${literal(value)}`)
    ),
    ...statements,
    ...settings.map(([name]) => set(`SESSION ${name} = @aim_${name}`)),
  ];
}

/** `DEFINER = 'app'@'%'`, where the definer is a fact; nothing elsewhere. */
export function definerWords({ definer }: { readonly definer?: string }): readonly string[] {
  if (definer === undefined) return [];
  const at = definer.lastIndexOf("@");
  const [user, host] = [definer.slice(0, at), definer.slice(at + 1)];
  // A role has no host.
  return [`DEFINER = ${quote(user)}${host === "" ? "" : `@${quote(host)}`}`];
}
