/** Queries of programs, prepared on servers and never run. */

import assert from "node:assert/strict";
import test from "node:test";
import { SERVERS, startServer } from "./servers.ts";

for (const { engine, isMissing } of SERVERS) {
  test(
    `${engine.dialect} says what it has against a query, and runs none`,
    { skip: isMissing },
    async () => {
      await using server = await startServer(engine);
      await using database = await server.create();
      await database.exec("CREATE TABLE t (a int, b varchar(10))");
      await database.exec("INSERT INTO t VALUES (1, 'x')");
      const check = engine.queryCheck;
      assert.ok(check !== undefined);
      assert.equal(
        await check.refusal(database, "SELECT a FROM t WHERE b = ? AND 'it''s' = '\\\\'"),
        null,
      );
      assert.equal(await check.refusal(database, "DELETE FROM t"), null);
      assert.match((await check.refusal(database, "SELECT c FROM t"))?.message ?? "", /column 'c'/);
      assert.match(
        (await check.refusal(database, "DELETE FROM u"))?.message ?? "",
        /u' doesn't exist/,
      );
      assert.deepEqual(await database.query("SELECT a FROM t"), [{ a: 1 }]);
    },
  );
}
