/** Work that triggers do not see: the servers have no switch for them, so they are dropped and made again, in their order. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { literal, quote } from "../quote.ts";
import { isRefusal } from "./fill.ts";
import type { SeedTable } from "./tables.ts";

/** A trigger as the server shows it. */
interface Shown {
  readonly name: string;
  readonly sql: string;
  readonly mode: string;
  readonly client: string;
  readonly collation: string;
}

/** Does something while the triggers of tables are away. Gives their ids. */
export async function withoutTriggers<Result>(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly off: readonly string[] }> {
  const names = new Set(
    tables.filter(({ triggers }) => triggers.length > 0).map(({ name }) => name),
  );
  if (names.size === 0) return { result: await work(), off: [] };
  const shown = await triggersOf(database, names);
  const off = tables.flatMap(({ triggers }) => triggers.map(({ id }) => id));
  const dropped: Shown[] = [];
  try {
    for (const trigger of shown) {
      try {
        await database.exec(`DROP TRIGGER ${quote(trigger.name)}`);
        dropped.push(trigger);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    return { result: await work(), off };
  } finally {
    for (const trigger of dropped) await restore(database, trigger);
  }
}

async function triggersOf(
  database: ScratchDatabase,
  tables: ReadonlySet<string>,
): Promise<readonly Shown[]> {
  const rows = await database.query<{ readonly name: string; readonly owner: string }>(`
    SELECT trigger_name AS name, event_object_table AS owner FROM information_schema.triggers
    WHERE trigger_schema = DATABASE()
    ORDER BY event_object_table, action_timing, event_manipulation, action_order`);
  const shown: Shown[] = [];
  for (const { name, owner } of rows) {
    if (!tables.has(owner)) continue;
    const [row] = await database.query<Record<string, string>>(
      `SHOW CREATE TRIGGER ${quote(name)}`,
    );
    const sql = row?.["SQL Original Statement"];
    if (row === undefined || sql === undefined) continue;
    shown.push({
      name,
      sql,
      mode: row.sql_mode ?? "",
      client: row.character_set_client ?? "utf8mb4",
      collation: row.collation_connection ?? "utf8mb4_general_ci",
    });
  }
  return shown;
}

/** Makes a trigger again, in the session that it was made in. */
async function restore(
  database: ScratchDatabase,
  { sql, mode, client, collation }: Shown,
): Promise<void> {
  const [now] = await database.query<Record<string, string>>(
    `SELECT @@SESSION.sql_mode AS mode, @@SESSION.character_set_client AS client,
    @@SESSION.collation_connection AS collation`,
  );
  const set = (
    values: { readonly mode: string; readonly client: string; readonly collation: string },
  ) =>
    database.exec(
      `SET SESSION sql_mode = ${literal(values.mode)},
      SESSION character_set_client = ${literal(values.client)},
      SESSION collation_connection = ${literal(values.collation)}`,
    );
  await set({ mode, client, collation });
  try {
    await database.exec(sql);
  } finally {
    await set({
      mode: now?.mode ?? "",
      client: now?.client ?? "utf8mb4",
      collation: now?.collation ?? "utf8mb4_general_ci",
    });
  }
}
