/** The text of a `pg_dump` with the order of columns, and the order of statements that follows from it, taken out. */

/** Gives the entries of a dump, each with the columns of its CREATE TABLE sorted, in alphabetical order. */
export function normalDump(dump: string): string {
  const body = dump.split("\n").filter((line) => !line.startsWith("\\")).join("\n");
  const [head = "", ...entries] = body.split(/^--\n(?=-- Name: )/m);
  const settings = new Map<string, string>();
  follow(settings, head);
  return entries.map((entry) => {
    const text = normalEntry(entry, settings);
    follow(settings, entry);
    return text;
  }).sort().join("\n");
}

/** `pg_dump` says once what holds for the tables that follow. */
function follow(settings: Map<string, string>, text: string): void {
  for (const [, name = "", value = ""] of text.matchAll(/^SET (default_\w+) = (.*);$/gm)) {
    settings.set(name, value);
  }
}

/** An entry is a comment that names it and some statements; those after the first have the order of the columns. */
function normalEntry(entry: string, settings: ReadonlyMap<string, string>): string {
  const [, title = "", body = ""] = /^-- (Name: .*)\n--\n([\s\S]*)$/.exec(entry) ?? ["", "", entry];
  const text = withoutNotNullNames(sortParameters(body));
  const end = text.search(/^--\n-- PostgreSQL database dump complete/m);
  const all = statements(end < 0 ? text : text.slice(0, end));
  // The order of the items in an access list means nothing.
  if (/; Type: (?:DEFAULT )?ACL;/.test(title)) return [`-- ${title}`, ...all.sort()].join("\n");
  const [statement = "", ...others] = all;
  const isTable = /^CREATE (?:UNLOGGED |FOREIGN )?TABLE /.test(statement);
  const hasColumns = isTable || isPublishedColumns(statement);
  const first = isStatistics(statement) ? sortStatistics(statement) : statement;
  const method = isTable || first.startsWith("CREATE MATERIALIZED VIEW ")
    ? [`-- ${settings.get("default_table_access_method")}`]
    : [];
  return [`-- ${title}`, ...method, hasColumns ? sortColumns(first) : first, ...others.sort()]
    .join("\n");
}

/** Storage parameters, and options of columns, have the order in which they were set, which means nothing. */
function sortParameters(text: string): string {
  return text.replaceAll(
    /\b(WITH|SET) \(((?:[\w.]+=(?:'[^']*'|[\w.+-]+)(?:, )?)+)\)/g,
    (_, word: string, list: string) => `${word} (${list.split(", ").sort().join(", ")})`,
  );
}

/** Names that the server generated for not-null constraints, after whatever the column was called then, mean nothing. */
function withoutNotNullNames(text: string): string {
  return text.replaceAll(
    /\bCONSTRAINT (?:"[^"\n]*_not_null\d*"|\w+_not_null\d*) NOT NULL\b/g,
    "NOT NULL",
  );
}

function isStatistics(statement: string): boolean {
  return statement.startsWith("CREATE STATISTICS ");
}

/** They list columns in the order of the table, before expressions. */
function sortStatistics(create: string): string {
  const start = create.indexOf(" ON ") + 4;
  const end = create.lastIndexOf(" FROM ");
  const { pieces } = cut(create.slice(start, end), 0, ",");
  return `${create.slice(0, start)}${pieces.map((piece) => piece.trim()).sort().join(", ")}${
    create.slice(end)
  }`;
}

/** A publication lists columns in the order of the table. */
function isPublishedColumns(statement: string): boolean {
  const [, before = "WHERE "] =
    /^ALTER PUBLICATION (?:"(?:[^"]|"")*"|\S+) ADD TABLE ((?:"(?:[^"]|"")*"|[^"(])*)\(/
      .exec(statement) ?? [];
  return !before.endsWith("WHERE ");
}

function sortColumns(create: string): string {
  const open = create.indexOf("(");
  if (open < 0) return create;
  const parts = cut(create, open + 1, ",");
  const end = parts.end;
  const members = parts.pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
  return `${create.slice(0, open + 1)}\n  ${members.sort().join(",\n  ")}\n${create.slice(end)}`;
}

function statements(text: string): string[] {
  const { pieces } = cut(text, 0, ";");
  return pieces.map((piece) => piece.trim()).filter((piece) =>
    piece !== "" && !/^SET /.test(piece)
  );
}

/** Cuts at a separator that stands outside quotes and parentheses, up to the parenthesis that closes what was open at `from`. */
function cut(text: string, from: number, separator: string): { pieces: string[]; end: number } {
  const pieces: string[] = [];
  let start = from;
  let depth = 0;
  let atomic = 0;
  let at = from;
  for (; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "'" || char === '"') {
      at = quoteEnd(
        text,
        at,
        char === "'" && /[eE]/.test(text[at - 1] ?? "") && !/\w/.test(text[at - 2] ?? ""),
      );
    } else if (char === "$") {
      const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 80))?.[0];
      if (tag !== undefined) at = text.indexOf(tag, at + tag.length) + tag.length - 1;
    } else if (char === "(") {
      depth++;
    } else if (char === ")") {
      if (depth === 0) break;
      depth--;
    } else if (/[A-Za-z]/.test(char) && !/\w/.test(text[at - 1] ?? "")) {
      const word = /^\w+(?: ATOMIC\b)?/.exec(text.slice(at, at + 80))?.[0] ?? "";
      if (word === "BEGIN ATOMIC") atomic = 1;
      else if (atomic > 0 && word === "CASE") atomic++;
      else if (atomic > 0 && word === "END") atomic--;
      at += word.length - 1;
    } else if (char === separator && depth === 0 && atomic === 0) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(text.slice(start, at));
  return { pieces, end: at };
}

function quoteEnd(text: string, open: number, escapes: boolean): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (escapes && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at;
      at++;
    }
  }
  return text.length;
}
