/** How source code of programming languages is cut into words, strings and comments: data for the one scanner of code. */

/** One way to write a string. */
export interface StringForm {
  /** Sticky. What it captures may stand in `close` as `$1`. */
  readonly open: RegExp;
  readonly close: string;
  /** `double`: the closing mark is written twice. */
  readonly escape: "backslash" | "double" | "none";
  /** May go on over the end of a line. */
  readonly isLong?: true;
  /** What opens and closes an expression inside; `name` is a bare name behind a dollar. */
  readonly holes?: readonly ("${" | "#{" | "{" | "{$" | "name")[];
  /** The text begins on the next line, and ends with the line that is `close`. */
  readonly isHeredoc?: true;
}

/** A language, or a kind of text. */
export interface Language {
  readonly name: string;
  /** Ends of file names. */
  readonly extensions: readonly string[];
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  readonly strings: readonly StringForm[];
  /** Has patterns between slashes. */
  readonly hasPatterns?: true;
  /** A template or the like: only its words are looked at. */
  readonly isPlain?: true;
}

const SLASHES = { lineComments: ["//"], blockComments: [["/*", "*/"]] } as const;
const DOUBLE: StringForm = { open: /"/y, close: '"', escape: "backslash" };
const SINGLE: StringForm = { open: /'/y, close: "'", escape: "backslash" };
const TRIPLE: StringForm = { open: /"""/y, close: '"""', escape: "none", isLong: true };

const SCRIPT = {
  ...SLASHES,
  strings: [DOUBLE, SINGLE, {
    open: /`/y,
    close: "`",
    escape: "backslash",
    isLong: true,
    holes: ["${"],
  }],
  hasPatterns: true,
} as const satisfies Omit<Language, "name" | "extensions">;

/** All languages that are read; SQL is read by the dialect's own lexicon. */
const LANGUAGES: readonly Language[] = [
  { name: "TypeScript", extensions: [".ts", ".tsx", ".mts", ".cts"], ...SCRIPT },
  { name: "JavaScript", extensions: [".js", ".jsx", ".mjs", ".cjs"], ...SCRIPT },
  {
    name: "Python",
    extensions: [".py"],
    lineComments: ["#"],
    blockComments: [],
    strings: [
      {
        open: /[fF][rR]?"""|[rR][fF]"""/y,
        close: '"""',
        escape: "backslash",
        isLong: true,
        holes: ["{"],
      },
      {
        open: /[fF][rR]?'''|[rR][fF]'''/y,
        close: "'''",
        escape: "backslash",
        isLong: true,
        holes: ["{"],
      },
      { open: /[rRbBuU]{0,2}"""/y, close: '"""', escape: "backslash", isLong: true },
      { open: /[rRbBuU]{0,2}'''/y, close: "'''", escape: "backslash", isLong: true },
      { open: /[fF][rR]?"|[rR][fF]"/y, close: '"', escape: "backslash", holes: ["{"] },
      { open: /[fF][rR]?'|[rR][fF]'/y, close: "'", escape: "backslash", holes: ["{"] },
      { open: /[rRbBuU]{0,2}"/y, close: '"', escape: "backslash" },
      { open: /[rRbBuU]{0,2}'/y, close: "'", escape: "backslash" },
    ],
  },
  {
    name: "Go",
    extensions: [".go"],
    ...SLASHES,
    strings: [DOUBLE, { open: /`/y, close: "`", escape: "none", isLong: true }, SINGLE],
  },
  { name: "Java", extensions: [".java"], ...SLASHES, strings: [TRIPLE, DOUBLE, SINGLE] },
  {
    name: "Kotlin",
    extensions: [".kt", ".kts"],
    ...SLASHES,
    strings: [
      { ...TRIPLE, holes: ["${", "name"] },
      { ...DOUBLE, holes: ["${", "name"] },
      SINGLE,
    ],
  },
  {
    name: "Ruby",
    extensions: [".rb", ".rake"],
    lineComments: ["#"],
    blockComments: [["\n=begin", "\n=end"]],
    strings: [
      { open: /<<[~-]?'([A-Z][A-Z0-9_]*)'/y, close: "$1", escape: "none", isHeredoc: true },
      {
        open: /<<[~-]?"?([A-Z][A-Z0-9_]*)"?/y,
        close: "$1",
        escape: "none",
        isHeredoc: true,
        holes: ["#{"],
      },
      { open: /%[qQ]?\{/y, close: "}", escape: "backslash", isLong: true, holes: ["#{"] },
      { open: /%[qQ]?\((?=[^)\s])/y, close: ")", escape: "backslash", isLong: true, holes: ["#{"] },
      { ...DOUBLE, isLong: true, holes: ["#{"] },
      { ...SINGLE, isLong: true },
    ],
    hasPatterns: true,
  },
  {
    name: "Rust",
    extensions: [".rs"],
    ...SLASHES,
    strings: [
      { open: /b?r(#*)"/y, close: '"$1', escape: "none", isLong: true },
      { open: /b?"/y, close: '"', escape: "backslash", isLong: true },
      { open: /'(?=\\.|[^'\\\n]')/y, close: "'", escape: "backslash" },
    ],
  },
  {
    name: "PHP",
    extensions: [".php"],
    lineComments: ["//", "#"],
    blockComments: [["/*", "*/"]],
    strings: [
      { open: /<<<[ \t]*'(\w+)'/y, close: "$1", escape: "none", isHeredoc: true },
      {
        open: /<<<[ \t]*"?(\w+)"?/y,
        close: "$1",
        escape: "none",
        isHeredoc: true,
        holes: ["${", "{$", "name"],
      },
      { ...DOUBLE, isLong: true, holes: ["${", "{$", "name"] },
      { ...SINGLE, isLong: true },
    ],
  },
  {
    name: "C#",
    extensions: [".cs"],
    ...SLASHES,
    strings: [
      { open: /\$+"""/y, close: '"""', escape: "none", isLong: true, holes: ["{"] },
      TRIPLE,
      { open: /\$@"|@\$"/y, close: '"', escape: "double", isLong: true, holes: ["{"] },
      { open: /@"/y, close: '"', escape: "double", isLong: true },
      { open: /\$"/y, close: '"', escape: "backslash", holes: ["{"] },
      DOUBLE,
      SINGLE,
    ],
  },
  {
    name: "Prisma",
    extensions: [".prisma"],
    lineComments: ["//"],
    blockComments: [],
    strings: [DOUBLE],
  },
  {
    name: "template",
    extensions: [
      ".html",
      ".htm",
      ".erb",
      ".vue",
      ".svelte",
      ".haml",
      ".slim",
      ".jinja",
      ".jinja2",
      ".j2",
      ".twig",
      ".ejs",
      ".hbs",
      ".mustache",
      ".cshtml",
      ".jsp",
      ".ftl",
      ".tmpl",
      ".gotmpl",
      ".xml",
      ".graphql",
      ".gql",
      ".jbuilder",
    ],
    lineComments: [],
    blockComments: [["<!--", "-->"]],
    strings: [],
    isPlain: true,
  },
];

const BY_EXTENSION = new Map(
  LANGUAGES.flatMap((language) => language.extensions.map((end) => [end, language] as const)),
);

/** The language of a file, by the end of its name, or the program that its first line names; null where it is none that is read. */
export function languageOf(path: string, text = ""): Language | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  if (dot >= 0) return BY_EXTENSION.get(name.slice(dot)) ?? null;
  const program = /^#!.*\b(ruby|python|node|php)[\d.]*\b/.exec(text)?.[1];
  return program === undefined ? null : BY_EXTENSION.get(PROGRAMS[program] ?? "") ?? null;
}

const PROGRAMS: Readonly<Record<string, string>> = {
  ruby: ".rb",
  python: ".py",
  node: ".js",
  php: ".php",
};

/** Whether a file holds SQL by its name. */
export function isSqlFile(path: string): boolean {
  return /\.(?:sql|pgsql|psql)$/i.test(path);
}
