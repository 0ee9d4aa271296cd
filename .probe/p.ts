import { mysqlLocal } from "../src/runtimes/mysql_local.ts";
for (const dialect of ["mysql"]) {
  const target: any = { dialect, version: null, needs: [], anyVersion: true };
  await using server = await mysqlLocal.start(target, { signal: new AbortController().signal });
  await using db = await server.create();
  const run = async (sql: string) => { try { await db.exec(sql); console.log(dialect, "ok", sql.slice(0,60).replaceAll("\n"," ")); } catch (e) { console.log(dialect, "ERR", sql.slice(0,60), String(e)); } };
  await run("CREATE TABLE u (id int primary key, full varchar(20) not null, name varchar(20))");
  await run("CREATE TRIGGER ti BEFORE INSERT ON u FOR EACH ROW BEGIN IF NEW.name IS NULL THEN SET NEW.name = (SELECT upper(full) FROM (SELECT NEW.full AS full) AS written); ELSE SET NEW.full = (SELECT lower(name) FROM (SELECT NEW.name AS name) AS written); END IF; END");
  await run("INSERT INTO u (id, full) VALUES (1, 'abc')");
  await run("INSERT INTO u (id, name) VALUES (2, 'XYZ')");
  console.log(await db.query("SELECT * FROM u"));
  await run("CREATE PROCEDURE p() BEGIN DECLARE n INT DEFAULT 0; SET @a = NULL; SELECT id INTO @a FROM u ORDER BY id LIMIT 1; WHILE n < 2 DO UPDATE u SET full = full WHERE id >= @a; SELECT CONCAT(n, ' rows') AS progress; COMMIT; SET n = n + 1; DO SLEEP(0.01); END WHILE; END");
  await run("CALL p()");
  await run("UPDATE u t JOIN (SELECT id, LEAD(name) OVER (ORDER BY id) AS value_name FROM u) o ON t.id = o.id SET t.name = o.value_name WHERE o.value_name IS NOT NULL");
  console.log(await db.query("SELECT * FROM u"));
}
