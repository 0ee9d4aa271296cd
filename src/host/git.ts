/** What a git repository holds at a revision: read from its objects alone, so that no hook and no setting of it runs a program. */

import { execFile } from "node:child_process";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import process from "node:process";

/** Paths below a folder at a revision, relative to the folder, with the hash of each file's text. */
export type GitTree = ReadonlyMap<string, string>;

/** The files below `folder` at a revision; null where the folder is in no repository, or git is not there. Throws an Error with git's words for a revision that is not there. */
export async function gitTree(folder: string, revision: string): Promise<GitTree | null> {
  const inside = await git(folder, ["rev-parse", "--is-inside-work-tree"]);
  if (!inside.isGood) return null;
  const commit = await git(folder, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ]);
  if (!commit.isGood) throw new Error(`there is no revision "${revision}"`);
  const listed = await git(folder, ["ls-tree", "-r", "-z", commit.text.trim(), "."]);
  if (!listed.isGood) throw new Error(listed.text.trim());
  return entriesOf(listed.text);
}

function entriesOf(listed: string): GitTree {
  const entries = listed.split("\0").filter((line) => line !== "").map((line) => {
    const [head = "", path = ""] = line.split("\t");
    return [path, head.split(" ")[2] ?? ""] as const;
  });
  return new Map(entries);
}

/** The text of a file at a revision, by its path below `folder`; null where there is none. Throws an Error for a revision that is not there. */
export async function gitFile(
  folder: string,
  revision: string,
  path: string,
): Promise<string | null> {
  const tree = await gitTree(folder, revision);
  const hash = tree?.get(path);
  if (hash === undefined) return null;
  const read = await git(folder, ["cat-file", "blob", hash]);
  return read.isGood ? read.text : null;
}

/** The value of a setting of git, the user's own and the repository's; null for none. */
export async function gitSetting(folder: string, name: string): Promise<string | null> {
  const { isGood, text } = await git(folder, ["config", "--get", name]);
  return isGood && text.trim() !== "" ? text.trim() : null;
}

/** A commit that touched files. */
export interface GitCommit {
  readonly hash: string;
  /** `Ada <ada@example.com>`. */
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
  readonly subject: string;
}

/** The commits that touched a path below `folder`, oldest first, at most a hundred; empty without git. */
export async function gitCommits(folder: string, path: string): Promise<readonly GitCommit[]> {
  const format = "--format=%H%x00%an <%ae>%x00%aI%x00%s";
  const args = [
    "--literal-pathspecs",
    "log",
    "--no-show-signature",
    "-n",
    "100",
    format,
    "--",
    path,
  ];
  const { isGood, text } = await git(folder, args);
  if (!isGood) return [];
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [hash = "", author = "", at = "", subject = ""] = line.split("\0");
    return { hash, author, at, subject };
  }).reverse();
}

/** A revision, and where the work at hand branched off from it. */
export interface GitBase {
  /** The top of the work tree; absolute, without links. */
  readonly top: string;
  /** The commit of the revision. */
  readonly tip: string;
  /** The last commit that it has in common with HEAD. */
  readonly start: string;
}

/** Finds a revision and where HEAD left it; null outside of a repository, or without git. Throws an Error with what is missing. */
export async function gitBase(folder: string, revision: string): Promise<GitBase | null> {
  const [top, tip] = await Promise.all([
    git(folder, ["rev-parse", "--show-toplevel"]),
    commitOf(folder, revision),
  ]);
  if (!top.isGood) return null;
  if (tip === null) throw new Error(`there is no revision "${revision}"`);
  const common = await git(folder, ["merge-base", tip, "HEAD"]);
  if (!common.isGood) {
    throw new Error(`"${revision}" and HEAD have no commit in common that was fetched`);
  }
  return { top: top.text.trim(), tip, start: common.text.trim() };
}

/** The commit of a revision; null when there is none. */
export async function commitOf(folder: string, revision: string): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const found = await git(folder, args);
  return found.isGood ? found.text.trim() : null;
}

/** The files of a commit that are `paths` or lie below them, by path from the top, with the hash of each file's text. */
export async function gitFiles(
  top: string,
  commit: string,
  paths: readonly string[],
): Promise<GitTree> {
  const listed = await git(top, ["ls-tree", "-r", "-z", "--full-tree", commit, "--", ...paths]);
  if (!listed.isGood) throw new Error(listed.text.trim());
  return entriesOf(listed.text);
}

/** The texts of files by their hashes. Throws an Error for one that is not there. */
export async function gitTexts(
  top: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const said = await gitBytes(top, ["cat-file", "--batch"], `${hashes.join("\n")}\n`);
  const texts = new Map<string, string>();
  for (let at = 0; at < said.length;) {
    const end = said.indexOf("\n", at);
    const [hash = "", type, size] = said.toString("utf8", at, end).split(" ");
    if (type !== "blob") throw new Error(`${hash} is not there`);
    const length = Number(size);
    texts.set(hash, said.toString("utf8", end + 1, end + 1 + length));
    at = end + 2 + length;
  }
  return texts;
}

/** True when a file's text is the one that git holds, its line ends aside. */
export function isBlob(text: string, hash: string): boolean {
  const algorithm = hash.length === 64 ? "sha256" : "sha1";
  return [text, text.replaceAll("\r\n", "\n")].some((content) => {
    const bytes = Buffer.from(content, "utf8");
    const digest = createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest(
      "hex",
    );
    return digest === hash;
  });
}

/** How long git may take, in milliseconds. */
const PATIENCE = 10_000;

/** What keeps git from running programs that a repository names, and from asking anybody. */
const SAFE = [
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.quotePath=false",
];

function optionsIn(folder: string) {
  return {
    cwd: folder,
    timeout: PATIENCE,
    maxBuffer: 512 * 1024 * 1024,
    env: {
      ...process.env,
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_LAZY_FETCH: "1",
      LC_ALL: "C",
    },
  };
}

function git(
  folder: string,
  args: readonly string[],
): Promise<{ readonly isGood: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    execFile("git", [...SAFE, ...args], optionsIn(folder), (error, stdout, stderr) => {
      resolve({ isGood: error === null, text: error === null ? stdout : stderr });
    });
  });
}

function gitBytes(folder: string, args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...optionsIn(folder), encoding: "buffer" } as const;
    const child = execFile("git", [...SAFE, ...args], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
