/** Approvals with real ssh-keygen, gpg and git. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { allow, FIRST, POLICY, project, SECOND } from "./signed_project.ts";

const RECORD = "approvals/00002_body/ada@example.com.json";

test("a migration that destroys needs the approval of the policy, and gets it by a signature", async () => {
  await using made = await project();
  const { check, sign } = made;
  const before = await check();
  assert.equal(before.code, 1, before.stderr);
  assert.match(before.stdout, /missing {3}00002_body\n {2}needs 1 of dba \(destroys\), 1 missing/);
  const signed = await sign("ada", "ada", "--reason", "unused since March");
  assert.equal(signed.code, 0, signed.stderr);
  assert.equal(signed.stdout, `${RECORD}\n${RECORD}.sig\n`);
  const after = await check();
  assert.equal(after.code, 0, after.stderr);
  assert.match(after.stdout, /given {2}ada@example\.com {2}\S+ {2}ssh {2}unused since March/);
  const other = await check("migrations/00001_notes.sql");
  assert.equal(other.code, 0);
});

test("records are where no runner and no reader of a format looks", async () => {
  await using made = await project();
  const { path, sign } = made;
  await sign("ada", "ada");
  const valid = await runAim(["validate", "--schema", "-"], {
    cwd: path,
    stdin: "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);\n",
  });
  assert.equal(valid.code, 0, valid.stdout + valid.stderr);
});

/** What somebody does to a project with a good approval, and why it no longer counts. */
const ATTACKS: readonly {
  readonly title: string;
  readonly act: (path: string) => Promise<void>;
  readonly why: RegExp;
  readonly args?: readonly string[];
}[] = [
  {
    title: "the migration is edited, by a comment alone",
    act: (path) => writeFile(join(path, "migrations/00002_body.sql"), `${SECOND}-- more\n`),
    why: /the migration was edited since/,
  },
  {
    title: "a migration before it is edited",
    act: (path) =>
      writeFile(join(path, "migrations/00001_notes.sql"), FIRST.replace("title TEXT", "title INT")),
    why: /the migrations before it are not what they were/,
  },
  {
    title: "the record is edited",
    act: async (path) => {
      const text = await readFile(join(path, RECORD), "utf8");
      await writeFile(join(path, RECORD), text.replace('"reason": null', '"reason": "ok"'));
    },
    why: /its signature is not one of ada@example\.com/,
  },
  {
    title: "the record says another approver",
    act: async (path) => {
      const text = await readFile(join(path, RECORD), "utf8");
      await writeFile(join(path, RECORD), text.replaceAll("ada@example.com", "bo@example.com"));
      await allow(path, [["ada@example.com", "ada"], ["bo@example.com", "eve"]]);
    },
    why: /its signature is not one of bo@example\.com/,
  },
  {
    title: "the signature is gone",
    act: (path) => rm(join(path, `${RECORD}.sig`)),
    why: /it is not signed/,
  },
  {
    title: "the signature is of another key that claims to be ada's",
    act: async (path) => {
      await rm(join(path, `${RECORD}.sig`));
      execFileSync("ssh-keygen", [
        ...["-q", "-Y", "sign", "-n", "aim-approval"],
        ...["-f", join(path, "keys/eve"), join(path, RECORD)],
      ], { stdio: "pipe" });
    },
    why: /its signature is not one of ada@example\.com/,
  },
  {
    title: "the signature was made for another purpose",
    act: async (path) => {
      await rm(join(path, `${RECORD}.sig`));
      execFileSync("ssh-keygen", [
        ...["-q", "-Y", "sign", "-n", "git"],
        ...["-f", join(path, "keys/ada"), join(path, RECORD)],
      ], { stdio: "pipe" });
    },
    why: /its signature is not one of ada@example\.com/,
  },
  {
    title: "the record is replayed for another migration",
    act: async (path) => {
      await writeFile(join(path, "migrations/00003_more.sql"), SECOND.replaceAll("body", "title"));
      await cp(join(path, "approvals/00002_body"), join(path, "approvals/00003_more"), {
        recursive: true,
      });
    },
    why: /approvals\/00003_more\/ada@example\.com\.json {2}it is for 00002_body/,
  },
  {
    title: "the key is no longer allowed",
    act: (path) => allow(path, [["ada@example.com", "eve"]]),
    why: /its signature is not one of ada@example\.com/,
  },
  {
    title: "the record is a link",
    act: async (path) => {
      const text = await readFile(join(path, RECORD), "utf8");
      await writeFile(join(path, "elsewhere.json"), text);
      await rm(join(path, RECORD));
      await symlink(join(path, "elsewhere.json"), join(path, RECORD));
    },
    why: /1 missing/,
  },
  {
    title: "the record is no JSON",
    act: (path) => writeFile(join(path, RECORD), "{"),
    why: /it is no record of an approval/,
  },
];

for (const { title, act, why, args = [] } of ATTACKS) {
  test(`an approval is lost: ${title}`, async () => {
    await using made = await project();
    assert.equal((await made.sign("ada", "ada")).code, 0);
    await act(made.path);
    const { code, stdout, stderr } = await made.check(...args);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, why);
  });
}

test("one person counts once, one who is in no group not at all", async () => {
  const policy = POLICY.replace("count = 1", "count = 2");
  await using made = await project(policy);
  await allow(made.path, [["ada@example.com", "ada"], ["eve@example.com", "eve"]]);
  await made.sign("ada", "ada");
  await made.sign("eve", "eve");
  const record = await readFile(join(made.path, RECORD), "utf8");
  await writeFile(join(made.path, "approvals/00002_body/ada2.json"), record);
  await cp(join(made.path, `${RECORD}.sig`), join(made.path, "approvals/00002_body/ada2.json.sig"));
  const { code, stdout } = await made.check();
  assert.equal(code, 1);
  assert.match(stdout, /needs 2 of dba \(destroys\): ada@example\.com, 1 missing/);
});

test("approvals expire, by their own word and by the policy", async () => {
  await using made = await project();
  await made.sign("ada", "ada", "--expires", "1h");
  const text = await readFile(join(made.path, RECORD), "utf8");
  const sign = async (record: string) => {
    await writeFile(join(made.path, RECORD), record);
    await rm(join(made.path, `${RECORD}.sig`));
    execFileSync("ssh-keygen", [
      ...["-q", "-Y", "sign", "-n", "aim-approval"],
      ...["-f", join(made.path, "keys/ada"), join(made.path, RECORD)],
    ], { stdio: "pipe" });
  };
  assert.equal((await made.check()).code, 0);
  await sign(text.replace(/"expires": ".*?"/, '"expires": "2020-01-01T00:00:00.000Z"'));
  assert.match((await made.check()).stdout, /it has expired/);
  await sign(text.replace(/"at": ".*?"/, '"at": "2099-01-01T00:00:00.000Z"'));
  assert.match((await made.check()).stdout, /it was given in the future/);
  await sign(text.replace(/"at": ".*?"/, '"at": "2020-01-01T00:00:00.000Z"'));
  await writeFile(join(made.path, "aim.policy.toml"), `expires = "30d"\n${POLICY}`);
  assert.match((await made.check()).stdout, /it is older than the policy allows/);
});

test("a finding that the approver did not see takes the approval away", async () => {
  await using made = await project();
  await made.sign("ada", "ada");
  const settings =
    'engine = "sqlite"\nformat = "goose"\n[[rule]]\ncode = "own"\nsql = "SELECT count(*) AS n FROM pragma_table_info(\'notes\')"\nmessage = "{n}"\n';
  await writeFile(join(made.path, "aim.toml"), settings);
  const { code, stdout } = await made.check();
  assert.equal(code, 1);
  assert.match(stdout, /it does not know of the finding own/);
});

test("tables, owners, environments and severities say what is needed", async () => {
  await using made = await project(`approvals = [
  { when = "any", tables = "other", by = "a@example.com" },
  { when = "any", tables = "no*", by = "b@example.com" },
  { when = "error", by = "owner" },
  { when = "any", environment = "production", by = "c@example.com" },
  { when = "drop-table", by = "d@example.com" },
]
[groups]
notes-team = ["n@example.com"]
[owners]
"*" = "z@example.com"
"notes" = "notes-team"
`);
  const { stdout } = await made.check("--env", "staging");
  const needs = [...stdout.matchAll(/needs 1 of (\S+)/g)].map(([, by]) => by);
  assert.deepEqual(needs, ["b@example.com", "notes-team"]);
  const production = await made.check("--env", "production");
  assert.match(production.stdout, /needs 1 of c@example\.com/);
});

test("a wrong policy is an error and protects by that; so is a group that is not there", async () => {
  await using made = await project(
    `${POLICY}aprovals = []\n`.replace("[groups]", "x = 1\n[groups]"),
  );
  const wrong = await made.check();
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Unknown key "x" in aim\.policy\.toml/);
  await writeFile(join(made.path, "aim.policy.toml"), 'approvals = [{ by = "dbas" }]\n');
  assert.match((await made.check()).stderr, /There is no group "dbas"/);
});

test("--policy-from takes policy and keys of a revision that a branch cannot change", async () => {
  await using made = await project();
  const git = (...args: string[]) => {
    const settings = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...settings, ...args], { cwd: made.path, stdio: "pipe" });
  };
  git("init", "-q", "-b", "main");
  git("add", "aim.policy.toml", "keys/allowed");
  git("commit", "-q", "-m", "policy");
  await allow(made.path, [["ada@example.com", "eve"]]);
  await made.sign("ada", "eve");
  assert.equal((await made.check()).code, 0);
  assert.equal((await made.check("--policy-from", "main")).code, 1);
  await writeFile(join(made.path, "aim.policy.toml"), "approvals = []\n");
  assert.equal((await made.check()).code, 0);
  assert.equal((await made.check("--policy-from", "main")).code, 1);
  assert.equal((await made.check("--policy-from", "none")).code, 2);
});

test("GPG keys count by their fingerprints", async () => {
  await using made = await project();
  await using home = await temporaryFolder();
  const variables = { GNUPGHOME: home.path };
  const gpg = (...args: string[]) =>
    execFileSync("gpg", ["--batch", ...args], {
      env: { PATH: "/usr/bin:/bin", ...variables },
      stdio: "pipe",
      encoding: "utf8",
    });
  try {
    gpg("--passphrase", "", "--quick-gen-key", "bo@example.com", "ed25519", "sign", "never");
    const list = gpg("--with-colons", "--list-keys", "bo@example.com");
    const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(list)?.[1] ?? "";
    const aim = (...args: string[]) => runAim(args, { cwd: made.path, variables });
    const before = await aim("approve", "--as", "bo@example.com", "--key", fingerprint);
    assert.equal(before.code, 1, before.stderr);
    assert.match(before.stderr, /its key is not one of bo@example\.com in the policy/);
    await writeFile(
      join(made.path, "aim.policy.toml"),
      `${POLICY}[gpg]\n"${fingerprint}" = "bo@example.com"\n`,
    );
    const good = await aim("approve", "--check");
    assert.equal(good.code, 0, good.stdout + good.stderr);
    assert.match(good.stdout, /given {2}bo@example\.com {2}\S+ {2}gpg/);
    const record = join(made.path, "approvals/00002_body/bo@example.com.json");
    const text = await readFile(record, "utf8");
    await writeFile(record, text.replace('"reason": null', '"reason": "x"'));
    assert.match((await aim("approve", "--check")).stdout, /its signature is not good/);
    await writeFile(record, text);
    const other = await runAim(["approve", "--check"], {
      cwd: made.path,
      variables: { GNUPGHOME: join(made.path, "keys") },
    });
    assert.match(other.stdout, /its signature is not good, or its key is not known/);
  } finally {
    execFileSync("gpgconf", ["--kill", "all"], { env: { PATH: "/usr/bin:/bin", ...variables } });
  }
});

test("what cannot be signed leaves no record", async () => {
  await using made = await project();
  const missing = await made.sign("ada", "nobody");
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /Cannot sign with gpg/);
  assert.match((await made.check()).stdout, /1 missing/);
  const wrong = await runAim(["approve", "--as", "-Y sign", "--key", "keys/ada"], {
    cwd: made.path,
  });
  assert.equal(wrong.code, 2);
});
