/** Queries of programs, prepared and never run: PREPARE resolves every name and type, and plans nothing. */

import { DatabaseError } from "../../core/error.ts";
import type { QueryCheck } from "../engine.ts";
import { reference } from "./quote.ts";

/** How it is done. */
export const queryCheck: QueryCheck = {
  parameter: (number) => `$${number}`,
  refusal: async (connection, sql) => {
    try {
      await connection.exec(`PREPARE aim_query AS ${sql}`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return UNTYPED.has(error.code) ? null : error;
    }
    await connection.exec("DEALLOCATE aim_query");
    return null;
  },
  readAll: ({ kind, name }) =>
    kind === "view" || kind === "materialized view" ? `SELECT * FROM ${reference(name)}` : null,
};

/** A parameter's type is not known: said when all names were found. */
const UNTYPED: ReadonlySet<string> = new Set(["42P18", "42P08"]);
