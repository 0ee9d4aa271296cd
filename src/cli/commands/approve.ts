/** `aim approve`. */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseAge } from "../../approvals/policy.ts";
import { EXIT, UsageError } from "../../core/error.ts";
import { gitSetting } from "../../host/git.ts";
import type { SigningKey } from "../../host/signatures.ts";
import type { LintSelection } from "../../pipeline/mod.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open } from "../open.ts";
import { renderApprovals, renderApprovalsSum, renderSigned } from "../report/approvals.ts";

/** Signs a migration, or checks that those who must have. */
export const approve: Command = {
  name: "approve",
  summary: "Sign a migration with an SSH or GPG key, or check that it has the approvals it needs",
  more: [
    "What is signed are the hashes of the migration's files and of the history before it, what lint found and how the proof came out: an edit of any of them takes the approval away. Records lie in `approvals/` beside aim.toml, where no runner looks. `aim.policy.toml` says which migrations need whose approval.",
    "The key is that of `--key`, else the one with which git signs (`user.signingkey`, `gpg.format`). SSH keys count when the file of `allowed_signers` has them, GPG keys by their fingerprint in the policy.",
  ],
  arguments: [{
    name: "migration",
    required: false,
    repeats: true,
    summary: "File of the migration, the last one without it; several with --check",
    completes: "file",
  }],
  flags: [
    { name: "check", summary: "Sign nothing: exit with 1 when an approval is missing" },
    { name: "all", summary: "With --check: every migration" },
    { name: "git-base", value: "REF", summary: "With --check: what a branch or commit has not" },
    { name: "env", value: "NAME", summary: "With --check: the environment it is to run in" },
    {
      name: "policy-from",
      value: "REF",
      summary:
        "With --check: policy and keys of a branch or commit, so that a change cannot allow itself",
    },
    {
      name: "key",
      value: "KEY",
      summary: "File of an SSH key, or id of a GPG key",
      completes: "file",
    },
    { name: "as", value: "ADDRESS", summary: "Who approves; git's user.email without it" },
    { name: "reason", value: "TEXT", summary: "A word about it, kept in the record" },
    { name: "expires", value: "AGE", summary: "How long it counts: 12h, 7d, 2w" },
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim approve --check", what: "the last migration; nothing is needed without a policy" },
    { line: "aim approve --check --all --json", what: "every one, as data" },
  ],
  exits: exits({
    [EXIT.ok]: "Signed, or approved by all who must",
    [EXIT.no]: "An approval is missing, with --check; or the signature does not count",
    [EXIT.setup]: "It cannot be signed, or no runtime can serve the engine",
  }),
  run: (context) => context.flags.on("check") ? check(context) : sign(context),
};

async function check(context: Context): Promise<Reply> {
  const { flags } = context;
  for (const name of ["key", "as", "reason", "expires"]) {
    if (flags.text(name) !== null) throw misplaced(name, "is for signing");
  }
  const project = await open(context);
  const { checkApprovals } = await import("../../pipeline/mod.ts");
  const outcome = await checkApprovals(project, {
    selection: selectionOf(context),
    environment: flags.text("env"),
    now: new Date(),
    policyFrom: flags.text("policy-from"),
  });
  return {
    exit: outcome.outcome === "approved" ? EXIT.ok : EXIT.no,
    json: { ...outcome },
    pieces: [
      answer((paint) => renderApprovals(outcome, paint)),
      talk((paint) => renderApprovalsSum(outcome, paint)),
    ],
  };
}

function selectionOf({ arguments: files, flags }: Context): LintSelection {
  if (files.length > 0) return { files };
  if (flags.on("all")) return { all: true };
  const base = flags.text("git-base");
  return base === null ? { latest: 1 } : { notIn: base };
}

async function sign(context: Context): Promise<Reply> {
  const { flags, folder, arguments: files } = context;
  for (const name of ["git-base", "env", "policy-from"]) {
    if (flags.text(name) !== null) throw misplaced(name, "goes with --check");
  }
  if (flags.on("all")) throw misplaced("all", "goes with --check");
  if (files.length > 1) {
    throw new UsageError("Cannot approve several migrations at once", {
      code: "flag-value",
      hint: "each is read and signed on its own",
    });
  }
  const project = await open(context);
  const { approve, isAddress } = await import("../../pipeline/mod.ts");
  const by = flags.text("as") ?? await gitSetting(folder, "user.email") ?? "";
  if (!isAddress(by)) {
    throw new UsageError(`Cannot approve as "${by}": it is no address`, {
      code: "flag-value",
      hint: "pass --as ada@example.com, or set git's user.email",
    });
  }
  const outcome = await approve(project, {
    file: files[0] ?? null,
    by,
    key: await keyOf(context),
    reason: flags.text("reason"),
    age: ageOf(flags.text("expires")),
    now: new Date(),
  });
  return {
    exit: outcome.counts?.isGood === false ? EXIT.no : EXIT.ok,
    lasting: true,
    json: { ...outcome },
    pieces: [
      answer(() => outcome.files.map((file) => `${file}\n`).join("")),
      talk((paint) => renderSigned(outcome, paint)),
    ],
  };
}

function misplaced(name: string, why: string): UsageError {
  return new UsageError(`Cannot use --${name} here: it ${why}`, { code: "flag-value" });
}

function ageOf(text: string | null): number | null {
  if (text === null) return null;
  const age = parseAge(text);
  if (age !== null) return age;
  throw new UsageError(`Cannot use --expires ${text}`, {
    code: "flag-value",
    hint: "write hours, days or weeks: --expires 7d",
  });
}

/** The key of the flag, or the one of git. */
async function keyOf({ flags, folder }: Context): Promise<SigningKey> {
  const given = flags.text("key");
  const key = given ?? await gitSetting(folder, "user.signingkey");
  if (key === null || key.startsWith("key::") || key.startsWith("-")) {
    throw new UsageError("Cannot tell which key to sign with", {
      code: "signing",
      hint: "pass --key ~/.ssh/id_ed25519, or set git's user.signingkey to a file",
    });
  }
  const path = key.startsWith("~/") ? join(homedir(), key.slice(2)) : resolve(folder, key);
  const isSsh = given === null
    ? await gitSetting(folder, "gpg.format") === "ssh"
    : existsSync(path);
  return isSsh ? { kind: "ssh", key: path } : { kind: "gpg", key };
}
