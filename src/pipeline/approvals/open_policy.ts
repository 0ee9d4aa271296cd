/** The policy of a project with the keys that it trusts: of its folder, or of a git revision that a branch cannot change. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { parsePolicy, type Policy, POLICY_FILE } from "../../approvals/policy.ts";
import { UsageError } from "../../core/error.ts";
import { gitFile } from "../../host/git.ts";
import { MEGABYTE, readText, systemCode } from "../../host/read_text.ts";

/** A policy whose file of keys can be read by `ssh-keygen` until it is disposed of. */
export interface OpenPolicy extends AsyncDisposable {
  readonly policy: Policy;
  /** Absolute; null where the policy names none. */
  readonly allowedSigners: string | null;
}

/** Reads it; null where there is none. Throws UsageError for one that is not understood, or a revision that is not there. */
export async function openPolicy(
  root: string,
  revision: string | null,
): Promise<OpenPolicy | null> {
  const read = revision === null ? fromFolder(root) : fromGit(root, revision);
  const text = await read(POLICY_FILE);
  if (text === null) return null;
  const policy = await parsePolicy(text);
  const { allowedSigners } = policy;
  if (allowedSigners === null) return { policy, allowedSigners, [Symbol.asyncDispose]: nothing };
  const path = posix.normalize(allowedSigners);
  if (path.startsWith("/") || path.startsWith("..")) {
    throw new UsageError(
      `Cannot use the keys "${allowedSigners}": they lie outside of the project`,
      {
        code: "policy",
      },
    );
  }
  const keys = await read(path);
  if (keys === null) {
    throw new UsageError(`Cannot find the keys "${allowedSigners}" of ${POLICY_FILE}`, {
      code: "policy",
      hint: "a line a person: ada@example.com ssh-ed25519 AAAA...",
    });
  }
  // What is verified with is what was read, whatever becomes of the file meanwhile.
  const folder = await mkdtemp(join(tmpdir(), "aim-keys-"));
  const copy = join(folder, "allowed_signers");
  await writeFile(copy, keys);
  return {
    policy,
    allowedSigners: copy,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

type Read = (path: string) => Promise<string | null>;

function fromFolder(root: string): Read {
  return async (path) => {
    try {
      return await readText(join(root, path), { limit: MEGABYTE, shown: path, code: "policy" });
    } catch (error) {
      const isAbsent = error instanceof UsageError && systemCode(error.cause) === "ENOENT";
      if (isAbsent) return null;
      throw error;
    }
  };
}

function fromGit(root: string, revision: string): Read {
  return async (path) => {
    try {
      return await gitFile(root, revision, path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`Cannot read the policy from git: ${reason}`, { code: "git" });
    }
  };
}

async function nothing(): Promise<void> {}
