/** The changelog of XML or YAML that includes the others, and in which order. */

import type { Migration, SourceFile } from "../format.ts";
import { fileRefusal, refusal } from "../format_error.ts";
import { lines } from "../script.ts";
import { compareText } from "../versions.ts";

/** One `include` or `includeAll`. */
export interface Include {
  readonly kind: "file" | "folder";
  /** As it is spelled, which is a part of what Liquibase knows a changeset by. */
  readonly spelled: string;
}

/** A changelog that does nothing but include. */
export interface Root {
  readonly file: SourceFile;
  readonly includes: readonly Include[];
}

/** True for the name of a changelog of XML or YAML. */
export function isRootName(path: string): boolean {
  return /(?:^|\/)[^/]*changelog[^/]*\.(?:xml|ya?ml)$/i.test(path);
}

/** The folder's changelog of XML or YAML; null where there is none. Throws UsageError where there are several, and for changesets in it. */
export function readRoot(files: readonly SourceFile[]): Root | null {
  const roots = files.filter(({ path }) => isRootName(path));
  const [file, second] = roots;
  if (file === undefined) return null;
  if (second !== undefined) {
    throw fileRefusal(
      `Cannot tell which changelog is the first: "${file.path}" or "${second.path}"`,
      second.path,
      "Point migrations at a folder with one changelog of XML or YAML, which includes files of formatted SQL",
    );
  }
  return { file, includes: /\.xml$/i.test(file.path) ? fromXml(file) : fromYaml(file) };
}

/** The changelogs of formatted SQL in the order in which they are included. Throws UsageError for one that is not there. */
export function includedFiles(
  { file, includes }: Root,
  files: readonly SourceFile[],
): readonly SourceFile[] {
  const own = files.filter(({ path }) => /\.sql$/i.test(path))
    .sort((a, b) => compareText(a.path, b.path));
  const found = includes.flatMap(({ kind, spelled }) => {
    const plain = spelled.replace(/^(?:classpath:|\.\/)/, "").replace(/\/$/, "");
    const matches = kind === "file"
      ? own.filter(({ path }) => isSame(path, plain))
      : own.filter(({ path }) => isInside(path, plain));
    if (matches.length > 0 || kind === "folder") return matches;
    throw fileRefusal(
      `Cannot replay "${spelled}": it is not there, though "${file.path}" includes it`,
      file.path,
      "aim reads files of formatted SQL in the folder of migrations",
    );
  });
  return [...new Set(found)];
}

/** A file of the folder and a path that begins anywhere above it. */
function isSame(path: string, spelled: string): boolean {
  return path === spelled || spelled.endsWith(`/${path}`);
}

function isInside(path: string, folder: string): boolean {
  const own = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  return own === "" ? true : own === folder || folder.endsWith(`/${own}`) || folder === ".";
}

const HINT =
  "aim reads a changelog of XML or YAML that only includes others; write changesets as formatted SQL";

function fromXml(file: SourceFile): readonly Include[] {
  const includes: Include[] = [];
  const text = file.text.replaceAll(/<!--[\s\S]*?-->/g, (part) => part.replaceAll(/[^\n]/g, " "));
  for (const found of text.matchAll(/<([/?!]?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g)) {
    const [, sign = "", name = "", attributes = ""] = found;
    if (sign !== "" || name === "databaseChangeLog") continue;
    const valueOf = (key: string) =>
      new RegExp(`\\s${key}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];
    const spelled = name === "include"
      ? valueOf("file")
      : name === "includeAll"
      ? valueOf("path")
      : undefined;
    if (spelled === undefined) {
      throw refusal(`Cannot read "${file.path}": <${name}> is no include`, file, found.index, HINT);
    }
    includes.push({ kind: name === "include" ? "file" : "folder", spelled });
  }
  return includes;
}

function fromYaml(file: SourceFile): readonly Include[] {
  const includes: Include[] = [];
  let kind: Include["kind"] | null = null;
  for (const row of lines(file.text)) {
    const text = row.text.replace(/(?:^|\s)#.*$/, "").trimEnd();
    if (/^\s*(?:---)?$/.test(text) || /^databaseChangeLog:$/.test(text)) continue;
    const [, name = "", rest = ""] = /^\s*-\s+(include|includeAll):\s*(.*)$/.exec(text) ?? [];
    if (name !== "") kind = name === "include" ? "file" : "folder";
    const part = name === "" ? text : rest;
    const [, key = "", value = ""] = /(?:^\s*|[{,]\s*)(file|path):\s*([^,}]+?)\s*(?:[,}].*)?$/
      .exec(part) ?? [];
    if (kind !== null && key !== "") {
      includes.push({ kind, spelled: value.replace(/^(["'])(.*)\1$/, "$2") });
    } else if (
      !(name !== "" && rest === "") &&
      !/^\s*(?:relativeToChangelogFile|errorIfMissingOrEmpty|resourceComparator):/.test(text)
    ) {
      throw refusal(`Cannot read "${file.path}": this is no include`, file, row.start, HINT);
    }
  }
  return includes;
}

/** The text of the changelog with one more include behind its last; null where it includes whole folders. */
export function withInclude({ file, includes }: Root, name: string): string | null {
  const last = includes.at(-1);
  if (last?.kind === "folder") return null;
  const spelled = `${last?.spelled.replace(/[^/]*$/, "") ?? ""}${name}`;
  const relative = last === undefined ||
    /relativeToChangelogFile["']?\s*[:=]\s*["']?true/i.test(file.text);
  if (/\.xml$/i.test(file.path)) {
    const close = file.text.lastIndexOf("</databaseChangeLog>");
    if (close < 0) return null;
    const added = `    <include file="${spelled}"${
      relative ? ' relativeToChangelogFile="true"' : ""
    }/>\n`;
    return `${file.text.slice(0, close)}${added}${file.text.slice(close)}`;
  }
  const begin = file.text === "" || file.text.endsWith("\n") ? "" : "\n";
  const head = /^databaseChangeLog:/m.test(file.text) ? "" : "databaseChangeLog:\n";
  const indent = /^(\s*)-\s+include:/m.exec(file.text)?.[1] ?? "  ";
  const more = relative ? `${indent}    relativeToChangelogFile: true\n` : "";
  const added = `${indent}- include:\n${indent}    file: ${spelled}\n${more}`;
  return `${file.text}${begin}${head}${added}`;
}

/** The files without those of some migrations. Throws UsageError where a changelog lists them. */
export function withoutIncludes(
  files: readonly SourceFile[],
  migrations: readonly Migration[],
): readonly SourceFile[] {
  const gone = new Set(migrations.flatMap((migration) => migration.files));
  const root = readRoot(files);
  const named = root?.includes.find(({ kind, spelled }) =>
    kind === "file" && [...gone].some((path) => isSame(path, spelled))
  );
  if (root !== null && named !== undefined) {
    throw fileRefusal(
      `Cannot take "${named.spelled}" out of "${root.file.path}"`,
      root.file.path,
      "Remove the include and the file by hand",
    );
  }
  return files.filter(({ path }) => !gone.has(path));
}
