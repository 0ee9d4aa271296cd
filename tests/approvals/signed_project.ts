/** A project with a policy, and keys made by ssh-keygen. */

import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runAim, temporaryFolder } from "../run_aim.ts";

export const FIRST =
  "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT);\n-- +goose Down\nDROP TABLE notes;\n";
export const SECOND =
  "-- +goose Up\nALTER TABLE notes DROP COLUMN body;\n-- +goose Down\nALTER TABLE notes ADD COLUMN body TEXT;\n";
export const POLICY = `allowed_signers = "keys/allowed"
approvals = [{ when = "destroys", by = "dba", count = 1 }]
[groups]
dba = ["ada@example.com", "bo@example.com"]
`;

/** A project with keys of ada and eve; ada's is allowed. */
export async function project(policy = POLICY) {
  const folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "aim.policy.toml": policy,
    "migrations/00001_notes.sql": FIRST,
    "migrations/00002_body.sql": SECOND,
  });
  const { path } = folder;
  await mkdir(join(path, "keys"));
  for (const name of ["ada", "eve"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(path, "keys", name)]);
  }
  await allow(path, [["ada@example.com", "ada"]]);
  const aim = (...args: string[]) => runAim(args, { cwd: path });
  return {
    path,
    check: (...args: string[]) => aim("approve", "--check", ...args),
    sign: (who: string, key: string, ...args: string[]) =>
      aim("approve", "--as", `${who}@example.com`, "--key", `keys/${key}`, ...args),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Makes those keys, and no others, the ones that the policy trusts: who, and whose key. */
export async function allow(
  path: string,
  keys: readonly (readonly [string, string])[],
): Promise<void> {
  const lines = await Promise.all(keys.map(async ([who, key]) => {
    const [type, text] = (await readFile(join(path, "keys", `${key}.pub`), "utf8")).split(" ");
    return `${who} ${type} ${text}\n`;
  }));
  await writeFile(join(path, "keys/allowed"), lines.join(""));
}
