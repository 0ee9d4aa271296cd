import { mysqlLocal } from "../src/runtimes/mysql_local.ts";
for (const dialect of ["mysql"]) {
  const target: any = { dialect, version: null, needs: [], anyVersion: true };
  await using server = await mysqlLocal.start(target, { signal: new AbortController().signal });
  await using db = await server.create();
  const run = async (sql: string) => {
    try {
      await db.exec(sql);
      console.log(dialect, "ok", sql.slice(0, 90).replaceAll("\n", " "));
    } catch (e) {
      console.log(dialect, "ERR", sql.slice(0, 60), String(e));
    }
  };
  const q = async (sql: string) => {
    try {
      console.log(JSON.stringify(await db.query(sql)));
    } catch (e) {
      console.log("ERR", sql.slice(0, 60), String(e));
    }
  };

  await run("CREATE TABLE u (id int primary key, shop int, n int, v varchar(10)) ");
  const ct = async () =>
    q("SELECT CREATE_TIME FROM information_schema.TABLES WHERE TABLE_NAME='u'");
  let n = 1000000000;
  for (
    const a of [
      "ADD INDEX i (n), ALGORITHM=INPLACE",
      "MODIFY v varchar(20), ALGORITHM=INPLACE",
      "FORCE, ALGORITHM=INPLACE",
      "MODIFY n int NOT NULL, ALGORITHM=INPLACE",
      "RENAME INDEX i TO j, ALGORITHM=INPLACE",
      "ALTER n SET DEFAULT 3, ALGORITHM=INPLACE",
      "ADD COLUMN z int, ALGORITHM=INPLACE",
      "ADD COLUMN zz int, ALGORITHM=INSTANT",
      "DROP PRIMARY KEY, ADD PRIMARY KEY (shop), ALGORITHM=INPLACE",
    ]
  ) {
    n += 1000;
    await run("SET timestamp = " + n);
    await run("ALTER TABLE u " + a);
    await ct();
  }
}
