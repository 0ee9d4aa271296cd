/** The statement policies: one with a real parser where there is one, by words elsewhere. */

import type { Lexicon } from "../../sql/lexicon.ts";
import type { Policy } from "./policy.ts";
import { scanningPolicy } from "./scanner.ts";

/** The policy of a dialect. Its parser is loaded here. */
export async function policyFor(dialect: string, lexicon: Lexicon): Promise<Policy> {
  switch (dialect) {
    case "postgres":
      return await (await import("./postgres.ts")).postgresPolicy(lexicon);
    case "sqlite":
      return await (await import("./sqlite.ts")).sqlitePolicy(lexicon);
    default:
      return scanningPolicy(lexicon);
  }
}
