/** Text that acts on a terminal, in the places where people read what others wrote. */

import { ACTING, SEQUENCES } from "../../../tests/attacks/acting.ts";
import { askAt, GOOD_ANSWER, person, projectFiles } from "../../../tests/attacks/model_project.ts";
import type { Random } from "../../../tests/property/random.ts";
import { type Finished, runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import { chunks, json, sse, wireServer } from "../../../tests/models/wire_server.ts";
import type { Attack, AttackSetup } from "../attack.ts";

/** All of this kind. */
export const attacks: readonly Attack[] = [
  { name: "names and comments of a schema", run: schema },
  { name: "statements that fail", run: failing },
  { name: "settings and arguments", run: settings },
  { name: "answers and errors of a provider", run: provider },
];

/** Known sequences and random control characters between words. */
function hostile({ random, round }: AttackSetup): string {
  const known = round === 0 ? Object.values(SEQUENCES) : random.some(Object.values(SEQUENCES), 4);
  const own = Array.from({ length: random.int(1, 8) }, () => String.fromCharCode(code(random)));
  return [...known, ...own, "x"].join(random.pick(["", " ", "[", "a"]));
}

function code(random: Random): number {
  const from = random.pick([[1, 9], [11, 31], [127, 159], [0x2028, 0x202e], [0x2066, 0x2069]]);
  return random.int(from[0] ?? 1, from[1] ?? 9);
}

/** What acts in what was sent, our own colours aside. */
function acts({ stdout, stderr, code }: Finished, what: string): string | null {
  if (code === 70) return `${what}: exit 70: ${stderr}`;
  // deno-lint-ignore no-control-regex
  const plain = (stdout + stderr).replaceAll(/\x1b\[(?:1|2|22|3[1-6]|39)m/g, "");
  const found = ACTING.exec(plain);
  return found === null
    ? null
    : `${what}: ${JSON.stringify(plain.slice(found.index - 40, found.index + 10))}`;
}

async function inProject(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string | null> {
  await using folder = await temporaryFolder(projectFiles({ wire: "openai", files }));
  const variables = person(folder.path);
  return acts(await runAim(args, { cwd: folder.path, variables }), args.join(" "));
}

function schema(setup: AttackSetup): Promise<string | null> {
  const name = `"${hostile(setup).replaceAll('"', "")}"`;
  const sql =
    `CREATE TABLE users (id integer PRIMARY KEY, ${name} text DEFAULT 'x' /* ${name} */);\n` +
    `CREATE TABLE ${name.replace('"', '"t')} (id integer);\n`;
  const args = setup.random.pick([
    ["diff", "--color", "always"],
    ["diff", "--json"],
    ["generate", "-v", "--generator", "planner", "--color", "always"],
    ["generate", "--explain", "--generator", "planner"],
    ["validate", "-v"],
  ]);
  return inProject({ "schema.sql": sql }, args);
}

function failing(setup: AttackSetup): Promise<string | null> {
  const text = hostile(setup);
  const sql = setup.random.pick([
    `SELECT * FROM "${text}";`,
    `CREATE TABLE ${text};`,
    `CREATE TABLE t (a text); -- ${text}\nINSERT INTO t VALUES ('${text}', 1);`,
  ]);
  const args = setup.random.pick([["diff"], ["diff", "--json"], [
    "diff",
    "-v",
    "--color",
    "always",
  ]]);
  return inProject({ "schema.sql": `${sql}\n` }, args);
}

function settings(setup: AttackSetup): Promise<string | null> {
  const text = hostile(setup).replaceAll("\0", "");
  const quoted = JSON.stringify(text);
  const key = setup.random.pick(["engine", "schema", "model", "format", "base_url", "nothing"]);
  const [toml, args] = setup.random.pick([
    [`engine = "sqlite"\n${key} = ${quoted}\n`.replace(/^engine.*\n(?=engine)/, ""), ["diff"]],
    [`engine = "sqlite"\nmodel = "openai/m"\nbase_url = ${quoted}\n`, ["trust"]],
    [`engine = "sqlite"\napi_key_command = ${quoted}\nmodel = "openai/m"\n`, ["doctor"]],
    [`engine = "sqlite"\n`, [text]],
    [`engine = "sqlite"\n`, ["diff", "--engine", text]],
    [`engine = "sqlite"\n`, ["explain", text]],
  ]) as [string, string[]];
  return inProject({ "aim.toml": toml }, args);
}

async function provider(setup: AttackSetup): Promise<string | null> {
  const text = hostile(setup);
  const [script, args] = setup.random.pick([
    [
      sse(chunks.answer(JSON.stringify({ ...JSON.parse(GOOD_ANSWER), description: text }))),
      "generate",
    ],
    [sse(chunks.answer(text)), "generate"],
    [sse(chunks.chunk({ refusal: text }, "stop")), "generate"],
    [json(400, { error: { message: text } }), "generate"],
    [json(404, { error: { message: `model ${text}` } }), "generate"],
    [json(200, { data: [{ id: text.slice(0, 100) }] }), "models"],
  ]) as [ReturnType<typeof sse>, string];
  await using server = await wireServer();
  const more = args === "models" ? ["openai"] : ["-v"];
  return acts(
    await askAt(server.at("talk", script), { wire: "openai", args: [args, ...more] }),
    args,
  );
}
