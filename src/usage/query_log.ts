/** Queries that ran: pg_stat_statements as CSV or JSON, and the slow logs of servers. */

/** A query of a log. */
export interface LoggedQuery {
  readonly sql: string;
  /** Where it stands in the file. */
  readonly offset: number;
}

/** The most queries of a log. */
const MOST = 50_000;

const FORMS: readonly {
  readonly looks: RegExp;
  readonly read: (text: string) => Iterable<LoggedQuery>;
}[] = [
  { looks: /^\s*[[{]\s*(?:\{\s*)?"[\s\S]{0,2000}"query"\s*:/, read: jsonQueries },
  { looks: /^# Time: |^# User@Host: |^# Query_time: /m, read: slowLogQueries },
  { looks: /(?:LOG|duration): .*?(?:statement|execute [^:\n]*): /, read: serverLogQueries },
  { looks: /^[^\n]*\bquery\b[^\n]*[,;\t]|^[^\n]*[,;\t]"?query\b/i, read: csvQueries },
];

/** Whether a text is a log that is read. */
export function looksLikeLog(text: string): boolean {
  return FORMS.some(({ looks }) => looks.test(text.slice(0, 20_000)));
}

/** The queries of a log, each text once. */
export function loggedQueries(text: string): readonly LoggedQuery[] {
  const form = FORMS.find(({ looks }) => looks.test(text.slice(0, 20_000)));
  const found = new Map<string, LoggedQuery>();
  for (const query of form?.read(text) ?? []) {
    if (!found.has(query.sql)) found.set(query.sql, query);
    if (found.size >= MOST) break;
  }
  return [...found.values()];
}

/** An array of objects, or one a line, each with `query`. */
function* jsonQueries(text: string): Iterable<LoggedQuery> {
  for (const match of text.matchAll(/"query"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
    const sql: unknown = JSON.parse(match[1] ?? '""');
    if (typeof sql === "string") yield { sql, offset: match.index };
  }
}

/** A table whose head names the column `query`. */
function* csvQueries(text: string): Iterable<LoggedQuery> {
  const head = text.slice(0, text.indexOf("\n"));
  const separator = [",", ";", "\t"].find((sign) => head.includes(sign)) ?? ",";
  let column: number | null = null;
  for (const row of csvRows(text, separator)) {
    if (column === null) {
      column = row.findIndex(({ value }) => /^query$/i.test(value.trim()));
      if (column < 0) return;
      continue;
    }
    const cell = row[column];
    if (cell !== undefined && cell.value !== "") yield { sql: cell.value, offset: cell.offset };
  }
}

interface Cell {
  readonly value: string;
  readonly offset: number;
}

function* csvRows(text: string, separator: string): Iterable<readonly Cell[]> {
  let row: Cell[] = [];
  let at = 0;
  while (at < text.length) {
    const offset = at;
    let value = "";
    if (text[at] === '"') {
      at++;
      for (; at < text.length; at++) {
        if (text[at] !== '"') value += text[at];
        else if (text[at + 1] === '"') value += text[at++];
        else break;
      }
      at++;
    } else {
      while (at < text.length && text[at] !== separator && text[at] !== "\n") value += text[at++];
    }
    row.push({ value: value.replace(/\r$/, ""), offset });
    while (at < text.length && text[at] !== separator && text[at] !== "\n") at++;
    if (text[at] === "\n" || at >= text.length) {
      yield row;
      row = [];
    }
    at++;
  }
  if (row.length > 0) yield row;
}

/** Statements between lines that begin with `#`, settings left out. */
function* slowLogQueries(text: string): Iterable<LoggedQuery> {
  let sql = "";
  let offset = 0;
  let at = 0;
  for (const line of text.split("\n")) {
    const begun = at;
    at += line.length + 1;
    if (line.startsWith("#") || /^(?:SET timestamp=|use \S+;)/i.test(line)) {
      if (sql !== "") yield { sql: sql.trim(), offset };
      sql = "";
      continue;
    }
    if (sql === "") offset = begun;
    sql += `${line}\n`;
    if (line.trimEnd().endsWith(";")) {
      yield { sql: sql.trim(), offset };
      sql = "";
    }
  }
  if (sql.trim() !== "") yield { sql: sql.trim(), offset };
}

/** `LOG:  duration: 1 ms  statement: SELECT ...`, further lines indented by a tab. */
function* serverLogQueries(text: string): Iterable<LoggedQuery> {
  const line = /(?:statement|execute [^:\n]*): ([^\n]*(?:\n\t[^\n]*)*)/g;
  for (const match of text.matchAll(line)) {
    const sql = (match[1] ?? "").replaceAll("\n\t", "\n ").trim();
    yield { sql, offset: match.index + match[0].indexOf(match[1] ?? "") };
  }
}
