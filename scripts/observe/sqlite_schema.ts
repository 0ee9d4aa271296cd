/** What SQLite's own `.schema` says of a database, normalised by tokens: the observer that knows nothing of aim. */

/** A row of `sqlite_schema`. */
export interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

/** The query that `.schema` makes. */
export const SCHEMA_QUERY = `
  SELECT type, name, tbl_name, sql
  FROM sqlite_schema
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
`;

/**
 * The statements in alphabetical order, each as tokens: comments, blanks, case and quoting of names taken out, columns and
 * constraints of a table sorted, a column's own constraints written as the table's, what is the default left out.
 */
export function normalSchema(rows: readonly SchemaRow[]): string {
  return rows.map(({ sql }) => normalStatement(tokensOf(sql ?? ""))).sort().join("\n");
}

function normalStatement(tokens: readonly string[]): string {
  const words = withoutNoise(tokens);
  if (words[1] === "table") return normalTable(words);
  if (words[1] === "trigger") return words.join(" ").replace(/ for each row(?= when | begin )/, "");
  return (words.includes("index") ? words.filter((word) => word !== "asc") : words).join(" ");
}

function withoutNoise(tokens: readonly string[]): string[] {
  const words = tokens.filter((token) => token !== ";");
  if (words[1] === "temp" || words[1] === "temporary") words.splice(1, 1);
  const at = words.findIndex((word, index) =>
    word === "if" && words[index + 1] === "not" && words[index + 2] === "exists"
  );
  if (at > 0 && at < 5) words.splice(at, 3);
  // Modules write the names of their shadow tables as strings, a rename as names.
  const text = words[0] === "create" && words[1] === "table"
    ? /^'(.*)'$/s.exec(words[2] ?? "")?.[1]
    : undefined;
  if (text !== undefined) words[2] = text.replaceAll("''", "'").toLowerCase();
  return words;
}

function normalTable(words: readonly string[]): string {
  const open = words.indexOf("(");
  if (open < 0) return words.join(" ");
  const { items, end } = membersOf(words, open + 1);
  const table = words[open - 1] ?? "";
  const lines = items.flatMap((item) => normalMember(unqualified(item, table))).sort();
  const options = words.slice(end + 1).join(" ").split(" , ").filter((option) => option !== "");
  return [
    `${words.slice(0, open).join(" ")} (`,
    ...lines.map((line) => `  ${line}`),
    `) ${options.sort().join(", ")}`,
  ].join("\n");
}

/** A table's own expressions may name it before a column. */
function unqualified(item: readonly string[], table: string): string[] {
  return item.filter((word, at) =>
    !(word === table && item[at + 1] === "." && item[at - 1] !== ".") &&
    !(word === "." && item[at - 1] === table && item[at - 2] !== ".")
  );
}

/** Cuts at the commas between members. */
function membersOf(words: readonly string[], from: number): { items: string[][]; end: number } {
  const items: string[][] = [];
  let item: string[] = [];
  let depth = 0;
  let at = from;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === ")" && depth === 0) break;
    if (word === "(") depth++;
    if (word === ")") depth--;
    if (word === "," && depth === 0) {
      items.push(item);
      item = [];
    } else {
      item.push(word);
    }
  }
  items.push(item);
  return { items, end: at };
}

const TABLE_CONSTRAINTS = new Set(["constraint", "primary", "unique", "check", "foreign"]);

function normalMember(item: readonly string[]): string[] {
  // SQLite allows constraints without commas between them.
  if (TABLE_CONSTRAINTS.has(item[0] ?? "")) return constraintsOf(item);
  return normalColumn(item);
}

function constraintsOf(item: readonly string[]): string[] {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at <= item.length; at++) {
    const word = item[at];
    const starts = depth === 0 && at > from && item[at - 2] !== "constraint" &&
      TABLE_CONSTRAINTS.has(word ?? "");
    if (at === item.length || starts) {
      found.push(normalConstraint(item.slice(from, at)));
      from = at;
    }
    if (word === "(") depth++;
    if (word === ")") depth--;
  }
  return found;
}

function normalConstraint(words: readonly string[]): string {
  return withoutDefaults(words.filter((word) => word !== "asc").join(" "));
}

function withoutDefaults(text: string): string {
  const actions = [...text.matchAll(REFERENTIAL_ACTION)].map(([action]) => action).sort().join("");
  return text
    .replaceAll(REFERENTIAL_ACTION, "")
    .replaceAll(/ on (?:delete|update) no action/g, "")
    .replaceAll(/ not deferrable(?: initially \w+)?/g, "")
    .replaceAll(/ deferrable(?! initially deferred)(?: initially immediate)?/g, "")
    .replaceAll(/ on conflict abort/g, "")
    .replace(/((?:^| )references \S+(?: \([^()]*\))?)/, `$1${actions}`)
    .replace(/\( (.*) autoincrement \)/, "( $1 ) autoincrement")
    .trim();
}

const REFERENTIAL_ACTION = / on (?:delete|update) (?:cascade|restrict|set null|set default)/g;

const COLUMN_CONSTRAINTS = new Set(
  "constraint primary not null unique check default collate references generated as".split(" "),
);

/** The column as name, type and plain properties, and its keys, checks and references as if they were the table's. */
function normalColumn(item: readonly string[]): string[] {
  const name = item[0] ?? "";
  let at = 1;
  const take = (stop: ReadonlySet<string>) => {
    const taken: string[] = [];
    for (let depth = 0; at < item.length; at++) {
      const word = item[at] ?? "";
      if (depth === 0 && taken.length > 0 && stop.has(word) && !continues(item, at)) break;
      if (word === "(") depth++;
      if (word === ")") depth--;
      taken.push(word);
    }
    return taken;
  };
  const type: string[] = [];
  while (at < item.length && !COLUMN_CONSTRAINTS.has(item[at] ?? "")) {
    type.push(...(item[at] === "(" ? take(new Set(COLUMN_CONSTRAINTS)) : [item[at++] ?? ""]));
  }
  const properties: string[] = [];
  const constraints: string[] = [];
  let label = "";
  while (at < item.length) {
    const words = take(COLUMN_CONSTRAINTS);
    if (words[0] === "constraint") {
      label = `constraint ${words[1]} `;
      continue;
    }
    const [kind, text] = columnConstraint(name, words);
    (kind === "property" ? properties : constraints).push(
      kind === "property" ? text : `${label}${text}`,
    );
    label = "";
  }
  return [
    [name, type.join(" "), ...properties.filter((text) => text !== "").sort()].join(" | "),
    ...constraints,
  ];
}

/** Words that belong to the constraint before them: `NOT NULL`, `SET NULL`, `SET DEFAULT`, `NOT DEFERRABLE`, `ALWAYS AS`. */
function continues(item: readonly string[], at: number): boolean {
  const [before, word, after] = [item[at - 1], item[at], item[at + 1]];
  if (word === "null") return before === "not" || before === "set" || before === "default";
  if (word === "default") return before === "set";
  if (word === "as") return before === "always";
  if (word === "not") return after === "deferrable";
  return false;
}

function columnConstraint(
  column: string,
  words: readonly string[],
): readonly ["property" | "constraint", string] {
  const text = withoutDefaults(words.filter((word) => word !== "asc").join(" "));
  switch (words[0]) {
    case "primary":
      return ["constraint", text.replace(/^primary key( desc)?/, `primary key ( ${column}$1 )`)];
    case "unique":
      return ["constraint", text.replace(/^unique/, `unique ( ${column} )`)];
    case "check":
      return ["constraint", text];
    case "references":
      return ["constraint", `foreign key ( ${column} ) ${text}`];
    case "null":
      return ["property", ""];
    case "collate":
      return ["property", text === "collate binary" ? "" : text];
    case "default":
      return ["property", text.replace(/^default \( (.*) \)$/, "default $1")];
    case "generated":
    case "as":
      return ["property", text.replace(/^generated always /, "").replace(/ virtual$/, "")];
    default:
      return ["property", text];
  }
}

/** Strings as they are; names without quotes and in lower case; the rest in lower case. */
function tokensOf(sql: string): string[] {
  const tokens: string[] = [];
  const pattern =
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|([xX]?'(?:[^']|'')*')|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\w$\u0080-\uffff]+(?:\.\d+)?)|(->>|->|\|\||<=|>=|<>|!=|==|<<|>>)|([\s\S])/g;
  for (const [, string, double, back, square, word, operator, other] of sql.matchAll(pattern)) {
    const quoted = double?.replaceAll('""', '"') ?? back?.replaceAll("``", "`") ?? square;
    const token = string ?? (quoted ?? word)?.toLowerCase() ?? operator ?? other;
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}
