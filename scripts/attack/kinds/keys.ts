/** Keys that are said back, stored or spelled otherwise, and projects that want a key for an address of theirs. */

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spellings } from "../../../tests/attacks/key_spellings.ts";
import { askAt, person, projectFiles, WIRES } from "../../../tests/attacks/model_project.ts";
import type { Random } from "../../../tests/property/random.ts";
import { runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import { json, wireServer } from "../../../tests/models/wire_server.ts";
import type { Attack, AttackSetup } from "../attack.ts";

/** All of this kind. */
export const attacks: readonly Attack[] = [
  { name: "a key that the server says back", run: echo },
  { name: "a stored key in a schema", run: stored },
  { name: "an address of the project without trust", run: untrusted },
  { name: "an edited script of a trusted command", run: edited },
];

const SIGNS = [..."abcdefXYZ0123456789-_/+=.:@%&\"'\\$#~"];

function randomKey(random: Random): string {
  return Array.from({ length: random.int(10, 60) }, () => random.pick(SIGNS)).join("").trim() +
    "7Z";
}

function shown(key: string, text: string): string | null {
  const found = Object.entries(spellings(key)).find(([, { hidden }]) =>
    hidden.length >= 8 && text.includes(hidden)
  );
  return found === undefined ? null : `the key ${key} is shown ${found[0]}`;
}

async function echo({ random }: AttackSetup): Promise<string | null> {
  const wire = random.pick(WIRES);
  const key = randomKey(random);
  const name = wire === "anthropic" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY";
  const all = Object.values(spellings(key)).map(({ written }) => written);
  await using server = await wireServer();
  const message = all.join(random.pick([" ", "\n", ", ", "\t"]));
  const body = random.pick([{ error: { message } }, { error: message }, { message }]);
  const url = server.at("echo", json(random.pick([400, 401, 404, 422]), body));
  const args = random.pick([["generate", "-v"], ["generate", "--json"], ["models", wire]]);
  const { stdout, stderr } = await askAt(url, { wire, args, variables: { [name]: key } });
  return shown(key, stdout + stderr);
}

async function stored({ random }: AttackSetup): Promise<string | null> {
  const key = randomKey(random);
  const literal = `'${key.replaceAll("'", "''")}'`;
  await using folder = await temporaryFolder({
    ...projectFiles({
      wire: "openai",
      files: {
        "schema.sql": `CREATE TABLE t (a text DEFAULT ${literal}); SELECT ${literal} FROM u;\n`,
      },
    }),
    ".config/aim/credentials.toml": `openai = ${JSON.stringify(key)}\n`,
  });
  const args = random.pick([["diff"], ["diff", "--json"], ["generate", "-v"], ["validate"]]);
  const { stdout, stderr } = await runAim(args, {
    cwd: folder.path,
    variables: person(folder.path),
  });
  return (stdout + stderr).includes(key) ? `the key ${key} is shown by ${args.join(" ")}` : null;
}

async function untrusted({ random }: AttackSetup): Promise<string | null> {
  await using server = await wireServer();
  const url = server.at("near", json(400, {}));
  const port = new URL(url).port;
  const address = random.pick([
    url,
    `http://localhost:${port}/near`,
    `http://127.1:${port}/near`,
    `http://[::ffff:127.0.0.1]:${port}/near`,
    `http://x.localhost:${port}/near`,
  ]);
  const files = projectFiles({ wire: random.pick(WIRES), toml: `base_url = "${address}"` });
  await using folder = await temporaryFolder(files);
  const key = randomKey(random);
  const variables = person(folder.path, { ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key });
  const { code } = await runAim(["generate"], { cwd: folder.path, variables });
  return code === 2 && server.hits("near").length === 0 ? null : `${address} was asked`;
}

async function edited({ random }: AttackSetup): Promise<string | null> {
  const [command, file] = random.pick([
    ["sh key.sh", "key.sh"],
    ["sh ./a/b/key.sh | head -1", "a/b/key.sh"],
    ["cat key.sh | sh", "key.sh"],
    ["cd a; . ./key.sh", "a/key.sh"],
    ["sh outer.sh", "a/inner.sh"],
    ["sh -c 'sh \"a b.sh\"'", "a b.sh"],
    ["make -s key", "Makefile"],
  ]);
  const text = file === "Makefile" ? "key:\n\t@echo a-key-of-mine\n" : "echo a-key-of-mine\n";
  await using server = await wireServer();
  await using folder = await temporaryFolder(projectFiles({
    wire: "openai",
    toml: `base_url = "${server.at("keyed", json(400, {}))}"\napi_key_command = """${
      command.replaceAll('"', '\\"')
    }"""`,
    files: { "outer.sh": "sh a/inner.sh\n", [file]: text },
  }));
  const settings = { cwd: folder.path, variables: person(folder.path) };
  await runAim(["trust"], settings);
  await writeFile(
    join(folder.path, file),
    file === "Makefile" ? `key:\n\t@touch ran; echo a-key\n` : `touch ran\n${text}`,
  );
  await runAim(["generate"], settings);
  const ran = await rm(join(folder.path, "ran")).then(
    () => true,
    () => rm(join(folder.path, "a/ran")).then(() => true, () => false),
  );
  return ran ? `${command}: the edited ${file} was run` : null;
}
