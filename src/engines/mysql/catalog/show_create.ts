/** SHOW CREATE of what there is in a database. */

import { DatabaseError } from "../../../core/error.ts";
import { queryEach } from "../../../runtimes/query_each.ts";
import type { Connection } from "../../../runtimes/runtime.ts";
import { LET_ZERO_DATES, OWN_MODES } from "../session.ts";

/** What is shown, and the column that its text stands in; that of its kind when absent. */
interface Wanted {
  readonly kind: string;
  readonly name: string;
  readonly column?: string;
}

/** SHOW CREATE of each of a kind; null where the account may not see it. */
export type Texts = readonly (string | null)[];

/** The texts of objects by their kinds, in as few trips as there are hundreds of them. */
export async function textsOf<Kind extends string>(
  connection: Connection,
  wanted: Readonly<Record<Kind, readonly Wanted[]>>,
): Promise<Readonly<Record<Kind, Texts>>> {
  const all = Object.values<readonly Wanted[]>(wanted).flat();
  const texts: (string | null)[] = [];
  for (let at = 0; at < all.length; at += MOST_TOGETHER) {
    const some = all.slice(at, at + MOST_TOGETHER);
    const answers = await shown(connection, some.map(showSql));
    for (const [index, { kind, column = kind }] of some.entries()) {
      texts.push(shownIn(answers[index], column));
    }
  }
  const kinds = Object.entries<readonly Wanted[]>(wanted);
  return Object.fromEntries(
    kinds.map(([kind, { length }]) => [kind, texts.splice(0, length)]),
  ) as unknown as Record<Kind, Texts>;
}

/** Statements of which each would cost a round trip. */
const MOST_TOGETHER = 200;

/** A row of SHOW CREATE. */
type Shown = Record<string, string | null>;

/** MySQL does not even show a table that computes with a date of zeros to a session whose modes refuse such dates. */
async function shown(
  connection: Connection,
  statements: readonly string[],
): Promise<readonly Shown[][]> {
  try {
    return await queryEach<Shown>(connection, statements);
  } catch (error) {
    const isOfDates = error instanceof DatabaseError && REFUSED_DATES.has(error.code);
    if (!isOfDates || connection.dialect !== "mysql") throw error;
    await connection.exec(LET_ZERO_DATES);
    try {
      return await queryEach<Shown>(connection, statements);
    } finally {
      await connection.exec(OWN_MODES);
    }
  }
}

/** Numbers of the errors for a value that is no date. */
const REFUSED_DATES: ReadonlySet<string> = new Set(["1292", "1525"]);

function showSql({ kind, name }: Wanted): string {
  return `SHOW CREATE ${kind} \`${name.replaceAll("`", "``")}\``;
}

function shownIn([row]: readonly Shown[] = [], column: string): string | null {
  const key = (TITLES[column] ?? `create ${column}`).toLowerCase();
  const found = Object.entries(row ?? {}).find(([title]) => title.toLowerCase() === key);
  return found?.[1] ?? null;
}

/** Columns of SHOW CREATE that are not called after what they show. */
const TITLES: Readonly<Record<string, string>> = { TRIGGER: "SQL Original Statement" };
