/** Signatures as git makes them: by `ssh-keygen -Y` and by `gpg`, started without a shell reading any word of theirs. */

import { spawn } from "node:child_process";
import process from "node:process";
import { SetupError } from "../core/error.ts";
import { programCommand } from "./program.ts";

/** How a text is signed. */
export interface SigningKey {
  readonly kind: "ssh" | "gpg";
  /** The file of a private or public SSH key, or the id of a GPG key. */
  readonly key: string;
}

/** Signs a file; the signature stands in `signature` afterwards. Throws SetupError with the program's words. */
export async function signFile(
  { kind, key }: SigningKey,
  { file, signature, namespace }: {
    readonly file: string;
    readonly signature: string;
    readonly namespace: string;
  },
): Promise<void> {
  const ran = kind === "ssh"
    ? await run("ssh-keygen", ["-Y", "sign", "-f", key, "-n", namespace, file])
    : await run("gpg", [
      "--batch",
      "--yes",
      "--armor",
      "--local-user",
      key,
      "--output",
      signature,
      "--detach-sign",
      "--",
      file,
    ]);
  if (ran.code === 0) return;
  throw new SetupError(`Cannot sign with ${kind === "ssh" ? "ssh-keygen" : "gpg"}: ${ran.error}`, {
    code: "signing",
    hint: "--key names the key: a file of an SSH key, or the id of a GPG key",
  });
}

/** Whether an SSH signature over a text is that of a person in the file of allowed signers; null when it is, else why not. */
export async function sshObjection(
  text: string,
  { signature, allowedSigners, person, namespace }: {
    readonly signature: string;
    readonly allowedSigners: string;
    readonly person: string;
    readonly namespace: string;
  },
): Promise<string | null> {
  const args = [
    "-Y",
    "verify",
    "-f",
    allowedSigners,
    "-I",
    person,
    "-n",
    namespace,
    "-s",
    signature,
  ];
  const ran = await run("ssh-keygen", args, text);
  return ran.code === 0
    ? null
    : `its signature is not one of ${person}: it was edited, or another key made it`;
}

/** The fingerprint of the primary GPG key that made a good signature over a file; null where it is not good, expired or revoked. */
export async function gpgFingerprint(file: string, signature: string): Promise<string | null> {
  const ran = await run("gpg", ["--batch", "--status-fd", "1", "--verify", "--", signature, file]);
  const lines = ran.output.split("\n").map((line) => line.replace(/^\[GNUPG:\] /, ""));
  const isGood = ran.code === 0 && lines.some((line) => line.startsWith("GOODSIG ")) &&
    !lines.some((line) => /^(?:EXPKEYSIG|REVKEYSIG|EXPSIG|BADSIG|ERRSIG) /.test(line));
  const valid = lines.filter((line) => line.startsWith("VALIDSIG "));
  const words = valid[0]?.split(" ") ?? [];
  return isGood && valid.length === 1 ? words[10] ?? words[1] ?? null : null;
}

/** How long a program may take, in milliseconds: somebody may have to type or to touch a key. */
const PATIENCE = 120_000;
const MOST_OUTPUT = 1_000_000;

interface Ran {
  readonly code: number | null;
  readonly output: string;
  /** The last line of what it said against it. */
  readonly error: string;
}

function run(program: string, args: readonly string[], input?: string): Promise<Ran> {
  const [file, all] = programCommand(program, args);
  return new Promise((resolve) => {
    const child = spawn(file, all, {
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
      timeout: PATIENCE,
    });
    let [output, error] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(0, MOST_OUTPUT);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      error = (error + text).slice(0, MOST_OUTPUT);
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    child.on("error", (reason) => resolve({ code: null, output: "", error: reason.message }));
    child.on("close", (code) => {
      resolve({ code, output, error: error.trim().split("\n").at(-1) ?? "" });
    });
  });
}
