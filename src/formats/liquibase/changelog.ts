/** Changelogs of XML, YAML and JSON: which is the first, what they include, and the changesets of all of them in order. */

import type { SourceFile } from "../format.ts";
import { fileRefusal, refusal } from "../format_error.ts";
import { compareText } from "../versions.ts";
import type { Changeset } from "./changeset.ts";
import { verdictOf } from "./conditions.ts";
import { isSet, optional, required, untranslated } from "./columns.ts";
import { isMeant } from "./dbms.ts";
import type { Element } from "./element.ts";
import {
  formattedChangesets,
  formattedProperties,
  isForDialect,
  isFormattedSql,
} from "./formatted.ts";
import { define, filled, filledElement, type Parameters } from "./parameters.ts";
import { rawChangeset, structuredChangeset } from "./structured.ts";
import { parseXml } from "./xml.ts";
import { parseYamlChangelog } from "./yaml_elements.ts";

/** True for the name of a file that can be a changelog besides formatted SQL. */
export function isChangelogName(path: string): boolean {
  return /\.(?:xml|ya?ml|json)$/i.test(path);
}

/** True for a changelog of XML, YAML or JSON. */
export function isChangelog({ path, text }: SourceFile): boolean {
  return isChangelogName(path) &&
    /<(?:\w+:)?databaseChangeLog\b|^\s*\{?\s*"?databaseChangeLog"?\s*:/m.test(text);
}

/** The root element of a changelog. Throws UsageError for what cannot be read. */
export function rootElement(file: SourceFile): Element {
  const root = /\.xml$/i.test(file.path) ? parseXml(file) : parseYamlChangelog(file);
  if (root.name === "databaseChangeLog") return root;
  throw refusal(`Cannot read "${file.path}": it is no changelog`, file, root.start);
}

/** What a changelog includes. */
export interface Include {
  readonly kind: "file" | "folder";
  /** As it is spelled, which is a part of what Liquibase knows a changeset by. */
  readonly spelled: string;
  readonly isRelative: boolean;
  readonly element: Element;
}

/** The includes of a changelog, in order. */
export function includesOf(root: Element): readonly Include[] {
  return root.children.filter(({ name }) => name === "include" || name === "includeAll")
    .map((element) => ({
      kind: element.name === "include" ? "file" : "folder",
      spelled: required(element, element.name === "include" ? "file" : "path"),
      isRelative: isSet(element, "relativeToChangelogFile"),
      element,
    }));
}

/**
 * The folder's first changelog of XML, YAML or JSON, which none of the others includes; null where there is none. Throws UsageError
 * where there are several, and none of them is called so.
 */
export function firstChangelog(files: readonly SourceFile[]): SourceFile | null {
  const changelogs = files.filter(isChangelog);
  if (changelogs.length < 2) return changelogs[0] ?? null;
  const included = new Set(
    changelogs.flatMap((file) =>
      includesOf(rootElement(file)).flatMap((include) => resolved(include, files))
        .filter((other) => other !== file)
    ),
  );
  const first = changelogs.filter((file) => !included.has(file));
  const named = first.filter(({ path }) => /master|root|main|changelog\.\w+$/i.test(path));
  const [only, second] = named.length === 1 ? named : first;
  if (only !== undefined && second === undefined) return only;
  throw fileRefusal(
    `Cannot tell which changelog is the first: "${(only ?? changelogs[0])?.path}" or "${
      (second ?? changelogs[1])?.path
    }"`,
    (second ?? changelogs[1])?.path ?? "",
    "Point migrations at a folder with one changelog that includes the others",
  );
}

/** The files that an include means, in Liquibase's order; none where they are not there. */
export function resolved(
  { kind, spelled, isRelative, element }: Include,
  files: readonly SourceFile[],
): readonly SourceFile[] {
  if (kind === "file") {
    const found = findFile(spelled, { isRelative, from: element.file, files });
    return found === undefined ? [] : [found];
  }
  const others = files.filter((file) =>
    file !== element.file && (isChangelog(file) || /\.sql$/i.test(file.path))
  );
  const end = optional(element, "endsWithFilter");
  const below = folderPaths(spelled, { isRelative, from: element.file })
    .map((folder) => others.filter(({ path }) => folder === "" || path.startsWith(`${folder}/`)))
    .find((found) => found.length > 0) ?? [];
  return below.filter(({ path }) => end === undefined || path.endsWith(end))
    .sort((a, b) => compareText(a.path, b.path));
}

interface Spelling {
  readonly isRelative: boolean;
  readonly from: SourceFile;
}

/** The file of a path that begins at the changelog that names it, or anywhere above the folder of migrations. */
function findFile(
  spelled: string,
  { isRelative, from, files }: Spelling & { readonly files: readonly SourceFile[] },
): SourceFile | undefined {
  const paths = isRelative ? [besides(from, spelled)] : endings(plainPath(spelled));
  return paths.map((path) => files.find((file) => file.path === path))
    .find((file) => file !== undefined);
}

function folderPaths(spelled: string, { isRelative, from }: Spelling): readonly string[] {
  const plain = plainPath(spelled).replace(/\/+$/, "");
  return isRelative ? [besides(from, plain)] : [...endings(plain), ""];
}

function plainPath(spelled: string): string {
  return normalized(
    spelled.replace(/^classpath\*?:/, "").replaceAll("\\", "/").replace(/^\/+/, ""),
  );
}

/** `a/b/c`, `b/c` and `c`. */
function endings(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(index).join("/"));
}

function besides({ path }: SourceFile, spelled: string): string {
  return normalized(`${path.slice(0, path.lastIndexOf("/") + 1)}${spelled.replaceAll("\\", "/")}`);
}

function normalized(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (part !== "." && part !== "") out.push(part);
  }
  return out.join("/");
}

/** All changesets that a first changelog leads to. */
export interface ReadChangelog {
  readonly changesets: readonly Changeset[];
  /** Files that are a part of it. */
  readonly files: ReadonlySet<SourceFile>;
  /** Changesets under conditions that only a database can judge, as `author:id`. */
  readonly conditional: readonly string[];
}

/** Reads the changesets of the files in order, and of what they include. Throws UsageError for what is not there or cannot be read. */
export function readChangelog(
  first: readonly SourceFile[],
  files: readonly SourceFile[],
  dialect: string,
): ReadChangelog {
  const walk = new ChangelogWalk(files, dialect);
  for (const file of first) walk.file(file);
  return walk;
}

class ChangelogWalk implements ReadChangelog {
  readonly changesets: Changeset[] = [];
  readonly files = new Set<SourceFile>();
  readonly conditional: string[] = [];
  readonly #parameters: Parameters = new Map();
  readonly #all: readonly SourceFile[];
  readonly #dialect: string;

  constructor(all: readonly SourceFile[], dialect: string) {
    this.#all = all;
    this.#dialect = dialect;
  }

  file(file: SourceFile): void {
    if (this.files.has(file)) return;
    this.files.add(file);
    if (isFormattedSql(file)) this.#formatted(file);
    else if (/\.sql$/i.test(file.path)) this.changesets.push(rawChangeset(file));
    else this.#structured(file);
  }

  #formatted(file: SourceFile): void {
    for (const property of formattedProperties(file)) {
      const [name, value, dbms] = ["name", "value", "dbms"].map((key) => property.get(key));
      define(this.#parameters, { name, value, dbms, dialect: this.#dialect });
    }
    for (const one of formattedChangesets(file, this.#parameters)) {
      if (!isForDialect(one, this.#dialect)) continue;
      if (one.isConditional) this.conditional.push(`${one.author}:${one.id}`);
      this.changesets.push(one);
    }
  }

  #structured(file: SourceFile): void {
    const root = rootElement(file);
    const quoting = optional(root, "objectQuotingStrategy");
    for (const element of root.children) {
      switch (element.name) {
        case "property":
          this.#property(element);
          break;
        case "include":
        case "includeAll":
          this.#include(element);
          break;
        case "changeSet":
          this.#changeset(element, quoting);
          break;
        case "preConditions":
        case "logicalFilePath":
        case "objectQuotingStrategy":
        case "contextFilter":
        case "context":
          break;
        default:
          throw untranslated(element);
      }
    }
  }

  #property(element: Element): void {
    if (optional(element, "file") !== undefined) throw untranslated(element, " of a file");
    define(this.#parameters, {
      name: optional(element, "name"),
      value: element.attributes.get("value"),
      dbms: optional(element, "dbms"),
      dialect: this.#dialect,
    });
  }

  #include(element: Element): void {
    if (isSet(element, "ignore")) return;
    const [include] = includesOf({
      ...element,
      children: [filledElement(element, this.#parameters)],
    });
    if (include === undefined) return;
    for (const name of ["filter", "resourceComparator", "minDepth", "maxDepth"]) {
      if (optional(element, name) !== undefined) throw untranslated(element, ` with ${name}`);
    }
    const found = resolved(include, this.#all);
    const isNeeded = include.kind === "file" &&
      optional(element, "errorIfMissing")?.toLowerCase() !== "false";
    if (found.length === 0 && isNeeded) {
      throw refusal(
        `Cannot replay "${include.spelled}": it is not there, though "${element.file.path}" includes it`,
        element.file,
        element.start,
        "aim reads changelogs in the folder of migrations",
      );
    }
    for (const file of found) this.file(file);
  }

  #changeset(raw: Element, quoting: string | undefined): void {
    const element = filledElement(raw, this.#parameters);
    const isLeftOut = isSet(element, "ignore") ||
      !isMeant(optional(element, "dbms"), this.#dialect);
    const verdict = isLeftOut ? "skipped" : verdictOf(element, this.#dialect);
    if (verdict === "skipped") return;
    const changeset = structuredChangeset(element, {
      dialect: this.#dialect,
      parameters: this.#parameters,
      quoting,
      find: (path, isRelative) =>
        findFile(filled(path, this.#parameters), {
          isRelative,
          from: element.file,
          files: this.#all,
        }),
    });
    if (verdict === "unknown") this.conditional.push(`${changeset.author}:${changeset.id}`);
    this.changesets.push(changeset);
  }
}
