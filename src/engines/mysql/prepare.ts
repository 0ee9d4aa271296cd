/** Queries of programs, prepared and never run, from a text in a variable. */

import { Buffer } from "node:buffer";
import { DatabaseError } from "../../core/error.ts";
import type { QueryCheck } from "../engine.ts";
import { quotePath } from "./quote.ts";

/** How it is done. */
export const queryCheck: QueryCheck = {
  parameter: () => "?",
  refusal: async (connection, sql) => {
    const text = Buffer.from(sql, "utf8").toString("hex");
    try {
      await connection.exec(`SET @aim_query = CONVERT(0x${text} USING utf8mb4)`);
      await connection.exec("PREPARE aim_query FROM @aim_query");
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return error;
    }
    await connection.exec("DEALLOCATE PREPARE aim_query");
    return null;
  },
  readAll: ({ kind, name }) => kind === "view" ? `SELECT * FROM ${quotePath(name)}` : null,
};
