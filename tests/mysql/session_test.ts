/** The session of a runner, which decides what SQL means. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { SERVERS } from "./servers.ts";

const TABLE = "CREATE TABLE users (id int PRIMARY KEY, a varchar(20), b varchar(20));\n";
const SCHEMA = `${TABLE}CREATE VIEW v AS SELECT a || b AS n FROM users;
DELIMITER //
CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW BEGIN SET NEW.a = NEW.a || NEW.b; END//
DELIMITER ;
`;

for (const { engine, isMissing } of SERVERS) {
  test(`${engine.dialect}: sqlx joins texts by ||, in the proof as well`, {
    skip: isMissing,
  }, async () => {
    await using project = await temporaryFolder({
      "aim.toml": `engine = "${engine.dialect}"\nformat = "sqlx"\n`,
      "schema.sql": SCHEMA,
      "migrations/20240101000000_a.up.sql": TABLE,
      "migrations/20240101000000_a.down.sql": "DROP TABLE users;\n",
      // As OR, this is 0 for every text without a digit.
      "seeds/rows.sql": "INSERT INTO users VALUES (1, 'x', 'y');\n",
    });
    const made = await runAim(["generate", "--name", "next"], { cwd: project.path });
    assert.equal(made.code, 0, made.stderr);
    const folder = join(project.path, "migrations");
    const name = (await readdir(folder)).find((file) => file.endsWith("_next.up.sql")) ?? "";
    const text = await readFile(join(folder, name), "utf8");
    // The trigger keeps that mode, and the session has its own again behind it.
    assert.match(text, /SESSION sql_mode = '[^']*PIPES_AS_CONCAT[^']*';\nCREATE TRIGGER/);
    assert.match(text, /END;\nSET SESSION sql_mode = @aim_sql_mode;/);
    const again = await runAim(["diff", "--exit-code"], { cwd: project.path });
    assert.equal(again.code, 0, again.stdout);
  });
}
