/** Writing into the changelog of XML or YAML that lists the others. */

import type { Migration, SourceFile } from "../format.ts";
import { fileRefusal } from "../format_error.ts";
import { firstChangelog, type Include, includesOf, resolved, rootElement } from "./changelog.ts";

/** The changelog that comes first, and what it includes. */
export interface Root {
  readonly file: SourceFile;
  readonly includes: readonly Include[];
}

/** The folder's first changelog of XML, YAML or JSON; null where there is none. Throws UsageError where there are several. */
export function readRoot(files: readonly SourceFile[]): Root | null {
  const file = firstChangelog(files);
  return file === null ? null : { file, includes: includesOf(rootElement(file)) };
}

/** The folder in which a new file is included last: that of the last include, or the changelog's own. */
export function folderOfNext({ file, includes }: Root, files: readonly SourceFile[]): string {
  const last = includes.at(-1);
  if (last === undefined) return folderOf(file.path);
  const found = resolved(last, files).at(-1);
  if (found !== undefined && last.kind === "file") return folderOf(found.path);
  return folderOfInclude(last, found);
}

/** Of an `includeAll`: its files may lie deeper, and there may be none yet. */
function folderOfInclude({ spelled, isRelative, element }: Include, found?: SourceFile): string {
  const plain = spelled.replace(/^classpath\*?:/, "").replace(/^(?:\.?\/)+|\/+$/g, "");
  if (isRelative) return `${folderOf(element.file.path)}${plain}/`;
  const parts = plain.split("/");
  const rest = parts.map((_, index) => `${parts.slice(index).join("/")}/`);
  return found === undefined
    ? rest.at(-1) ?? ""
    : rest.find((folder) => found.path.startsWith(folder)) ?? folderOf(found.path);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** The text of the changelog with one more include behind its last; null where it includes whole folders. */
export function withInclude({ file, includes }: Root, name: string): string | null {
  const last = includes.at(-1);
  if (last?.kind === "folder") return null;
  const spelled = `${last?.spelled.replace(/[^/]*$/, "") ?? ""}${name}`;
  const isRelative = last?.isRelative ?? true;
  if (/\.xml$/i.test(file.path)) return withXmlInclude(file, spelled, isRelative);
  if (/\.json$/i.test(file.path)) return withJsonInclude(file, spelled, isRelative);
  const begin = file.text === "" || file.text.endsWith("\n") ? "" : "\n";
  const head = /^databaseChangeLog:/m.test(file.text) ? "" : "databaseChangeLog:\n";
  const indent = /^([ \t]*)-\s/m.exec(file.text)?.[1] ?? "  ";
  const more = isRelative ? `${indent}    relativeToChangelogFile: true\n` : "";
  return `${file.text}${begin}${head}${indent}- include:\n${indent}    file: ${spelled}\n${more}`;
}

function withXmlInclude({ path, text }: SourceFile, spelled: string, isRelative: boolean): string {
  const prefix = /<(\w+:)?databaseChangeLog\b/.exec(text)?.[1] ?? "";
  const element = `<${prefix}include file="${spelled}"${
    isRelative ? ' relativeToChangelogFile="true"' : ""
  }/>\n`;
  const close = text.lastIndexOf(`</${prefix}databaseChangeLog>`);
  if (close >= 0) return `${text.slice(0, close)}    ${element}${text.slice(close)}`;
  const empty = /\/>\s*$/.exec(text);
  if (empty === null) throw fileRefusal(`Cannot add an include to "${path}"`, path);
  return `${text.slice(0, empty.index).trimEnd()}>\n    ${element}</${prefix}databaseChangeLog>\n`;
}

function withJsonInclude({ path, text }: SourceFile, spelled: string, isRelative: boolean): string {
  const close = text.lastIndexOf("]");
  if (close < 0) throw fileRefusal(`Cannot add an include to "${path}"`, path);
  const before = text.slice(0, close).trimEnd();
  const include = { file: spelled, ...(isRelative ? { relativeToChangelogFile: true } : {}) };
  const comma = before.endsWith("[") ? "" : ",";
  return `${before}${comma}\n    ${JSON.stringify({ include })}\n  ${text.slice(close)}`;
}

/** The files without those of some migrations. Throws UsageError where a changelog lists them. */
export function withoutIncludes(
  files: readonly SourceFile[],
  migrations: readonly Migration[],
): readonly SourceFile[] {
  const gone = new Set(migrations.flatMap((migration) => migration.files));
  const root = readRoot(files);
  const named = root?.includes.find((include) =>
    include.kind === "file" && resolved(include, files).some(({ path }) => gone.has(path))
  );
  const isOwn = root !== null && gone.has(root.file.path);
  if (root !== null && (named !== undefined || isOwn)) {
    throw fileRefusal(
      `Cannot take ${
        named === undefined ? "changesets" : `"${named.spelled}"`
      } out of "${root.file.path}"`,
      root.file.path,
      "Remove them by hand",
    );
  }
  return files.filter(({ path }) => !gone.has(path));
}
