import assert from "node:assert/strict";
import test from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import { sequenceGrant } from "../../src/runtimes/mysql_server/accounts.ts";
import { mariadb } from "../../src/engines/mysql/mod.ts";
import { SERVERS, startServer } from "./servers.ts";

const denied = (object: string, code = "1142") =>
  new DatabaseError(
    `ALTER command denied to user 'aim_script'@'localhost' for table ${object}`,
    { code },
  );

test("a right on a sequence of the scripts' own database is given once more, and no other", () => {
  assert.equal(
    sequenceGrant(denied("`scratch`.`order``s`")),
    "GRANT ALTER ON `scratch`.`order``s` TO 'aim_script'@'localhost'",
  );
  for (
    const object of [
      "`mysql`.`global_priv`",
      "`MYSQL`.`user`",
      "`sys`.`x`",
      "`scratch`.`t` TO root@localhost; SELECT `1`",
      "`scratch`.`t`; DROP TABLE `x`",
      "`scratch`.`t",
      "`scratch`.`a`b`",
    ]
  ) {
    assert.equal(sequenceGrant(denied(object)), null, object);
  }
  assert.equal(sequenceGrant(denied("`scratch`.`s`", "1064")), null);
});

const isMissing = SERVERS.some((one) => one.engine === mariadb && one.isMissing);

test("a default takes the next value of a sequence, and the tables of the server stay shut", {
  skip: isMissing,
}, async () => {
  await using server = await startServer(mariadb);
  await using database = await server.create();
  for (
    const sql of [
      "CREATE SEQUENCE s",
      "CREATE TABLE t (id bigint NOT NULL)",
      "ALTER TABLE t MODIFY id bigint NOT NULL DEFAULT nextval(s)",
      "CREATE PROCEDURE p() SIGNAL SQLSTATE '42000' SET MYSQL_ERRNO = 1142, MESSAGE_TEXT = 'ALTER command denied to user ''a''@''b'' for table `mysql`.`user`'",
    ]
  ) await database.exec(sql);
  await assert.rejects(database.exec("CALL p()"), /ALTER command denied/);
  await assert.rejects(database.exec("ALTER TABLE mysql.user ADD COLUMN x int"), /denied/);
});
