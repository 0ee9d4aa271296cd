/** Changesets of XML, YAML and JSON. */

import type { SentPiece } from "../code_script.ts";
import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { replaceRanges } from "../script.ts";
import { changeSql } from "./changes/mod.ts";
import type { Changeset, SqlText } from "./changeset.ts";
import { type ChangeContext, isSet, optional, required, untranslated } from "./columns.ts";
import { isMeant } from "./dbms.ts";
import { changeDialect } from "./dialects.ts";
import { childOf, type Element, textOf } from "./element.ts";
import { filledRanges } from "./parameters.ts";

/** What reading a changeset takes besides its element. */
export interface ChangesetInput {
  readonly dialect: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** How the changelog as a whole has names quoted. */
  readonly quoting: string | undefined;
  /** A file that an element names by `path`; undefined where it is not there. */
  find(path: string, isRelative: boolean): SourceFile | undefined;
}

/** Children of a changeset that are no changes. */
const SAID: ReadonlySet<string> = new Set([
  "comment",
  "validCheckSum",
  "preConditions",
  "rollback",
]);

/** A changeset as its element says it. Throws UsageError for an order of its own, and without an id or author. */
export function structuredChangeset(element: Element, input: ChangesetInput): Changeset {
  const { file, start, end } = element;
  const author = required(element, "author");
  const id = required(element, "id");
  for (const name of ["runOrder", "runWith"]) {
    if (optional(element, name) !== undefined) throw untranslated(element, ` with ${name}`);
  }
  const modified = element.children.find(({ name, attributes }) =>
    name === "modifySql" && isMeant(attributes.get("dbms"), input.dialect)
  );
  const changes = element.children.filter(({ name, text, children }) =>
    !SAID.has(name) && name !== "modifySql" && !isScalarOf(element, name, { text, children })
  );
  const quoting = optional(element, "objectQuotingStrategy") ?? input.quoting;
  const reader = new ChangeReader(input, quoting === "QUOTE_ALL_OBJECTS");
  const rollbacks = element.children.filter(({ name }) => name === "rollback");
  return {
    file,
    start,
    end,
    author,
    id,
    isApart: optional(element, "runInTransaction")?.toLowerCase() === "false",
    up() {
      if (modified !== undefined) throw untranslated(modified);
      return changes.flatMap((change) => reader.texts(change));
    },
    down: () => rollbacks.length > 0 ? reader.stated(rollbacks) : reader.automatic(changes, start),
  };
}

/** In YAML an attribute is a child as well. */
function isScalarOf(
  element: Element,
  name: string,
  { children }: Pick<Element, "text" | "children">,
): boolean {
  return element.attributes.has(name) && children.length === 0 && name !== "sql";
}

class ChangeReader {
  readonly #input: ChangesetInput;
  readonly #quotesAll: boolean;

  constructor(input: ChangesetInput, quotesAll: boolean) {
    this.#input = input;
    this.#quotesAll = quotesAll;
  }

  /** What a change runs. */
  texts(change: Element): readonly SqlText[] {
    if (!isMeant(optional(change, "dbms"), this.#input.dialect)) return [];
    switch (change.name) {
      case "sql":
        return [this.#sql(change)];
      case "sqlFile":
        return [{ ...this.#cutting(change), ...this.#file(change) }];
      case "createProcedure":
        return [this.#procedure(change)];
      // Rows that stand in a file of their own: no part of a schema.
      case "loadData":
      case "loadUpdateData":
        return [];
      default:
        return made(changeSql(change, this.#context(change)).up, change);
    }
  }

  /** What the changelog itself says takes the changes back; null for nothing. */
  stated(rollbacks: readonly Element[]): readonly SqlText[] | null {
    const texts = rollbacks.flatMap((rollback): readonly SqlText[] => {
      if (optional(rollback, "changeSetId") !== undefined) return [];
      const own = /\S/.test(textOf(rollback))
        ? [{ ...this.#cutting(rollback), pieces: rollback.text, end: rollback.end }]
        : [];
      const changes = rollback.children.filter(({ name }) => name !== "comment");
      return [...own, ...changes.flatMap((change) => this.texts(change))];
    });
    return texts.length === 0 ? null : texts;
  }

  /** What Liquibase knows to take them back by itself; null where it does not. */
  automatic(changes: readonly Element[], at: number): readonly SqlText[] | null {
    const statements: string[] = [];
    for (const change of [...changes].reverse()) {
      if (!isMeant(optional(change, "dbms"), this.#input.dialect)) continue;
      if (RAW.has(change.name)) return null;
      const { down } = changeSql(change, this.#context(change));
      if (down === null) return null;
      statements.push(...[...down].reverse());
    }
    return statements.length === 0
      ? null
      : [{ pieces: [{ start: at, end: at, value: joined(statements) }], end: at, cuts: true }];
  }

  #context(change: Element): ChangeContext {
    const dialect = changeDialect(this.#input.dialect);
    if (dialect === null) throw untranslated(change, " on this database");
    return { dialect, quotesAll: this.#quotesAll };
  }

  #cutting(change: Element): Pick<SqlText, "delimiter" | "cuts"> {
    return {
      delimiter: optional(change, "endDelimiter"),
      cuts: optional(change, "splitStatements")?.toLowerCase() !== "false",
    };
  }

  #sql(change: Element): SqlText {
    const { text } = /\S/.test(textOf(change)) ? change : childOf(change, "sql") ?? change;
    const attribute = change.attributes.get("sql");
    const pieces: readonly SentPiece[] = text.length > 0 || attribute === undefined
      ? text
      : [{ start: change.start, end: change.start, value: attribute }];
    return { ...this.#cutting(change), pieces, end: pieces.at(-1)?.end ?? change.end };
  }

  #procedure(change: Element): SqlText {
    const body = optional(change, "procedureText") ?? optional(change, "procedureBody");
    if (isSet(change, "replaceIfExists")) throw untranslated(change, " with replaceIfExists");
    if (optional(change, "path") !== undefined) return { ...this.#file(change), cuts: false };
    const pieces = body === undefined
      ? change.text
      : [{ start: change.start, end: change.start, value: body }];
    return { pieces, end: pieces.at(-1)?.end ?? change.end, cuts: false };
  }

  /** The text of the file that a change names. */
  #file(change: Element): Pick<SqlText, "pieces" | "end"> {
    const path = required(change, "path");
    const found = this.#input.find(path, isSet(change, "relativeToChangelogFile"));
    if (found === undefined) {
      throw refusal(
        `Cannot replay "${path}": it is not there, though "${change.file.path}" runs it`,
        change.file,
        change.start,
        "aim reads files of SQL in the folder of migrations",
      );
    }
    const { start, end } = change;
    const of = {
      ...found,
      ...replaceRanges(found.text, filledRanges(found.text, this.#input.parameters)),
    };
    return { pieces: [{ start, end, value: of.text, of }], end };
  }
}

/** Changes that have no way back of their own. */
const RAW: ReadonlySet<string> = new Set([
  "sql",
  "sqlFile",
  "createProcedure",
  "loadData",
  "loadUpdateData",
]);

function made(statements: readonly string[], { start, end }: Element): readonly SqlText[] {
  return statements.length === 0
    ? []
    : [{ pieces: [{ start, end, value: joined(statements) }], end, cuts: true }];
}

function joined(statements: readonly string[]): string {
  return statements.join(";\n");
}

/** A file of plain SQL, which runs as it is. */
export function rawChangeset(file: SourceFile): Changeset {
  const end = file.text.length;
  return {
    file,
    start: 0,
    end,
    author: "includeAll",
    id: "raw",
    isApart: false,
    up: () => [{ pieces: [{ start: 0, end, value: file.text }], end, cuts: true }],
    down: () => null,
  };
}
