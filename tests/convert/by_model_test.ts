/** What no rule converts, by a model over HTTP: loaded, compared, and refused where it is something else. */

import assert from "node:assert/strict";
import test, { after } from "node:test";
import { chunks, sse, wireServer } from "../models/wire_server.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

const SCHEMA = `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT DEFAULT (printf('%03d', 5)));
CREATE VIEW v AS SELECT id, printf('%03d', id) AS code FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = printf('%s!', NEW.a) WHERE id = NEW.id; END;
`;

const answer = (...statements: readonly string[]) =>
  sse(chunks.answer(JSON.stringify({ plan: "the same", statements })));

async function converted(name: string, answers: readonly ReturnType<typeof answer>[]) {
  await using folder = await temporaryFolder({ "schema.sql": SCHEMA });
  const url = wire.at(name, ...answers);
  const ran = await runAim([
    "convert",
    "--from",
    "sqlite",
    "--to",
    "postgres",
    "schema.sql",
    "--json",
    "--model",
    "openai-compatible/m",
    "--max-retries",
    "1",
  ], { cwd: folder.path, variables: { AIM_BASE_URL: `${url}/v1` } });
  assert.equal(ran.code, 0, ran.stderr);
  const { sql, conversions, model } = JSON.parse(ran.stdout);
  const left = conversions.filter((one: { outcome: string }) => one.outcome === "dropped")
    .map((one: { object: string }) => one.object);
  return { sql, conversions, model, left, hits: wire.hits(name) };
}

const DEFAULT = "ALTER TABLE t ALTER COLUMN b SET DEFAULT lpad('5', 3, '0')";
const VIEW = "CREATE VIEW v AS SELECT id, lpad(id::text, 3, '0') AS code FROM t";
const FUNCTION =
  "CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := NEW.a || '!'; RETURN NEW; END $$";
const TRIGGER = "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr()";

test("what a model writes for a default, a view and a trigger is loaded and taken", async () => {
  const { sql, left, model, hits, conversions } = await converted("taken", [
    answer(DEFAULT),
    answer(VIEW),
    answer(FUNCTION, TRIGGER),
  ]);
  assert.deepEqual(left, [], hits.map(({ text }) => text.slice(-600)).join("\n====\n"));
  for (const statement of [DEFAULT, VIEW, FUNCTION, TRIGGER]) {
    assert.ok(sql.includes(statement), sql);
  }
  assert.deepEqual([model.attempts, model.prompts], [3, ["convert-1"]]);
  assert.match(conversions[1].became, /what openai-compatible\/m wrote: CREATE VIEW v/);
  assert.match(hits[1]?.text ?? "", /printf\('%03d', id\)[\s\S]*The function printf\(\)|printf/);
});

test("what is something else is told and refused; what the model does not know stays named as left", async () => {
  const { sql, left, hits } = await converted("refused", [
    answer("UPDATE t SET b = '005'"),
    answer("ALTER TABLE t ALTER COLUMN a SET DEFAULT '005'"),
    answer("CREATE VIEW v AS SELECT lpad(id::text, 3, '0') AS code, id FROM t"),
    answer("CREATE VIEW w AS SELECT 1"),
    answer(),
  ]);
  assert.deepEqual(left, ["default of column t.b", "view v", "trigger t.tr"]);
  assert.doesNotMatch(sql, /lpad|005|VIEW/);
  assert.match(hits[1]?.text ?? "", /not one definition/);
  assert.match(hits[3]?.text ?? "", /its columns are code, id, not id, code/);
});

test("without a model nothing is asked and all of it is named", async () => {
  await using folder = await temporaryFolder({ "schema.sql": SCHEMA });
  const args = ["convert", "--from", "sqlite", "--to", "postgres", "schema.sql", "--json"];
  const { stdout, code } = await runAim(args, { cwd: folder.path });
  assert.equal(code, 0);
  const { conversions, model } = JSON.parse(stdout);
  assert.deepEqual([conversions.length, model], [3, undefined]);
});
