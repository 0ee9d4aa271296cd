/** Queries of programs, prepared and never run: EXPLAIN compiles a statement and lists its steps. */

import { DatabaseError } from "../../core/error.ts";
import type { QueryCheck } from "../engine.ts";
import { quote } from "./quote.ts";

/** How it is done. */
export const queryCheck: QueryCheck = {
  parameter: (number) => `?${number}`,
  refusal: async (connection, sql) => {
    try {
      await connection.query(`EXPLAIN ${sql}`);
      return null;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return error;
    }
  },
  readAll: ({ kind, name }) => kind === "view" ? `SELECT * FROM ${quote(name)}` : null,
};
